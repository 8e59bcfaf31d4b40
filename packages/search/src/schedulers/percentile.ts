// Optuna's percentile rule (and median, its 50): the own best so far against the completed trials' values at exactly
// this step. It waits for `startup` completed trials and `warmup` steps, and asks once per `interval` steps.
// Others' null values never enter the percentile; a trial with no finite value at all stops.

import type { Scheduler } from '../contract.ts'
import { type Mode, score } from '../history.ts'
import { unmoved } from './unmoved.ts'

export interface PercentileOptions {
  readonly mode: Mode
  /** The share, in percent, that goes on: 25 keeps the best quarter. */
  readonly percentile: number
  readonly startup?: number
  readonly warmup?: number
  readonly interval?: number
}

export function percentileStopping(options: PercentileOptions): Scheduler<null> {
  const { startup = 5, warmup = 0, interval = 1 } = options
  return {
    ...unmoved,
    initial: null,
    judge(state, result, history) {
      const go = { state, verdict: { kind: 'continue' } } as const
      const complete = history.filter(trial => trial.status === 'complete')
      const reports = history.find(trial => trial.number === result.trial)?.reports ?? []
      if (complete.length < startup || result.step < warmup) return go
      const lower = Math.floor((result.step - warmup) / interval) * interval + warmup
      if (reports.some(report => report.step < result.step && report.step >= lower)) return go
      const others = complete
        .map(trial => score(trial.reports.find(report => report.step === result.step)?.value ?? null, options.mode))
        .filter(Number.isFinite)
      if (others.length === 0) return go
      const own = [...reports, result].reduce(
        (best, report) => Math.max(best, score(report.value, options.mode)),
        Number.NEGATIVE_INFINITY,
      )
      const cut = quantile(others, 1 - options.percentile / 100)
      if (own >= cut) return go
      return { state, verdict: { kind: 'stop', reason: `stopped at ${result.step}: best so far is below the cut` } }
    },
  }
}

/** The median rule of Golovin et al. (Vizier, 2017) in Optuna's form. */
export function medianStopping(options: Omit<PercentileOptions, 'percentile'>): Scheduler<null> {
  return percentileStopping({ ...options, percentile: 50 })
}

/** Linear interpolation between the two neighbours; `at` in [0, 1], `values` not empty. */
function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = at * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}
