// The history as a model reads it: each trial's code, its scores (larger is better), and how it stands.
// Finished = complete or stopped. Pending = running or paused. Failed and lost trials teach nothing, but their
// assignments count as proposed already.

import { type History, type Mode, type Report, score, type TrialRecord } from '../history.ts'
import type { Coding } from './coding.ts'

export interface Trial {
  readonly number: number
  readonly code: Float64Array
  readonly standing: 'complete' | 'stopped' | 'pending' | 'dead'
  /** One per objective; the worst possible is -Infinity. */
  readonly scores: readonly number[]
  /** The last reported step, 0 before the first. */
  readonly step: number
  readonly reports: readonly Report[]
  /** The sum of what exceeds zero among the constraints; 0 = feasible. */
  readonly violation: number
}

/** `modes` gives the direction of each objective: one for `value`, more for `values`. */
export function trialsOf(history: History, coding: Coding, modes: readonly Mode[]): Trial[] {
  return history.map(record => {
    const kept = ended.get(record)
    if (kept !== undefined && kept.coding === coding) return kept.trial
    const trial = read(record, coding, modes)
    if (trial.standing !== 'pending') ended.set(record, { coding, trial })
    return trial
  })
}

/** A trial of this very batch: pending, without a report. */
export function pendingTrial(number: number, code: Float64Array): Trial {
  return { number, code, standing: 'pending', scores: [Number.NEGATIVE_INFINITY], step: 0, reports: [], violation: 0 }
}

export function isFinished(trial: Trial): boolean {
  return trial.standing === 'complete' || trial.standing === 'stopped'
}

/** The scores of one report. */
export function scoresOf(report: Report | undefined, modes: readonly Mode[]): number[] {
  return modes.map((mode, at) =>
    score((at === 0 ? (report?.values?.[0] ?? report?.value) : report?.values?.[at]) ?? null, mode),
  )
}

/** Only what has ended is kept, since that record will not change any more. */
const ended = new WeakMap<TrialRecord, { readonly coding: Coding; readonly trial: Trial }>()

function read(record: TrialRecord, coding: Coding, modes: readonly Mode[]): Trial {
  const last = record.reports.at(-1)
  const running = record.status === 'running' || record.status === 'paused'
  const lost = record.status === 'failed' || record.status === 'lost'
  return {
    number: record.number,
    code: coding.encode(record.assignment),
    standing: running ? 'pending' : lost ? 'dead' : record.status === 'complete' ? 'complete' : 'stopped',
    scores: scoresOf(last, modes),
    step: last?.step ?? 0,
    reports: record.reports,
    violation: (last?.constraints ?? []).reduce<number>(
      (sum, c) => sum + (c === null ? Number.MAX_VALUE : Math.max(c, 0)),
      0,
    ),
  }
}
