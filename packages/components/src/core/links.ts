/**
 * Follows a link: bracket steps through the written configuration (of this block or, over other links, of others), then
 * attributes on the built object. Only own, declared fields can be read; nothing of a prototype, a list or a string.
 */
import type { ComponentNode, ConfigNode, LinkNode } from '@flambe/language'
import { Component, type ComponentClass } from './component.ts'
import { chain } from './construct.ts'
import { ConfigurationError } from './failure.ts'
import { isPlain } from './values.ts'

/** What links need of a block that is built or being built. */
export interface Linkable {
  readonly root: ComponentNode
  /** The block (as this one sees it) or resource path that a link's root names. */
  find(name: string): Linkable | string | undefined
  /** The node that an alias stands for. */
  aliased(id: number): ComponentNode | undefined
  /** The built value of a node; undefined when it is not built (yet). */
  value(node: ConfigNode): { readonly value: unknown } | undefined
}

/** Where a built component was written: lets a bracket step go on behind an attribute. */
export const places = new WeakMap<Component, { readonly block: Linkable; readonly node: ComponentNode }>()

type Cursor = { readonly block: Linkable; readonly node: ConfigNode } | { readonly value: unknown }

export function follow(link: LinkNode, from: Linkable, trail: readonly LinkNode[] = []): unknown {
  if (trail.includes(link)) throw wrong(link, 'it leads back to itself')
  const way = [...trail, link]
  const start = built(brackets(link, from, way), link, way)
  const names = link.call ? link.attributes.slice(0, -1) : link.attributes
  let value = start
  for (const name of names) value = attribute(value, name, link)
  if (!link.call) return value
  const method = link.attributes.at(-1)
  if (method === undefined) throw wrong(link, 'there is no method to call')
  if (!(value instanceof Component) || !callableOf(value.constructor as ComponentClass).includes(method))
    throw wrong(link, `"${method}" is not a method that !call may call`)
  return (value as unknown as { [name: string]: () => unknown })[method]?.()
}

function brackets(link: LinkNode, from: Linkable, way: readonly LinkNode[]): Cursor {
  const target = from.find(link.root)
  if (target === undefined) throw wrong(link, `there is no block or resource "${link.root}"`)
  if (typeof target === 'string') {
    if (link.keys.length + link.attributes.length > 0) throw wrong(link, 'a resource is a path and has no parts')
    return { value: target }
  }
  let cursor: Cursor = { block: target, node: target.root }
  for (const key of link.keys) cursor = step(settle(cursor, link, way), key, link)
  return cursor
}

/** Aliases and links replaced by what they stand for. */
function settle(cursor: Cursor, link: LinkNode, way: readonly LinkNode[]): Cursor {
  if (!('node' in cursor)) {
    const place = cursor.value instanceof Component ? places.get(cursor.value) : undefined
    return place ?? cursor
  }
  const { block, node } = cursor
  if (node.kind === 'same') {
    const target = block.aliased(node.id)
    if (target === undefined) throw wrong(link, 'an alias leads nowhere')
    return { block, node: target }
  }
  if (node.kind !== 'link') return cursor
  if (way.includes(node)) throw wrong(link, 'it leads back to itself')
  if (node.attributes.length > 0 || node.call) return settle({ value: follow(node, block, way) }, link, way)
  const further = [...way, node]
  return settle(brackets(node, block, further), link, further)
}

function step(cursor: Cursor, key: string | number, link: LinkNode): Cursor {
  const missing = () => wrong(link, `there is no [${key}]`)
  if ('node' in cursor) {
    const { block, node } = cursor
    if (node.kind === 'list') {
      const item = typeof key === 'number' || /^\d+$/.test(key) ? node.items[Number(key)] : undefined
      if (item === undefined) throw missing()
      return { block, node: item }
    }
    if (node.kind !== 'map' && node.kind !== 'component') throw missing()
    const pairs = node.kind === 'map' ? node.entries : node.args
    const pair = pairs.find(([name]) => name === String(key))
    if (pair === undefined) throw missing()
    return { block, node: pair[1] }
  }
  const { value } = cursor
  if (Array.isArray(value) && Number(key) in value) return { value: value[Number(key)] }
  if (value !== null && typeof value === 'object' && isPlain(value) && Object.hasOwn(value, key))
    return { value: value[key] }
  throw missing()
}

function built(cursor: Cursor, link: LinkNode, way: readonly LinkNode[]): unknown {
  const settled = settle(cursor, link, way)
  if (!('node' in settled)) return settled.value
  const found = settled.block.value(settled.node)
  if (found === undefined)
    throw wrong(
      link,
      'its target is not built at this point: it stands later in the block, or the link is a part of it',
    )
  return found.value
}

const FORBIDDEN = ['__proto__', 'constructor', 'prototype']

function attribute(value: unknown, name: string, link: LinkNode): unknown {
  const refused = () => {
    const what = value instanceof Component ? value.constructor.name : Array.isArray(value) ? 'a list' : typeof value
    return wrong(link, `${what} has no attribute "${name}" that may be linked`)
  }
  if (FORBIDDEN.includes(name) || value === null || typeof value !== 'object') throw refused()
  if (value instanceof Component) {
    const declared = attributesOf(value.constructor as ComponentClass)
    const own = Object.hasOwn(value, name)
    const readable = Array.isArray(declared) ? declared.includes(name) && (own || hasGetter(value, name)) : own
    if (!readable) throw refused()
  } else if (!isPlain(value) || !Object.hasOwn(value, name)) throw refused()
  return (value as { [name: string]: unknown })[name]
}

/** A declared attribute may be computed, but a method is not an attribute. */
function hasGetter(value: object, name: string): boolean {
  for (let p = Object.getPrototypeOf(value); p !== null; p = Object.getPrototypeOf(p)) {
    const found = Object.getOwnPropertyDescriptor(p, name)
    if (found !== undefined) return found.get !== undefined
  }
  return false
}

/** Declared attributes with those of the bases; null when nothing is declared: any own field, checked when built. */
export function attributesOf(cls: ComponentClass): readonly string[] | '*' | null {
  const lists = chain(cls).flatMap(c =>
    Object.hasOwn(c, 'attributes') && c.attributes !== undefined ? [c.attributes] : [],
  )
  if (lists.length === 0) return null
  return lists.includes('*') ? '*' : [...new Set(lists.flat())]
}

export function callableOf(cls: ComponentClass): readonly string[] {
  return [...new Set(chain(cls).flatMap(c => (Object.hasOwn(c, 'callable') ? c.callable : [])))]
}

function wrong(link: LinkNode, why: string): ConfigurationError {
  const keys = link.keys.map(k => `[${k}]`).join('')
  const text = `${link.root}${keys}${link.attributes.map(a => `.${a}`).join('')}`
  return new ConfigurationError(`the link ${link.call ? '!call' : '!@'} ${text} does not work: ${why}`, link.path)
}
