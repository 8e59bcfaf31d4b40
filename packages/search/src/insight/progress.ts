// How a search went: the best value after each trial, and how values are distributed.

import type { Mode } from '../history.ts'
import { type Row, scoredRows } from './rows.ts'

export interface BestPoint {
  readonly number: number
  /** The trial's own; null when it has none. */
  readonly metric: number | null
  /** The best of this and all earlier trials; null before the first finite value. */
  readonly best: number | null
  /** This trial is the best so far; ties keep the earlier. */
  readonly improved: boolean
}

/** In the order of trial numbers. */
export function bestHistory(rows: readonly Row[], mode: Mode): BestPoint[] {
  let best: number | null = null
  return [...rows]
    .sort((a, b) => a.number - b.number)
    .map(row => {
      const metric = row.metric !== null && Number.isFinite(row.metric) ? row.metric : null
      const improved = metric !== null && (best === null || (mode === 'max' ? metric > best : metric < best))
      if (improved) best = metric
      return { number: row.number, metric, best, improved }
    })
}

export interface Edf {
  readonly metrics: readonly number[]
  /** Per set of rows: the share of its trials at or below each metric. */
  readonly sets: readonly { readonly name: string; readonly shares: readonly number[] }[]
}

/** Empirical distribution functions of several searches on one axis of `points` values from the least to the largest. */
export function edf(sets: { readonly [name: string]: readonly Row[] }, points = 100): Edf {
  const values = Object.entries(sets).map(([name, rows]) => ({
    name,
    sorted: scoredRows(rows, 'max')
      .map(({ score }) => score)
      .sort((a, b) => a - b),
  }))
  const all = values.flatMap(({ sorted }) => sorted)
  if (all.length === 0) return { metrics: [], sets: values.map(({ name }) => ({ name, shares: [] })) }
  const low = all.reduce((least, value) => Math.min(least, value))
  const high = all.reduce((most, value) => Math.max(most, value))
  const metrics = Array.from({ length: points }, (_, at) =>
    at === points - 1 ? high : low + ((high - low) * at) / Math.max(points - 1, 1),
  )
  return {
    metrics,
    sets: values.map(({ name, sorted }) => {
      let passed = 0
      return {
        name,
        shares: metrics.map(metric => {
          while (passed < sorted.length && (sorted[passed] ?? 0) <= metric) passed++
          return sorted.length === 0 ? 0 : passed / sorted.length
        }),
      }
    }),
  }
}
