/** Places of metrics between the extremes of a ranking. Pure. */
import type { MetricValue } from '../api/views.ts'

interface Range {
  readonly least: number
  readonly most: number
}

/** Over the finite metrics; null where fewer than two differ. */
export function rangeOf(ranking: readonly { readonly metric: MetricValue | null }[]): Range | null {
  const finite = ranking.flatMap(({ metric }) =>
    typeof metric === 'number' && Number.isFinite(metric) ? [metric] : [],
  )
  if (finite.length === 0) return null
  const least = Math.min(...finite)
  const most = Math.max(...finite)
  return least === most ? null : { least, most }
}

/** 0..1; null for what is no number. */
export function placeOf(metric: MetricValue | null, range: Range | null): number | null {
  if (range === null || typeof metric !== 'number' || !Number.isFinite(metric)) return null
  return (metric - range.least) / (range.most - range.least)
}
