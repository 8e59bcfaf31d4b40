/**
 * A run of one series' points, summed up: a sealed chunk, or points at hand. Sealing writes the sums, reads put them
 * together without touching the points. Pure.
 */
import { type Bucket, bucketPoints, decodeBuckets, encodeBuckets, type Points } from './bucket.ts'

export interface Summary {
  readonly bucket: Bucket
  /** Its last finite point. */
  readonly last: { readonly step: number; readonly time: number; readonly value: number } | null
  readonly stepMin: number
  readonly stepMax: number
}

/** `points` must not be empty. */
export function summarise(points: Points): Summary {
  const { steps, times, values } = points
  const [bucket] = bucketPoints(points, steps.length)
  if (bucket === undefined) throw new Error('nothing to sum up')
  const at = values.findLastIndex(Number.isFinite)
  const last = at === -1 ? null : { step: steps[at] as number, time: times[at] as number, value: values[at] as number }
  let stepMin = Number.POSITIVE_INFINITY
  let stepMax = Number.NEGATIVE_INFINITY
  for (const step of steps) {
    if (step < stepMin) stepMin = step
    if (step > stepMax) stepMax = step
  }
  return { bucket, last, stepMin, stepMax }
}

/** Two rows of a buckets blob: the chunk, then its last finite point (count 0 = none). */
export function encodeSummary({ bucket, last }: Summary): Buffer {
  const { step, time, value } = last ?? { step: 0, time: 0, value: 0 }
  return encodeBuckets([bucket, { step, time, min: value, max: value, sum: value, finite: 1, count: last ? 1 : 0 }])
}

export function decodeSummary(blob: Uint8Array): Pick<Summary, 'bucket' | 'last'> {
  const [bucket, end] = decodeBuckets(blob)
  if (bucket === undefined || end === undefined) throw new Error('a chunk without its summary')
  return { bucket, last: end.count === 0 ? null : { step: end.step, time: end.time, value: end.min } }
}

export function concatPoints(parts: readonly Points[]): Points {
  const only = parts[0]
  if (parts.length === 1 && only !== undefined) return only
  const n = parts.reduce((sum, part) => sum + part.steps.length, 0)
  const all = { steps: new Float64Array(n), times: new Float64Array(n), values: new Float64Array(n) }
  let at = 0
  for (const part of parts) {
    all.steps.set(part.steps, at)
    all.times.set(part.times, at)
    all.values.set(part.values, at)
    at += part.steps.length
  }
  return all
}

export function slicePoints({ steps, times, values }: Points, from: number, to: number): Points {
  return { steps: steps.subarray(from, to), times: times.subarray(from, to), values: values.subarray(from, to) }
}

export function filterPoints(points: Points, wanted: (step: number) => boolean): Points {
  const at: number[] = []
  points.steps.forEach((step, index) => {
    if (wanted(step)) at.push(index)
  })
  const pick = (column: Float64Array) => Float64Array.from(at, index => column[index] as number)
  return { steps: pick(points.steps), times: pick(points.times), values: pick(points.values) }
}
