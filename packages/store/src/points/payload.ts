/**
 * The write-ahead form of points: one blob for each append, read again when it is sealed or when a page wants the open end
 * of a series. For each tag: f64 series id, f64 count, then steps, times, values as f64 (little-endian). All is aligned to
 * eight bytes, so that reading copies nothing.
 */
import type { PointBatch } from '../contract.ts'
import type { Points } from './bucket.ts'

export interface Part extends Points {
  readonly series: number
}

export function encodePayload(batches: readonly PointBatch[], seriesOf: (tag: string) => number): Buffer {
  const size = batches.reduce((sum, batch) => sum + 2 + 3 * batch.steps.length, 0)
  const all = new Float64Array(size)
  let at = 0
  for (const { tag, steps, times, values } of batches) {
    const n = steps.length
    if (times.length !== n || values.length !== n) throw new Error(`columns of ${tag} differ in length`)
    all[at] = seriesOf(tag)
    all[at + 1] = n
    all.set(steps, at + 2)
    all.set(times, at + 2 + n)
    all.set(values, at + 2 + 2 * n)
    at += 2 + 3 * n
  }
  return Buffer.from(all.buffer)
}

export function decodePayload(blob: Uint8Array): Part[] {
  const bytes = blob.byteOffset % 8 === 0 ? blob : Uint8Array.from(blob)
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
  const parts: Part[] = []
  for (let at = 0; at < all.length; ) {
    const n = all[at + 1] as number
    const from = at + 2
    parts.push({
      series: all[at] as number,
      steps: all.subarray(from, from + n),
      times: all.subarray(from + n, from + 2 * n),
      values: all.subarray(from + 2 * n, from + 3 * n),
    })
    at = from + 3 * n
  }
  return parts
}
