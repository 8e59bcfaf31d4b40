/**
 * Builds one block of a resolved configuration: keywords in document order, children first. What a link to another block
 * gives is decided by whoever builds it (compile.ts): `others` maps block ids to blocks that are built already.
 */
import type { ComponentNode, ConfigNode, ResolvedBlock } from '@flambe/language'
import { reachable } from './children.ts'
import { Component } from './component.ts'
import { classFor, construct } from './construct.ts'
import { ConfigurationError } from './failure.ts'
import { follow, type Linkable, places } from './links.ts'

export interface Surroundings {
  readonly others: ReadonlyMap<string, Block>
  /** Paths of resources by name. */
  readonly resources: { readonly [name: string]: string }
}

/** Which block a component was built by. A component that a constructor made belongs to the block of its parent. */
const owners = new WeakMap<Component, Block>()
export const ownerOf = (component: Component): Block | undefined => owners.get(component)

export class Block implements Linkable {
  readonly written: ResolvedBlock
  /** Blocks that links of this one have reached: what this block's objects may share with others. */
  readonly used = new Map<string, Block>()
  readonly #around: Surroundings
  readonly #byId = new Map<number, ComponentNode>()
  /** Values by node, so that links and aliases find the very same objects. */
  readonly #values = new Map<ConfigNode, unknown>()
  readonly #open = new Set<ConfigNode>()

  constructor(written: ResolvedBlock, around: Surroundings) {
    this.written = written
    this.#around = around
  }

  get root(): ComponentNode {
    return this.written.root
  }

  get component(): Component {
    return this.#values.get(this.root) as Component
  }

  /** What was built so far, and what holds on to it. */
  get components(): ReadonlySet<Component> {
    const found = new Set<Component>()
    for (const value of this.#values.values())
      if (value instanceof Component) for (const component of reachable(value)) found.add(component)
    return found
  }

  async build(): Promise<this> {
    await this.#build(this.root)
    this.claim()
    return this
  }

  /** Components that nobody owns yet and that this block's own components hold become this block's. */
  claim(): void {
    for (const value of this.#values.values())
      if (value instanceof Component && places.get(value)?.block === this)
        for (const component of reachable(value)) if (!owners.has(component)) owners.set(component, this)
  }

  find(name: string): Linkable | string | undefined {
    if (name === this.written.id) return this
    const other = this.#around.others.get(name)
    if (other !== undefined) {
      this.used.set(name, other)
      return other
    }
    return Object.hasOwn(this.#around.resources, name) ? this.#around.resources[name] : undefined
  }

  aliased(id: number): ComponentNode | undefined {
    return this.#byId.get(id)
  }

  value(node: ConfigNode): { readonly value: unknown } | undefined {
    if (node.kind === 'scalar' || node.kind === 'number') return { value: scalar(node) }
    return this.#values.has(node) ? { value: this.#values.get(node) } : undefined
  }

  async #build(node: ConfigNode): Promise<unknown> {
    if (this.#values.has(node)) return this.#values.get(node)
    const value = await this.#make(node)
    this.#values.set(node, value)
    return value
  }

  async #make(node: ConfigNode): Promise<unknown> {
    switch (node.kind) {
      case 'scalar':
      case 'number':
        return scalar(node)
      case 'list': {
        const items: unknown[] = []
        for (const item of node.items) items.push(await this.#build(item))
        return items
      }
      case 'map': {
        const map: { [key: string]: unknown } = Object.create(null)
        for (const [key, item] of node.entries) map[key] = await this.#build(item)
        return map
      }
      case 'same': {
        const target = this.#byId.get(node.id)
        if (target === undefined) throw new ConfigurationError('an alias stands before what it names', this.root.path)
        return this.#build(target)
      }
      case 'link':
        return follow(node, this)
      case 'component':
        return this.#component(node)
    }
  }

  async #component(node: ComponentNode): Promise<Component> {
    if (this.#open.has(node)) throw new ConfigurationError('it is part of itself', node.path)
    this.#open.add(node)
    this.#byId.set(node.id, node)
    const keywords = new Map(node.args)
    await classFor(node).precompile?.({
      names: [...keywords.keys()],
      build: async name => {
        const keyword = keywords.get(name)
        return keyword === undefined ? undefined : this.#build(keyword)
      },
    })
    const args = new Map<string, unknown>()
    for (const [name, keyword] of node.args) args.set(name, await this.#build(keyword))
    const component = await construct(node, args)
    places.set(component, { block: this, node })
    if (!owners.has(component)) owners.set(component, this)
    this.#open.delete(node)
    return component
  }
}

const NUMBERS = { '.nan': Number.NaN, '.inf': Number.POSITIVE_INFINITY, '-.inf': Number.NEGATIVE_INFINITY }

const scalar = (node: Extract<ConfigNode, { kind: 'scalar' | 'number' }>) =>
  node.kind === 'number' ? NUMBERS[node.value] : node.value
