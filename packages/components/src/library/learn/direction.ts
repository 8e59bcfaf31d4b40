/**
 * The direction of a metric is written beside it (`lower_is_better`), because reduce and schedulers read it from the file
 * before anything is built. So a word that contradicts the metric is refused rather than trained on.
 */
import { z } from 'zod'
import type { Component } from '../../core/component.ts'
import type { Metric } from '../metric/metric.ts'

export const lowerIsBetter = () => z.boolean().default(false).describe('Direction of metric_fn')

/** @throws Error when the metric says otherwise; metrics that say nothing take any. */
export function checkDirection(metric: Metric, lower: boolean): void {
  const own = (metric.constructor as typeof Component).lower_is_better
  if (own !== undefined && own !== lower)
    throw new Error(`${metric.title} is better when ${own ? 'lower' : 'higher'}: write lower_is_better: ${own}`)
}
