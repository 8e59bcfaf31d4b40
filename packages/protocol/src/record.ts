/**
 * Records: what a trial process appends to `records`. Framing: u32le length of the payload, u32le CRC-32C of the payload,
 * payload (UTF-8 JSON of one Record). A reader stops at the first frame that is short or whose CRC is wrong: the end of the
 * good part. The stream's offset is the number of bytes before a frame, which is the record's key.
 */
import { z } from 'zod'
import { bag, count, metric, text } from './common.ts'

const time = z.number() // ms since the epoch, the trial machine's clock; shown, never compared
const tag = text(500)

export const record = z.discriminatedUnion('t', [
  /** Up to some hundred scalars of one moment: `values[i]` belongs to `tags[i]`. */
  z.object({
    t: z.literal('points'),
    time,
    step: z.number(),
    tags: z.array(tag).max(1_000),
    values: z.array(metric).max(1_000),
  }),
  /** A step of the component ended: what search, schedulers and reduce look at. */
  z.object({ t: z.literal('result'), time, step: count, metric: metric.nullable() }),
  z.object({ t: z.literal('text'), time, step: z.number(), tag, text: text(100_000) }),
  /** Histograms, images, curves: small JSON; images as base64 PNG of at most 150 kB. */
  z.object({
    t: z.literal('media'),
    time,
    step: z.number(),
    tag,
    kind: z.enum(['image', 'histogram', 'pr_curve']),
    data: bag(200_000),
  }),
  z.object({ t: z.literal('hparams'), time, values: bag(50_000) }),
  /** `checkpoints/<number>` is complete; the agent uploads it. */
  z.object({ t: z.literal('checkpoint'), time, number: count, step: count }),
  /** Environment: backend, adapter, versions. The first record of every attempt. */
  z.object({ t: z.literal('start'), time, environment: bag(20_000) }),
  /** Progress inside a step, 0..1, for the page. */
  z.object({ t: z.literal('progress'), time, step: z.number(), done: z.number(), note: text(200) }),
])
export type Record = z.infer<typeof record>

const TABLE = new Uint32Array(256).map((_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0x82f63b78 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

/** CRC-32C (Castagnoli), as in RFC 3720. `crc32c('123456789')` = 0xe3069283. */
export function crc32c(data: Uint8Array): number {
  let c = 0xffffffff
  for (let i = 0; i < data.length; i++) c = (TABLE[(c ^ (data[i] as number)) & 255] as number) ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

export const FRAME_BYTES = 8
/** A payload is at most this long: a batch must hold one. */
export const MAX_PAYLOAD_BYTES = 250_000

export function frame(payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(FRAME_BYTES + payload.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, payload.length, true)
  view.setUint32(4, crc32c(payload), true)
  out.set(payload, FRAME_BYTES)
  return out
}

export interface Frames {
  /** Payloads in order, views into `data`. */
  readonly payloads: readonly Uint8Array[]
  /** Bytes of `data` that these frames take up: whole, good frames only. */
  readonly end: number
  /** Why reading stopped: all read, more bytes needed, or a frame that is wrong. */
  readonly stop: 'end' | 'short' | 'damaged'
}

/** Reads whole frames from `data`, at most up to `limit` bytes (but at least one frame if it fits in `data`). */
export function unframe(data: Uint8Array, limit = data.length): Frames {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const payloads: Uint8Array[] = []
  let at = 0
  while (at < data.length) {
    if (at + FRAME_BYTES > data.length) return { payloads, end: at, stop: 'short' }
    const length = view.getUint32(at, true)
    // No record is empty: zeros are what a power loss leaves at the end of a file, and their checksum is right.
    if (length === 0 || length > MAX_PAYLOAD_BYTES) return { payloads, end: at, stop: 'damaged' }
    const next = at + FRAME_BYTES + length
    if (next > data.length) return { payloads, end: at, stop: 'short' }
    if (next > limit && payloads.length > 0) return { payloads, end: at, stop: 'end' }
    const payload = data.subarray(at + FRAME_BYTES, next)
    if (crc32c(payload) !== view.getUint32(at + 4, true)) return { payloads, end: at, stop: 'damaged' }
    payloads.push(payload)
    at = next
  }
  return { payloads, end: at, stop: 'end' }
}
