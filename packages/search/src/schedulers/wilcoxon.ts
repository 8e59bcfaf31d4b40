// The signed-rank test (Wilcoxon, 1945; Optuna's WilcoxonPruner), for trials whose steps are problem instances or folds: a trial
// stops when it is worse than the best completed one at the steps that both have, with a p-value below `p`; never while its own
// mean is the better one. Zero differences are split (Pratt's ranks, halves to both sides). Null values take part nowhere.

import type { Scheduler } from '../contract.ts'
import { type Mode, type Report, score, type TrialRecord } from '../history.ts'
import { signedRankP } from './signed-rank.ts'
import { unmoved } from './unmoved.ts'

export type WilcoxonState = {
  /** The completed trial with the best last value; ties keep the earlier. */
  readonly best: { readonly trial: number; readonly score: number } | null
}

export interface WilcoxonOptions {
  readonly mode: Mode
  /** Default 0.1. */
  readonly p?: number
  /** Shared steps that it takes; default 2. */
  readonly startup?: number
}

export function wilcoxon(options: WilcoxonOptions): Scheduler<WilcoxonState> {
  const { mode, p = 0.1, startup = 2 } = options
  return {
    ...unmoved,
    initial: { best: null },
    judge(state, { trial, step }, history) {
      const go = { state, verdict: { kind: 'continue' } } as const
      const best = state.best === null ? undefined : history[state.best.trial - 1]
      const own = history[trial - 1]
      if (best === undefined || own === undefined || trial === state.best?.trial) return go
      const { differences, mine, its } = compared(own.reports, best.reports, mode)
      if (differences.length < startup || mine >= its) return go
      const found = signedRankP(differences)
      if (found >= p) return go
      const words = `worse than trial ${state.best?.trial} on ${differences.length} shared steps, p ${found.toFixed(3)}`
      return { state, verdict: { kind: 'stop', reason: `stopped at ${step}: ${words}` } }
    },
    ended(state, { trial, status }, history) {
      const points = score(lastFinite(history[trial - 1])?.value ?? null, mode)
      if (status !== 'complete' || points === Number.NEGATIVE_INFINITY) return { state }
      return { state: state.best !== null && state.best.score >= points ? state : { best: { trial, score: points } } }
    },
  }
}

/** The other's score minus the own one at each step that both have, and the means of all their finite scores. */
function compared(own: readonly Report[], other: readonly Report[], mode: Mode) {
  const differences: number[] = []
  let at = 0
  for (const { step, value } of own) {
    while ((other[at]?.step ?? step) < step) at++
    const there = other[at]
    const difference = there?.step === step ? score(there.value, mode) - score(value, mode) : Number.NaN
    if (Number.isFinite(difference)) differences.push(difference)
  }
  return { differences, mine: meanOf(own, mode), its: meanOf(other, mode) }
}

function meanOf(reports: readonly Report[], mode: Mode): number {
  let sum = 0
  let count = 0
  for (const { value } of reports) {
    const points = score(value, mode)
    if (points === Number.NEGATIVE_INFINITY) continue
    sum += points
    count++
  }
  return sum / count
}

function lastFinite(record: TrialRecord | undefined): Report | undefined {
  return record?.reports.findLast(({ value }) => value !== null && Number.isFinite(value))
}
