/**
 * Whether two trials are the same computation: `fingerprint` for `reuse` and `resume`, and `differences` to say what has
 * changed when they are not. Called by the hub; pure. The order of keywords and the rest of the file do not count.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Json } from '../catalogue.ts'
import { own } from '../checks/tags.ts'
import type { ComponentNode, ConfigNode, ResolvedBlock } from '../config.ts'
import type { Plan, Variant } from '../plan.ts'
import { resolve } from './resolve.ts'

/** Hashes of what lies outside of the file, by the names of the plan's resources (`code:...` too) and extensions. */
export interface Hashes {
  readonly resources: { readonly [name: string]: string }
  readonly extensions: { readonly [name: string]: string }
}

/**
 * SHA-256 (hex) over the resolved configuration of the block and its ancestors, the hashes of the resources and extensions that it
 * uses, and what its seed is made of. What has no hash (a `!cluster` path, a URL) counts by its location.
 */
export function fingerprint(plan: Plan, block: string, variant: Variant, hashes: Hashes): string {
  const config = resolve(plan, variant)
  if (config.at(-1)?.id !== block) throw new Error(`variant ${variant.id} is not one of block ${block}`)
  const used = { roots: new Set<string>(), tags: new Set<string>() }
  const blocks = config.map(part => [part.id, canonicalBlock(part, used)])
  const resources = plan.resources
    .filter(({ name }) => used.roots.has(name))
    .map(({ name, location }): Json => [name, own(hashes.resources, name) ?? location])
  const extensions = plan.extensions
    .filter(({ name }) => used.tags.has(name))
    .map(({ name, location }): Json => [name, own(hashes.extensions, name) ?? location])
  const seeds = [plan.seed, variant.id, ...Object.entries(variant.ancestors).sort().flat()]
  const form = ['flambe-fingerprint-1', blocks, sorted(resources), sorted(extensions), seeds]
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(form))))
}

/** SHA-256 (hex) of what a manifest holds: paths and contents, in any order. What `Hashes` and a pinned extension say. */
export function contentHash({ kind, files }: Content): string {
  const listed = files.map(({ path, sha256: hash }) => [path, hash]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([kind, listed]))))
}

interface Content {
  readonly kind: string
  readonly files: readonly { readonly path: string; readonly sha256: string }[]
}

interface Used {
  readonly roots: Set<string>
  /** First parts of tags. */
  readonly tags: Set<string>
}

/** Keywords in the order of their names, shared components by the order in which that meets them. */
function canonicalBlock({ root }: ResolvedBlock, used: Used): Json {
  const written = new Map<number, ComponentNode>()
  collect(root, written)
  const numbers = new Map<number, number>()
  const component = (id: number): Json => {
    const known = numbers.get(id)
    if (known !== undefined) return ['same', known]
    numbers.set(id, numbers.size)
    const node = written.get(id)
    if (node === undefined) throw new Error('a shared component has its first place in the same block')
    used.tags.add(node.tag.split('.')[0] ?? '')
    return ['component', node.tag, node.factory, pairs(node.args)]
  }
  const pairs = (entries: readonly (readonly [string, ConfigNode])[]): Json =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, form(value)])
  const form = (node: ConfigNode): Json => {
    switch (node.kind) {
      case 'scalar':
        return node.value
      case 'number':
        return ['number', node.value]
      case 'list':
        return ['list', node.items.map(form)]
      case 'map':
        return ['map', pairs(node.entries)]
      case 'link':
        used.roots.add(node.root)
        return ['link', node.root, node.keys, node.attributes, node.call]
      default:
        return component(node.id)
    }
  }
  return form(root)
}

function collect(node: ConfigNode, into: Map<number, ComponentNode>): void {
  if (node.kind === 'component') {
    into.set(node.id, node)
    for (const [, value] of node.args) collect(value, into)
  } else if (node.kind === 'list') for (const item of node.items) collect(item, into)
  else if (node.kind === 'map') for (const [, value] of node.entries) collect(value, into)
}

function sorted(items: readonly Json[]): readonly Json[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}
