/**
 * What a search algorithm draws from, as data: structurally the `Space` of `@flambe/search`, which this package does not
 * import. Names are the keys of options; the children of an alternative exist only when it is chosen.
 */
import type { Json } from './catalogue.ts'

/** `high` is included for real ranges and excluded for whole numbers (`randint`, `lograndint`). */
export type NumericDistribution =
  | { readonly kind: 'uniform' | 'loguniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'quniform' | 'qloguniform'; readonly low: number; readonly high: number; readonly q: number }
  | { readonly kind: 'randint' | 'lograndint'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'qnormal'; readonly mean: number; readonly sd: number; readonly q: number }

export interface ChoiceDistribution {
  readonly kind: 'choice'
  readonly options: readonly { readonly value: Json; readonly children?: SearchSpace }[]
}

export type SearchDistribution = NumericDistribution | ChoiceDistribution

export type SearchSpace = { readonly [name: string]: SearchDistribution }

/** What a search algorithm proposed: active names and their values. */
export type Assignment = { readonly [name: string]: Json }
