// The median rule of Vizier (Golovin et al., 2017): a trial stops when its best so far is worse than the median of the running
// means that the others had at this step. Others are completed and running trials that got this far; stopped, failed and
// lost ones leave the tables. A step counts from when it has first been reported: trials that pass it later without reporting
// there enter with their mean before it. Null values count in no mean.

import type { Scheduler } from '../contract.ts'
import { type Mode, score } from '../history.ts'
import { betterThan, emptyRanking, quantileOf, type Ranking, sizeOf, withEntry, withoutEntry } from './ranking.ts'
import { between, emptyTrie, getAt, setAt, type Trie } from './trie.ts'
import { unmoved } from './unmoved.ts'

export type MedianState = {
  /** By step: the running means there. */
  readonly steps: Trie<Ranking>
  readonly trials: Trie<Running>
  /** The best so far of everybody; kept only for `exempt`. */
  readonly bests: Ranking
}

type Running = { readonly sum: number; readonly count: number; readonly best: number | null; readonly step: number }

export interface MedianOptions {
  readonly mode: Mode
  /** Steps before it are not judged; default 1. */
  readonly grace?: number
  /** Others that must have got this far; default 5. */
  readonly min_trials?: number
  /** The best n trials are never stopped; default 0. */
  readonly exempt?: number
  /** `ray`: means begin at the grace, and stopped trials stay in the tables. Default `vizier`. */
  readonly rule?: 'vizier' | 'ray'
}

export function medianStopping(options: MedianOptions): Scheduler<MedianState> {
  const { mode, grace = 1, min_trials = 5, exempt = 0, rule = 'vizier' } = options
  return {
    ...unmoved,
    initial: { steps: emptyTrie, trials: emptyTrie, bests: emptyRanking },
    judge(state, { trial, step, value }) {
      const before = getAt(state.trials, trial) ?? nobody
      const points = score(value, mode)
      const finite = points !== Number.NEGATIVE_INFINITY
      const meant = finite && (rule === 'vizier' || step >= grace)
      const now: Running = {
        sum: meant ? before.sum + points : before.sum,
        count: meant ? before.count + 1 : before.count,
        best: finite && (before.best === null || points > before.best) ? points : before.best,
        step,
      }
      const others = getAt(state.steps, step) ?? emptyRanking
      const bests = exempt === 0 ? state.bests : withBest(state.bests, trial, before.best, now.best)
      const next = { steps: passed(state.steps, trial, before, now), trials: setAt(state.trials, trial, now), bests }
      const median = step < grace || sizeOf(others) < min_trials ? undefined : quantileOf(others, 0.5)
      const own = now.best ?? Number.NEGATIVE_INFINITY
      const spared = exempt > 0 && now.best !== null && betterThan(bests, now.best) < exempt
      if (median === undefined || own >= median || spared) return { state: next, verdict: { kind: 'continue' } }
      const reason = `stopped at ${step}: best so far is worse than the median of ${sizeOf(others)} others`
      return { state: next, verdict: { kind: 'stop', reason } }
    },
    ended(state, { trial, status }, history) {
      const gone = getAt(state.trials, trial)
      if (gone === undefined || status === 'complete' || rule === 'ray') return { state }
      let { steps } = state
      let sum = 0
      let count = 0
      const leave = (step: number, means: Ranking) => {
        steps = setAt(steps, step, withoutEntry(means, sum / count, trial))
      }
      const reports = history[trial - 1]?.reports ?? []
      for (const [at, { step, value }] of reports.entries()) {
        const points = score(value, mode)
        if (points !== Number.NEGATIVE_INFINITY) {
          sum += points
          count++
        }
        if (count === 0) continue
        for (const [there, means] of between(steps, step - 1, reports[at + 1]?.step ?? step + 1)) leave(there, means)
      }
      const bests = exempt === 0 || gone.best === null ? state.bests : withoutEntry(state.bests, gone.best, trial)
      return { state: { ...state, steps, bests } }
    },
  }
}

const nobody: Running = { sum: 0, count: 0, best: null, step: 0 }

/** Into the table of this step, and of every known one since the last report. */
function passed(steps: Trie<Ranking>, trial: number, before: Running, now: Running): Trie<Ranking> {
  let after = steps
  if (before.count > 0)
    for (const [step, means] of between(steps, before.step, now.step))
      after = setAt(after, step, withEntry(means, before.sum / before.count, trial))
  if (now.count === 0) return after
  return setAt(after, now.step, withEntry(getAt(after, now.step) ?? emptyRanking, now.sum / now.count, trial))
}

function withBest(bests: Ranking, trial: number, before: number | null, now: number | null): Ranking {
  if (before === now || now === null) return bests
  return withEntry(before === null ? bests : withoutEntry(bests, before, trial), now, trial)
}
