/** Where in the tree a place of the text is: the keys that lead there and the nodes that they stand in. Shared by this folder. */
import type { Catalogue, CatalogueParam } from '../catalogue.ts'
import { lookUp } from '../checks/tags.ts'
import { type AstEntry, type AstNode, type AstTarget, deref } from '../reader/ast.ts'

export interface Step {
  readonly owner: AstTarget
  /** A key of a map or component, a place of a list or grid. */
  readonly key: string | number
}

export type Trail = readonly Step[]

/** Every node where it is written, with the way to it; ends when `see` says so. */
export function walkTrails(
  root: AstTarget,
  see: (node: AstNode, trail: Trail, entry: AstEntry | null) => boolean,
): void {
  const visit = (node: AstNode, trail: Trail, entry: AstEntry | null): boolean => {
    if (see(node, trail, entry)) return true
    if (node.kind === 'map' || node.kind === 'component') {
      return node.entries.some(each => visit(each.value, [...trail, { owner: node, key: each.key }], each))
    }
    if (node.kind === 'list' || node.kind === 'grid') {
      return node.items.some((item, key) => visit(item, [...trail, { owner: node, key }], null))
    }
    return false
  }
  visit(root, [], null)
}

/** The keyword of a component that the way leads into, through lists and grids; null when it goes on inside of a map. */
export function paramAt(
  trail: Trail,
  catalogue: Catalogue,
): { readonly param: CatalogueParam; readonly inList: boolean } | null {
  let inList = false
  for (let i = trail.length - 1; i >= 0; i -= 1) {
    const { owner, key } = trail[i] as Step
    if (owner.kind === 'list') inList = true
    else if (owner.kind === 'component') {
      const param = lookUp(owner.tag, catalogue)?.params.find(({ name }) => name === key)
      return param === undefined ? null : { param, inList }
    } else if (owner.kind !== 'grid') return null
  }
  return null
}

/** The key of the experiment that the way starts with, and the next one: the block in `pipeline.block`. */
export function headOf(trail: Trail): { readonly key: string; readonly block: string } {
  return { key: String(trail[0]?.key ?? ''), block: String(trail[1]?.key ?? '') }
}

export interface Names {
  readonly blocks: readonly AstEntry[]
  readonly resources: readonly AstEntry[]
}

export function namesOf(root: AstTarget): Names {
  const entriesOf = (key: string): readonly AstEntry[] => {
    const entry = 'entries' in root ? root.entries.find(each => each.key === key) : undefined
    const value = entry === undefined ? undefined : deref(entry.value)
    return value?.kind === 'map' ? value.entries : []
  }
  return { blocks: entriesOf('pipeline'), resources: entriesOf('resources') }
}

const MOST_LINKS = 8

/** The node at the end of a bracket path, with its entry where it has one; options stand for their first alternative. */
export function follow(
  names: Names,
  root: string,
  keys: readonly string[],
  depth = 0,
): { readonly node: AstTarget; readonly entry: AstEntry | null } | null {
  let entry = names.blocks.find(block => block.key === root) ?? null
  let node = entry === null ? null : deref(entry.value)
  for (const key of keys) {
    while (node?.kind === 'grid') node = node.items[0] === undefined ? null : deref(node.items[0])
    if (node?.kind === 'link' && depth < MOST_LINKS) {
      node = node.attributes.length > 0 ? null : (follow(names, node.root, node.keys, depth + 1)?.node ?? null)
    }
    if (node === null) return null
    if (node.kind === 'list') {
      const item: AstNode | undefined = node.items[Number(key)]
      if (item === undefined) return null
      node = deref(item)
      entry = null
      continue
    }
    entry =
      node.kind === 'map' || node.kind === 'component' ? (node.entries.find(each => each.key === key) ?? null) : null
    if (entry === null) return null
    node = deref(entry.value)
  }
  return node === null ? null : { node, entry }
}
