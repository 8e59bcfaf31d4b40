// Bounds of the metric itself (Optuna's ThresholdPruner): a trial stops when it leaves them. A null value leaves them too.

import type { Scheduler } from '../contract.ts'
import { askedBefore } from './interval.ts'
import { unmoved } from './unmoved.ts'

export interface ThresholdOptions {
  /** Inclusive, as reported, whatever the direction. */
  readonly lower?: number
  readonly upper?: number
  /** Steps before it are not judged; default 0. */
  readonly grace?: number
  /** Default 1. */
  readonly interval?: number
}

export function threshold(options: ThresholdOptions): Scheduler<null> {
  const { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY, grace = 0, interval = 1 } = options
  return {
    ...unmoved,
    initial: null,
    judge(state, { trial, step, value }, history) {
      const go = { state, verdict: { kind: 'continue' } } as const
      if (step < grace || askedBefore(history[trial - 1], step, grace, interval)) return go
      const words =
        value === null
          ? 'no finite metric'
          : value < lower
            ? `${shortened(value, lower)} is below ${lower}`
            : value > upper
              ? `${shortened(value, upper)} is above ${upper}`
              : null
      return words === null ? go : { state, verdict: { kind: 'stop', reason: `stopped at ${step}: ${words}` } }
    },
  }
}

/** For a sentence; whole where fewer digits would not tell it from the bound. */
function shortened(value: number, bound: number): number {
  const short = Number(value.toPrecision(6))
  return short === bound ? value : short
}
