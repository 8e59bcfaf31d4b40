/**
 * The located syntax tree of an experiment: what was written, where, tags understood, aliases kept as aliases (one node,
 * one option, one instance). Made by `convert`, read by the checks and the model. Knows nothing of the catalogue.
 */
import type { NumericDistribution } from '../distribution.ts'
import type { Span } from './source.ts'

export type AstNode =
  | AstScalar
  | AstList
  | AstMap
  | AstComponent
  | AstLink
  | AstGrid
  | AstSample
  | AstDistribution
  | AstCluster
  | AstAlias
  | AstBad

/** The kinds that are options. */
export type AstOption = AstGrid | AstSample | AstDistribution

/** Every kind but the alias. */
export type AstTarget = Exclude<AstNode, AstAlias>

interface Located {
  /** Unique within the file, in document order. */
  readonly id: number
  /** From the tag, where there is one, to the end of the value. */
  readonly span: Span
  /** `pipeline.a.x[1]`; the place where it was first written. */
  readonly path: string
}

interface Named extends Located {
  /** True when an alias or a merge points at it. */
  shared: boolean
}

export interface AstScalar extends Named {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | string
  /** As written, without quotes. */
  readonly text: string
  /** Written as a whole number: `10`, not `10.0`. */
  readonly int: boolean
}

interface AstList extends Named {
  readonly kind: 'list'
  readonly items: readonly AstNode[]
}

interface AstMap extends Named {
  readonly kind: 'map'
  readonly entries: readonly AstEntry[]
}

export interface AstComponent extends Named {
  readonly kind: 'component'
  /** After the `!`, factory included. */
  readonly tag: string
  readonly tagSpan: Span
  readonly entries: readonly AstEntry[]
  /** What stands there instead of keywords, as written (`6`, `a list`); null when all is well. */
  readonly instead: string | null
}

export interface AstLink extends Named {
  readonly kind: 'link'
  readonly call: boolean
  readonly root: string
  readonly keys: readonly string[]
  readonly attributes: readonly string[]
}

export interface AstGrid extends Named {
  readonly kind: 'grid'
  readonly tagSpan: Span
  /** Written as `!choice`: it needs a search algorithm. */
  readonly choice: boolean
  readonly items: readonly AstNode[]
}

export interface AstSample extends Named {
  readonly kind: 'sample'
  readonly tagSpan: Span
  readonly low: number
  readonly high: number
  readonly k: number
  /** Null: whole numbers. */
  readonly decimals: number | null
  /** The decimals stand in the file. */
  readonly rounded: boolean
  /** As written; one of them may be used elsewhere by an alias. */
  readonly items: readonly AstNode[]
}

export interface AstDistribution extends Named {
  readonly kind: 'distribution'
  readonly tagSpan: Span
  readonly distribution: NumericDistribution
  readonly items: readonly AstNode[]
}

export interface AstCluster extends Named {
  readonly kind: 'cluster'
  readonly location: string
}

/** A mistake that has been reported; everybody else passes over it. */
interface AstBad extends Named {
  readonly kind: 'bad'
}

interface AstAlias extends Located {
  readonly kind: 'alias'
  readonly target: AstTarget
}

export interface AstEntry {
  readonly key: string
  readonly keySpan: Span
  readonly value: AstNode
  readonly path: string
}

export function isOption(node: AstNode): node is AstOption {
  return node.kind === 'grid' || node.kind === 'sample' || node.kind === 'distribution'
}

export function deref(node: AstNode): AstTarget {
  return node.kind === 'alias' ? node.target : node
}

export function children(node: AstTarget): readonly AstNode[] {
  switch (node.kind) {
    case 'list':
    case 'grid':
      return node.items
    case 'map':
    case 'component':
      return node.entries.map(entry => entry.value)
    default:
      return []
  }
}

/** `a.b` for plain keys, `a["b.c"]` for odd ones, `a[1]` for places in lists. */
export function join(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}
