// How an algorithm or scheduler is reached by its tag from plain JSON params. One small file each exports a definition;
// `algorithms/definitions` and `schedulers/definitions` collect them, the registry (`registry.ts`) reads the collections.
// Params arrive checked against their schemas and with defaults filled in; read them with the readers of `params.ts`.

import type { Scheduler, SearchAlgorithm } from '../contract.ts'
import type { Mode } from '../history.ts'
import type { Space } from '../space.ts'
import type { Param, Params } from './params.ts'

export interface SearchDefinition {
  readonly kind: 'search'
  /** As written after `!`. */
  readonly tag: string
  /** One or two sentences for users. */
  readonly description: string
  /** Paper or rule that it follows, for the README's table. */
  readonly source: string
  /** Its own; the common ones (n_trials, seed, initial, ...) are the registry's, handled by wrappers around every algorithm. */
  readonly params: readonly Param[]
  /** It proposes every point of a finite space once and then ends (Grid): it skips what stood in `initial`. */
  readonly exhaustive?: boolean
  /**
   * What is wrong beyond single values, in words: spaces that it cannot search (say which algorithm can), params that
   * contradict each other. `spaceProblems` has been asked already.
   */
  problems?(params: Params, space: Space): readonly string[]
  /**
   * Trial numbers of a proposal are `history.length + 1` onwards; draws come from `randomStream(seed, block, number)`.
   * The history holds every trial that was proposed, also those of `initial`, which a wrapper proposes.
   */
  build(params: Params, context: SearchContext): SearchAlgorithm
}

export interface SearchContext {
  readonly space: Space
  readonly seed: number
  readonly block: string
  /** Direction of the first objective; `modes` has one for each (more than one only where `metric` or `mode` is a list). */
  readonly mode: Mode
  readonly modes: readonly Mode[]
}

export interface SchedulerDefinition {
  readonly kind: 'scheduler'
  readonly tag: string
  readonly description: string
  readonly source: string
  /** Its own; the common ones (direction, on_nan) are the registry's. */
  readonly params: readonly Param[]
  /** `space` is null for a block without a search, undefined when the caller does not know. */
  problems?(params: Params, space?: Space | null): readonly string[]
  /** Where judging begins and where a trial ends, in steps; the rule for bad values needs both (`schedulers/rule.ts`). */
  bounds(params: Params): { readonly grace: number; readonly max_t: number | null }
  /** For rules with rungs: trials by plan at each, the last rung of a bracket being the full length. */
  plan?(params: Params, n_trials: number): readonly PlannedRung[]
  /** For rules with rungs: the bracket (from 0) that a trial belongs to; absent: there is one. */
  bracketOf?(params: Params): (trial: number) => number
  /** For rules with rungs: what a newcomer's score must be at least, of the others' scores, best first; null: any goes on. */
  cutoff?(params: Params): (others: readonly number[]) => number | null
  /** What happens to a bad value when the user does not say; default stop. `inner`: a nested scheduler decides. */
  on_nan?(params: Params): 'stop' | 'ignore' | 'inner'
  build(params: Params, context: SchedulerContext): Scheduler
}

/** So many trials of a bracket (from 0) run to this step, or further. */
export interface PlannedRung {
  readonly bracket: number
  readonly step: number
  readonly trials: number
}

export interface SchedulerContext {
  readonly mode: Mode
  readonly seed: number
  readonly block: string
  /** What PBT and PB2 may change; null without a search. */
  readonly space: Space | null
  /** Builds a scheduler that stands in a param, `{ tag, params }`. */
  nested(written: unknown): Scheduler
}

/** Another engine's name for one of ours; a name that we do not have says what to write instead. */
export interface AliasDefinition {
  readonly kind: 'alias'
  readonly tag: string
  readonly of: 'SearchAlgorithm' | 'Scheduler'
  /** Null when nothing of ours does the same. */
  readonly alias_of: string | null
  readonly description: string
  readonly params: readonly Param[]
  /** The params of `alias_of`, or a sentence that says what to write instead. */
  translate(params: Params): { readonly params: Params } | { readonly problem: string }
}

export type Definition = SearchDefinition | SchedulerDefinition | AliasDefinition
