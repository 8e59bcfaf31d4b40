// What algorithms and schedulers may look at: the trials so far, as JSON.
// The one rule for bad values stands here: NaN, an infinity or a missing metric is the worst possible score,
// never enters a percentile, and never beats anything; failed and lost trials have no score at all.
// Ties keep: a trial is worse only if another is strictly better.

import type { Assignment } from './space.ts'

/** `null` stands for NaN, an infinity or no metric: JSON has no other words for them. */
export type Measure = number | null
export type Mode = 'min' | 'max'

/** One report; `step` counts from 1. With several objectives `values` holds them all and `value` the first. */
export interface Result {
  readonly trial: number
  readonly step: number
  readonly value: Measure
  readonly values?: readonly Measure[]
  /** Each is met when it is at most 0; null is not met. */
  readonly constraints?: readonly Measure[]
}

export type Ending = 'complete' | 'stopped' | 'failed' | 'lost'

export interface End {
  readonly trial: number
  readonly status: Ending
}

export interface TrialRecord {
  /** From 1. */
  readonly number: number
  readonly status: 'running' | 'paused' | Ending
  readonly assignment: Assignment
  /** What it had before, where a scheduler replaced it (exploit): each up to and with the report of step `until`. */
  readonly earlier?: readonly { readonly until: number; readonly assignment: Assignment }[]
  /** In the order of their steps. */
  readonly reports: readonly Report[]
}

export interface Report {
  readonly step: number
  readonly value: Measure
  readonly values?: readonly Measure[]
  /** Each is met when it is at most 0; null is not met. */
  readonly constraints?: readonly Measure[]
}

/** `history[i]` is trial `i + 1`. */
export type History = readonly TrialRecord[]

/** Larger is better from here on; the worst possible is -Infinity. */
export function score(value: Measure, mode: Mode): number {
  if (value === null || !Number.isFinite(value)) return Number.NEGATIVE_INFINITY
  return mode === 'max' ? value : -value
}
