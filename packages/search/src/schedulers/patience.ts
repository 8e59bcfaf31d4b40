// Patience (Optuna's PatientPruner): a trial is stopped only when nothing within its last `patience` + 1 reports is better than
// its best before them, by at least `min_delta`. Around another rule it holds back that rule's stops while the trial improves;
// the rule hears of every report, and its pauses, exchanges, full lengths and stops for bad values pass. Null reports do not count.

import type { Scheduler } from '../contract.ts'
import { type Mode, score } from '../history.ts'
import type { Json } from '../json.ts'
import { emptyTrie, getAt, setAt, type Trie } from './trie.ts'

export type PatienceState = {
  readonly inner: Json
  /** By trial: its best before the window, null for nothing yet, and the scores in the window, oldest first. */
  readonly trials: Trie<Watched>
}

type Watched = { readonly before: number | null; readonly window: readonly number[] }

export interface PatienceOptions {
  readonly mode: Mode
  /** Reports without improvement. */
  readonly patience: number
  /** Improvements below it are none; default 0. */
  readonly min_delta?: number
  /** The rule whose stops are held back; absent: running out of patience stops. */
  readonly scheduler?: Scheduler
}

export function patience(options: PatienceOptions): Scheduler<PatienceState> {
  const { mode, min_delta = 0, scheduler } = options
  const around = <Answer extends { readonly state: Json }>(trials: Trie<Watched>, answer: Answer) => ({
    ...answer,
    state: { inner: answer.state, trials },
  })
  return {
    initial: { inner: scheduler?.initial ?? null, trials: emptyTrie },
    judge(state, result, history) {
      const before = getAt(state.trials, result.trial) ?? { before: null, window: [] }
      const watched = withReport(before, score(result.value, mode), options.patience + 1)
      const trials = watched === before ? state.trials : setAt(state.trials, result.trial, watched)
      const worn = watched.before !== null && watched.before > Math.max(...watched.window) + min_delta
      const words = `no improvement within ${options.patience} reports`
      if (scheduler === undefined) {
        const reason = `stopped at ${result.step}: ${words}`
        return { state: { ...state, trials }, verdict: worn ? { kind: 'stop', reason } : { kind: 'continue' } }
      }
      const judged = around(trials, scheduler.judge(state.inner, result, history))
      const { verdict } = judged
      if (verdict.kind !== 'stop' || verdict.as !== undefined || result.value === null) return judged
      if (!worn) return { ...judged, verdict: { kind: 'continue' } }
      return { ...judged, verdict: { kind: 'stop', reason: `${verdict.reason}; ${words}` } }
    },
    ended: (state, end, history) =>
      scheduler === undefined ? { state } : around(state.trials, scheduler.ended(state.inner, end, history)),
    next: (state, history) =>
      scheduler === undefined ? { state, trial: null } : around(state.trials, scheduler.next(state.inner, history)),
    closed: (state, history) =>
      scheduler?.closed === undefined ? { state } : around(state.trials, scheduler.closed(state.inner, history)),
  }
}

/** What leaves the window counts among the best before it. */
function withReport(watched: Watched, points: number, most: number): Watched {
  if (points === Number.NEGATIVE_INFINITY) return watched
  const window = [...watched.window, points]
  const leaving = window.length > most ? window.shift() : undefined
  if (leaving === undefined) return { ...watched, window }
  return { before: Math.max(watched.before ?? Number.NEGATIVE_INFINITY, leaving), window }
}
