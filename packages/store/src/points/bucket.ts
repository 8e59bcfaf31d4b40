/**
 * Points in columns, and buckets that sum them up. Blobs are little-endian f64: a points blob is steps, then times, then
 * values; a buckets blob is seven numbers a bucket. Pure; used by sealing and by reads.
 */

export interface Points {
  readonly steps: Float64Array
  /** ms since the epoch. */
  readonly times: Float64Array
  readonly values: Float64Array
}

export interface Bucket {
  /** Of its first point. */
  readonly step: number
  readonly time: number
  /** Over finite values; NaN when there are none. */
  readonly min: number
  readonly max: number
  readonly sum: number
  readonly finite: number
  readonly count: number
}

/** Points in one bucket of the coarser level. */
export const LEVEL = 10
const FIELDS = 7

export function encodePoints({ steps, times, values }: Points): Buffer {
  const all = new Float64Array(steps.length * 3)
  all.set(steps, 0)
  all.set(times, steps.length)
  all.set(values, steps.length * 2)
  return Buffer.from(all.buffer)
}

export function decodePoints(blob: Uint8Array): Points {
  const all = floats(blob)
  const n = all.length / 3
  return { steps: all.subarray(0, n), times: all.subarray(n, 2 * n), values: all.subarray(2 * n) }
}

export function encodeBuckets(buckets: readonly Bucket[]): Buffer {
  const all = new Float64Array(buckets.length * FIELDS)
  buckets.forEach((b, i) => {
    all.set([b.step, b.time, b.min, b.max, b.sum, b.finite, b.count], i * FIELDS)
  })
  return Buffer.from(all.buffer)
}

export function decodeBuckets(blob: Uint8Array): Bucket[] {
  const all = floats(blob)
  const buckets: Bucket[] = []
  for (let i = 0; i < all.length; i += FIELDS) {
    const at = (k: number) => all[i + k] as number
    buckets.push({ step: at(0), time: at(1), min: at(2), max: at(3), sum: at(4), finite: at(5), count: at(6) })
  }
  return buckets
}

/** One bucket for every `size` points, the last one maybe shorter. */
export function bucketPoints(points: Points, size: number): Bucket[] {
  const buckets: Bucket[] = []
  const n = points.steps.length
  for (let from = 0; from < n; from += size) {
    const to = Math.min(from + size, n)
    let min = Number.NaN
    let max = Number.NaN
    let sum = 0
    let finite = 0
    for (let i = from; i < to; i++) {
      const value = points.values[i] as number
      if (!Number.isFinite(value)) continue
      if (finite++ === 0) min = max = value
      else if (value < min) min = value
      else if (value > max) max = value
      sum += value
    }
    const step = points.steps[from] as number
    buckets.push({ step, time: points.times[from] as number, min, max, sum, finite, count: to - from })
  }
  return buckets
}

/** Neighbours put together until a bucket holds at least `size` points; at most ceil(total / size) buckets come out. */
export function mergeBuckets(buckets: readonly Bucket[], size: number): Bucket[] {
  const merged: Bucket[] = []
  let open: Bucket | null = null
  for (const bucket of buckets) {
    open = open === null ? bucket : join(open, bucket)
    if (open.count >= size) {
      merged.push(open)
      open = null
    }
  }
  if (open !== null) merged.push(open)
  return merged
}

function join(a: Bucket, b: Bucket): Bucket {
  return {
    step: a.step,
    time: a.time,
    min: a.finite === 0 ? b.min : b.finite === 0 ? a.min : Math.min(a.min, b.min),
    max: a.finite === 0 ? b.max : b.finite === 0 ? a.max : Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    finite: a.finite + b.finite,
    count: a.count + b.count,
  }
}

/** A view where the bytes lie aligned, else a copy. */
function floats(blob: Uint8Array): Float64Array {
  const aligned = blob.byteOffset % 8 === 0 ? blob : Uint8Array.from(blob)
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 8)
}
