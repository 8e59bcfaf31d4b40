// What insight functions read: one row a trial, from a history or from wherever trials are listed (a web page has rows of
// params and metric, and no history). Failed, lost and valueless trials have no row that counts.

import { type History, type Measure, type Mode, score } from '../history.ts'
import type { Json } from '../json.ts'

export interface Row {
  /** The trial's number, from 1. */
  readonly number: number
  /** Only what is active. */
  readonly params: { readonly [name: string]: Json }
  readonly metric: Measure
  /** All of several objectives, `metric` the first. */
  readonly metrics?: readonly Measure[]
}

/** Complete and stopped trials, with their last report. */
export function rowsOf(history: History): Row[] {
  return history.flatMap(trial => {
    const last = trial.reports.at(-1)
    if ((trial.status !== 'complete' && trial.status !== 'stopped') || last === undefined) return []
    const { value, values } = last
    return [
      {
        number: trial.number,
        params: trial.assignment,
        metric: value,
        ...(values === undefined ? {} : { metrics: values }),
      },
    ]
  })
}

/** A row with a finite metric, larger is better. */
export interface Scored {
  readonly row: Row
  readonly score: number
}

export function scoredRows(rows: readonly Row[], mode: Mode): Scored[] {
  return rows.map(row => ({ row, score: score(row.metric, mode) })).filter(({ score: value }) => Number.isFinite(value))
}
