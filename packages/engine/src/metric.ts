/** Metrics as JSON holds them, compared as numbers. Used by reports (best so far) and by reduce. */
import type { MetricValue } from './rows.ts'

/** NaN for a missing one. */
export function numberOf(metric: MetricValue | null): number {
  switch (metric) {
    case null:
    case '.nan':
      return Number.NaN
    case '.inf':
      return Number.POSITIVE_INFINITY
    case '-.inf':
      return Number.NEGATIVE_INFINITY
    default:
      return metric
  }
}

/** Whether `a` is strictly better. NaN and missing are worse than every number and equal to each other. */
export function better(a: MetricValue | null, b: MetricValue | null, mode: 'min' | 'max'): boolean {
  const x = numberOf(a)
  const y = numberOf(b)
  if (Number.isNaN(x)) return false
  if (Number.isNaN(y)) return true
  return mode === 'max' ? x > y : x < y
}
