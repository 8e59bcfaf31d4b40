// Optuna's percentile rule (its median is 50): the own best so far against the completed trials' values at exactly this step.
// It waits for `startup` completed trials and `grace` steps, and asks once per `interval` steps.
// Others' null values never enter the percentile; a trial with no finite value at all stops.

import type { Scheduler } from '../contract.ts'
import { type Mode, score } from '../history.ts'
import { askedBefore } from './interval.ts'
import { emptyRanking, quantileOf, type Ranking, withEntry } from './ranking.ts'
import { emptyTrie, getAt, setAt, type Trie } from './trie.ts'
import { unmoved } from './unmoved.ts'

export type PercentileState = {
  /** Completed trials. */
  readonly complete: number
  /** By step: what the completed trials had there. */
  readonly steps: Trie<Ranking>
  /** By trial: its best so far. */
  readonly bests: Trie<number>
}

export interface PercentileOptions {
  readonly mode: Mode
  /** The share, in percent, that goes on: 25 keeps the best quarter. */
  readonly percentile: number
  /** Default 5. */
  readonly startup?: number
  /** Default 0. */
  readonly grace?: number
  /** Default 1. */
  readonly interval?: number
}

export function percentileStopping(options: PercentileOptions): Scheduler<PercentileState> {
  const { mode, startup = 5, grace = 0, interval = 1 } = options
  return {
    ...unmoved,
    initial: { complete: 0, steps: emptyTrie, bests: emptyTrie },
    judge(state, { trial, step, value }, history) {
      const points = score(value, mode)
      const before = getAt(state.bests, trial)
      const better = points > (before ?? Number.NEGATIVE_INFINITY)
      const next = better ? { ...state, bests: setAt(state.bests, trial, points) } : state
      const go = { state: next, verdict: { kind: 'continue' } } as const
      if (state.complete < startup || step < grace) return go
      if (askedBefore(history[trial - 1], step, grace, interval)) return go
      const cut = quantileOf(getAt(state.steps, step) ?? emptyRanking, options.percentile / 100)
      const own = better ? points : (before ?? Number.NEGATIVE_INFINITY)
      if (cut === undefined || own >= cut) return go
      const words = `best so far is not within the best ${options.percentile} % of completed trials`
      return { state: next, verdict: { kind: 'stop', reason: `stopped at ${step}: ${words}` } }
    },
    ended(state, { trial, status }, history) {
      if (status !== 'complete') return { state }
      let { steps } = state
      for (const { step, value } of history[trial - 1]?.reports ?? []) {
        const points = score(value, mode)
        if (points === Number.NEGATIVE_INFINITY) continue
        steps = setAt(steps, step, withEntry(getAt(steps, step) ?? emptyRanking, points, trial))
      }
      return { state: { ...state, steps, complete: state.complete + 1 } }
    },
  }
}
