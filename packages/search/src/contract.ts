// The two interfaces of this package. Implementations are plain objects; their states are Json and never changed in place.
// Whoever drives them keeps the order of calls: the same calls in the same order give the same bytes (G17).

import type { End, History, Result } from './history.ts'
import type { Json } from './json.ts'
import type { Assignment } from './space.ts'

export interface SearchAlgorithm<State extends Json = Json> {
  readonly initial: State
  /**
   * At most `n` variants for the trials `history.length + 1` onwards. Fewer: nothing more for now (it waits for results), or,
   * with `done`, nothing more ever. When no trial runs it must propose or be done: paused trials bring no results.
   */
  propose(state: State, history: History, n: number): Proposal<State>
}

export interface Proposal<State extends Json = Json> {
  readonly state: State
  readonly variants: readonly Assignment[]
  readonly done: boolean
}

export type Verdict =
  | { readonly kind: 'continue' }
  /** Save a checkpoint and free the slot; the trial goes on when `next` names it. */
  | { readonly kind: 'pause'; readonly reason: string }
  /**
   * Ends the trial; `reason` is a sentence for the report. `as`: it ran its full length (complete), or its values are bad and the
   * user wants that to count as a failure (failed); absent: it was stopped early.
   */
  | { readonly kind: 'stop'; readonly reason: string; readonly as?: 'complete' | 'failed' }
  /** Go on from the donor's newest checkpoint with this assignment. */
  | { readonly kind: 'exploit'; readonly donor: number; readonly assignment: Assignment; readonly reason: string }

/**
 * A state follows from the calls and their order alone; of the history it depends only on the reports of the trial that
 * `ended`, and in `closed` on how many trials there are. So a fold over the record may use the history of today.
 */
export interface Scheduler<State extends Json = Json> {
  readonly initial: State
  /** `history` holds the reports up to and with `result`. */
  judge(
    state: State,
    result: Result,
    history: History,
  ): { readonly state: State; readonly verdict: Verdict; readonly others?: readonly OtherVerdict[] }
  /** A trial is over, for whatever reason (also when this scheduler stopped it): tables that wait for it need not. */
  ended(state: State, end: End, history: History): { readonly state: State; readonly others?: readonly OtherVerdict[] }
  /**
   * A slot is free: the paused trial that goes on now, before any new one is proposed; null for none. With neither a trial nor
   * others the state is the same, so such a call needs no record.
   */
  next(
    state: State,
    history: History,
  ): { readonly state: State; readonly trial: number | null; readonly others?: readonly OtherVerdict[] }
  /**
   * No new trial will ever come (the algorithm is done, or a budget is spent): called once. From then on nothing stays
   * paused for ever: whenever no trial runs and `next` gives none, `others` has ended every paused one. Absent: it never pauses.
   */
  closed?(state: State, history: History): { readonly state: State; readonly others?: readonly OtherVerdict[] }
}

/** What a judgement means for trials that wait paused: a synchronous rule stops the losers of a rung. */
export interface OtherVerdict {
  readonly trial: number
  readonly verdict: Extract<Verdict, { kind: 'stop' }>
}
