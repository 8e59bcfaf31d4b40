/** Event files as TensorBoard reads them: framing checked byte by byte, protobuf read back by a reader written from the schema. */
import { crc32c } from '@flambe/protocol'
import { describe, expect, it } from 'vitest'
import { eventFile } from './tfevents.ts'

const masked = (b: Uint8Array) => {
  const c = crc32c(b)
  return (((c >>> 15) | (c << 17)) + 0xa282ead8) >>> 0
}

/** Payloads of a TFRecord file; throws where a length or CRC does not fit. */
function frames(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const out: Uint8Array[] = []
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true))
    if (view.getUint32(at + 8, true) !== masked(file.subarray(at, at + 8))) throw new Error(`length CRC at ${at}`)
    const payload = file.subarray(at + 12, at + 12 + length)
    if (view.getUint32(at + 12 + length, true) !== masked(payload)) throw new Error(`payload CRC at ${at}`)
    out.push(payload)
    at += 16 + length
  }
  return out
}

/** Fields of one protobuf message: number to raw values. */
function fields(b: Uint8Array): Map<number, (number | bigint | Uint8Array)[]> {
  const view = new DataView(b.buffer, b.byteOffset, b.byteLength)
  const out = new Map<number, (number | bigint | Uint8Array)[]>()
  let at = 0
  const varint = () => {
    let n = 0n
    for (let shift = 0n; ; shift += 7n) {
      const x = b[at++] as number
      n |= BigInt(x & 127) << shift
      if (x < 128) return n
    }
  }
  while (at < b.length) {
    const key = Number(varint())
    let value: number | bigint | Uint8Array
    if ((key & 7) === 0) value = varint()
    else if ((key & 7) === 1) {
      value = view.getFloat64(at, true)
      at += 8
    } else if ((key & 7) === 5) {
      value = view.getFloat32(at, true)
      at += 4
    } else {
      const length = Number(varint())
      value = b.subarray(at, at + length)
      at += length
    }
    out.set(key >> 3, [...(out.get(key >> 3) ?? []), value])
  }
  return out
}

const text = (b: unknown) => new TextDecoder().decode(b as Uint8Array)

describe('an event file', () => {
  it('starts as every genuine one does', () => {
    const file = eventFile([], 1_700_000_000_000)
    expect([...file.subarray(0, 12)].map(x => x.toString(16).padStart(2, '0')).join(' ')).toBe(
      '18 00 00 00 00 00 00 00 a3 7f 4b 22',
    )
    const [version] = frames(file)
    expect(text(fields(version as Uint8Array).get(3)?.[0])).toBe('brain.Event:2')
  })

  it('holds each scalar with tag, step, value and time', () => {
    const scalars = [
      { tag: 'Training/Loss', step: 3, value: 0.25, time: 1_700_000_001_500 },
      { tag: 'ünï', step: 300_000, value: Number.NaN, time: 1_700_000_002_000 },
    ]
    const events = frames(eventFile(scalars, 1_700_000_000_000)).slice(1).map(fields)
    expect(events.length).toBe(2)
    for (const [i, event] of events.entries()) {
      const value = fields(fields(event.get(5)?.[0] as Uint8Array).get(1)?.[0] as Uint8Array)
      const wanted = scalars[i] as (typeof scalars)[number]
      expect(event.get(1)?.[0]).toBe(wanted.time / 1000)
      expect(event.get(2)?.[0]).toBe(BigInt(wanted.step))
      expect(text(value.get(1)?.[0])).toBe(wanted.tag)
      expect(value.get(2)?.[0]).toEqual(wanted.value)
    }
  })
})
