/**
 * Reduce: which trials of a block the later blocks build on (rules RED-1 to RED-13, decision 9 of the language page). Only
 * finished, unmasked trials are ranked, by the metric of their last step; infinities are numbers; NaN and missing come
 * after all numbers and may fill free places; ties keep the earlier.
 */
import type { Reduce } from '@flambe/language'
import { better, numberOf } from './metric.ts'
import type { RankedTrial, TrialRow } from './rows.ts'

interface ReduceDecision {
  /** Best first. */
  readonly ranking: readonly RankedTrial[]
  readonly warning: string | null
}

/** `finished` in the order of their numbers. */
export function ranked(finished: readonly TrialRow[], reduce: Reduce): ReduceDecision {
  const order = [...finished].sort((a, b) => {
    if (better(a.metric, b.metric, reduce.mode)) return -1
    return better(b.metric, a.metric, reduce.mode) ? 1 : a.number - b.number
  })
  const ranking = order.map((t, place) => ({ trial: t.id, metric: t.metric, kept: place < reduce.k }))
  // A single trial leaves nothing to choose.
  const blind = finished.length > 1 && finished.every(t => Number.isNaN(numberOf(t.metric)))
  const kept = finished.length > reduce.k ? `the first ${reduce.k}` : `all ${finished.length}`
  return { ranking, warning: blind ? `no trial has a metric: reduce kept ${kept}` : null }
}
