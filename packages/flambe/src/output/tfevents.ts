/**
 * Writes TensorBoard event files: TFRecord framing with masked CRC-32C around hand-encoded Event protobufs. Only scalars,
 * text and hyper-parameters as text: what a finished trial's records hold. The whole file is made at once and is
 * deterministic: times come from the records.
 */
import { crc32c } from '@flambe/protocol'

export interface Scalar {
  readonly tag: string
  readonly step: number
  readonly value: number
  /** ms since the epoch. */
  readonly time: number
}

/** The bytes of an event file: the version event, then one event a scalar. */
export function eventFile(scalars: Iterable<Scalar>, started: number): Uint8Array {
  const parts = [event([f64(1, started / 1000), bytes(3, utf8('brain.Event:2'))])]
  for (const s of scalars)
    parts.push(
      event([
        f64(1, s.time / 1000),
        int(2, s.step),
        bytes(5, bytes(1, concat([bytes(1, utf8(s.tag)), f32(2, s.value), SCALARS]))),
      ]),
    )
  return concat(parts)
}

const utf8 = (s: string) => new TextEncoder().encode(s)

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}

/** TFRecord: u64 length, masked CRC of it, payload, masked CRC of it; all little-endian. */
function event(fields: readonly Uint8Array[]): Uint8Array {
  const payload = concat(fields)
  const out = new Uint8Array(payload.length + 16)
  const view = new DataView(out.buffer)
  view.setBigUint64(0, BigInt(payload.length), true)
  view.setUint32(8, masked(out.subarray(0, 8)), true)
  out.set(payload, 12)
  view.setUint32(12 + payload.length, masked(payload), true)
  return out
}

function masked(data: Uint8Array): number {
  const crc = crc32c(data)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

function varint(n: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(Math.trunc(n)))
  const out: number[] = []
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  out.push(Number(rest))
  return Uint8Array.from(out)
}

// Protobuf fields: key = number << 3 | wire type.
const int = (field: number, n: number) => concat([varint(field << 3), varint(n)])
const bytes = (field: number, b: Uint8Array) => concat([varint((field << 3) | 2), varint(b.length), b])
function f64(field: number, x: number): Uint8Array {
  const out = new Uint8Array(9)
  out[0] = (field << 3) | 1
  new DataView(out.buffer).setFloat64(1, x, true)
  return out
}
function f32(field: number, x: number): Uint8Array {
  const out = new Uint8Array(5)
  out[0] = (field << 3) | 5
  new DataView(out.buffer).setFloat32(1, x, true)
  return out
}

/** SummaryMetadata{plugin_data{plugin_name: scalars}, data_class: SCALAR}. */
const SCALARS = bytes(9, concat([bytes(1, bytes(1, utf8('scalars'))), int(4, 1)]))
