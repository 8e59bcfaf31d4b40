/** What the catalogue knows of a tag: `Class` or `Class.factory`. Used by every check of components, and by the tree. */
import type { Catalogue, CatalogueEntry, CatalogueParam } from '../catalogue.ts'

export interface KnownTag {
  readonly entry: CatalogueEntry
  /** The class tag as written, without the factory. */
  readonly tag: string
  readonly factory: string | null
  readonly params: readonly CatalogueParam[]
  readonly open: boolean
}

export function lookUp(tag: string, catalogue: Catalogue): KnownTag | null {
  const entry = own(catalogue.components, tag)
  if (entry !== undefined) return { entry, tag, factory: null, params: entry.params, open: entry.open }
  const [className, factory] = splitFactory(tag)
  const owner = own(catalogue.components, className)
  if (owner === undefined || factory === '') return null
  const made = own(owner.factories, factory)
  if (made === undefined) return null
  return { entry: owner, tag: className, factory, params: made.params, open: made.open }
}

export function splitFactory(tag: string): [string, string] {
  const dot = tag.lastIndexOf('.')
  return dot === -1 ? [tag, ''] : [tag.slice(0, dot), tag.slice(dot + 1)]
}

/** Only own properties: a tag may be called like a method of objects. */
export function own<Value>(map: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined
}

/** A component of this kind, by its own tag or by one of its bases. */
export function isKind(entry: CatalogueEntry, kind: string): boolean {
  return kind === 'Component' || entry.tag === kind || entry.kinds.includes(kind)
}
