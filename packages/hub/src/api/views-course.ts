/** The answer of `search.course`: what a block's search has seen. Plain JSON; trials by number. */

export interface CourseView {
  /** What the search optimizes, the first one first; `metric` for the trial's own. Empty for a block without a search. */
  readonly objectives: readonly { readonly name: string; readonly mode: 'min' | 'max' }[]
  /** Null for a block whose scheduler compares nobody at a step (none, PBT). */
  readonly rungs: RungsView | null
  /** Null for one objective. */
  readonly pareto: ParetoView | null
  /** Of a population (PBT), in their order: the first n copies of a trial are the entries 1 to n of its `schedule`. */
  readonly copies: readonly CopyView[]
}

/** `trial` gave up its own weights after its step `at`, and went on from those of `donor`. */
export interface CopyView {
  readonly trial: number
  readonly donor: number
  readonly at: number
}

export interface RungsView {
  /** `steps`: a rule without rungs (median, patience ...) judges at every step; some of them are shown. */
  readonly kind: 'rungs' | 'steps'
  /** Tag as written. */
  readonly scheduler: string
  readonly mode: 'min' | 'max'
  /** By bracket, steps ascending. */
  readonly rungs: readonly RungView[]
}

export interface RungView {
  /** From 0. */
  readonly bracket: number
  readonly step: number
  /** How many trials get here by plan; null where no plan can be made. */
  readonly planned: number | null
  /** The full length: nobody is compared here. */
  readonly last: boolean
  /** `promoted` to `failed` add up to it. */
  readonly reached: number
  readonly promoted: number
  readonly running: number
  readonly paused: number
  readonly stopped: number
  readonly finished: number
  readonly failed: number
  /** What the next trial must reach to go on; null: any goes on, none does yet, or the rule looks at more than this rung. */
  readonly cutoff: number | null
  /** In the order in which they got here; the newest when there are too many. */
  readonly entries: readonly RungEntryView[]
}

export interface RungEntryView {
  readonly trial: number
  /** Of the report that counts here. */
  readonly step: number
  readonly value: number | null
  /** Place when it got here, 1 = best, and among how many; null without a finite value. */
  readonly rank: number | null
  readonly of: number
  /** `promoted`: it got to the next rung; `running`: it is on its way there. */
  readonly outcome: 'promoted' | 'running' | 'paused' | 'stopped' | 'finished' | 'failed'
}

export interface ParetoView {
  /** Trials with values, failed and cancelled ones left out; `points` may be fewer, never of the front. */
  readonly total: number
  readonly points: readonly {
    readonly trial: number
    /** Of its last report, in the order of the objectives. */
    readonly values: readonly (number | null)[]
    /** False: a constraint is not met. */
    readonly feasible: boolean
    /** No other trial is better in everything. */
    readonly front: boolean
  }[]
}
