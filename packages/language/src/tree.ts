/**
 * The tree of a planned block: like ConfigNode, plus options. JSON all through. `plan` builds it, `space` counts it,
 * `resolve` takes the options out. A shared component stands wherever it is used, each time with the same `id`; a
 * shared option, each time with the same `key`.
 */
import type { Json } from './catalogue.ts'
import type { LinkNode } from './config.ts'
import type { NumericDistribution } from './distribution.ts'

export type TreeNode =
  | { readonly kind: 'scalar'; readonly value: null | boolean | number | string }
  | { readonly kind: 'number'; readonly value: '.nan' | '.inf' | '-.inf' }
  | { readonly kind: 'list'; readonly items: readonly TreeNode[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, TreeNode])[] }
  | TreeComponent
  | LinkNode
  | TreeOption
  | TreeDistribution

export interface TreeComponent {
  readonly kind: 'component'
  readonly id: number
  readonly tag: string
  readonly factory: string | null
  readonly args: readonly (readonly [string, TreeNode])[]
  readonly path: string
}

export interface TreeOption {
  readonly kind: 'option'
  /** Block and key path of its first place: `m.width`, `m.enc[0].width`. One key, one choice. */
  readonly key: string
  /** Rises in document order over the whole experiment. */
  readonly order: number
  readonly alternatives: readonly Alternative[]
}

/** An option that a search algorithm draws. */
export interface TreeDistribution {
  readonly kind: 'distribution'
  readonly key: string
  readonly order: number
  readonly distribution: NumericDistribution
  /** Places behind the point that drawn numbers are rounded to; null: as they are. */
  readonly decimals: number | null
}

export interface Alternative {
  readonly value: TreeNode
  /** How a person sees it: the value, `{tag, index}` for a component, `{link}` for a link. */
  readonly param: Json
  /** The same in a form in which unequal things are never equal; what identity hashes. */
  readonly typed: Json
  /** Where an `!s` drew it (its key path in the document); null for what was written. */
  readonly drawn: string | null
}
