// `constraints: {latency_ms: {max: 20}}` against what a trial reported: the driver, which sees all metrics, asks for the values
// that a report carries. Names in canonical order, min before max.

import type { Measure } from '../history.ts'
import type { Json } from '../json.ts'

/** One value for each limit, met when it is at most 0; null where the metric is missing or not finite. */
export function constraintsOf(limits: Json, metrics: { readonly [name: string]: Measure }): Measure[] {
  if (!isMap(limits)) return []
  return Object.keys(limits)
    .sort()
    .flatMap(name => {
      const limit = limits[name]
      const value = Object.hasOwn(metrics, name) ? (metrics[name] ?? null) : null
      if (limit === undefined || !isMap(limit)) return []
      const over = (by: (bound: number, value: number) => number, bound: Json | undefined) =>
        typeof bound !== 'number' ? [] : [value === null || !Number.isFinite(value) ? null : by(bound, value)]
      return [...over((bound, at) => bound - at, limit.min), ...over((bound, at) => at - bound, limit.max)]
    })
}

export function constraintProblems(limits: Json): string[] {
  if (!isMap(limits)) return ['must be a map of metrics to limits']
  return Object.entries(limits)
    .filter(([, limit]) => !isLimit(limit))
    .map(([name]) => `${name}: write {min: number}, {max: number} or both`)
}

function isLimit(limit: Json): boolean {
  if (!isMap(limit)) return false
  const words = Object.keys(limit)
  return (
    words.length > 0 &&
    words.every(word => (word === 'min' || word === 'max') && Number.isFinite(limit[word] as number))
  )
}

function isMap(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
