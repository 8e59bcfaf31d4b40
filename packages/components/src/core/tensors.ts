/**
 * `state.tensors`: named arrays in the safetensors layout, so that Python's safetensors reads it too: u64le length of the
 * header, JSON header (`name -> {dtype, shape, data_offsets}`, padded with blanks to 8 bytes), raw little-endian data
 * without gaps. Same arrays, same bytes. Knows nothing of TensorFlow.js.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { LoadError } from './failure.ts'

const TYPES = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const

export type Dtype = keyof typeof TYPES
export type Numbers = InstanceType<(typeof TYPES)[Dtype]>
export interface Entry {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly data: Numbers
}

/** The dtype of a typed array (never BOOL), or undefined for one that the format cannot hold. */
export function dtypeOf(data: unknown): Dtype | undefined {
  for (const [name, type] of Object.entries(TYPES)) if (data instanceof type) return name as Dtype
  return undefined
}

export function writeTensors(file: string, entries: ReadonlyMap<string, Entry>): void {
  // Widest elements first, so that every array starts at a multiple of its element's size.
  const order = [...entries].sort(([a, x], [b, y]) => width(y) - width(x) || (a < b ? -1 : a > b ? 1 : 0))
  let end = 0
  const header: { [name: string]: unknown } = Object.create(null)
  for (const [name, { dtype, shape, data }] of order) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const text = Buffer.from(JSON.stringify(header))
  const head = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ')
  head.writeBigUInt64LE(BigInt(head.length - 8))
  text.copy(head, 8)
  const fd = openSync(file, 'w')
  try {
    writeAll(fd, head)
    for (const [, { data }] of order) writeAll(fd, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  } finally {
    closeSync(fd)
  }
}

/** Throws a LoadError for anything that is not exactly such a file. */
export function readTensors(file: string): Map<string, Entry> {
  const bytes = readFileSync(file)
  const wrong = (why: string) => new LoadError(`${file} is damaged: ${why}`)
  if (bytes.length < 8) throw wrong('too short')
  const length = bytes.readBigUInt64LE(0)
  if (length > BigInt(bytes.length - 8)) throw wrong('header longer than the file')
  const start = 8 + Number(length)
  const entries = new Map<string, Entry>()
  let header: { [name: string]: { dtype: Dtype; shape: number[]; data_offsets: [number, number] } }
  try {
    header = JSON.parse(bytes.toString('utf8', 8, start))
  } catch {
    throw wrong('header is not JSON')
  }
  let total = 0
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const [from, to] = data_offsets
    const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined
    if (type === undefined) throw wrong(`${name} has the unknown type ${dtype}`)
    const size = shape.reduce((a, b) => a * b, 1) * type.BYTES_PER_ELEMENT
    if (!(from >= 0 && to - from === size && start + to <= bytes.length)) throw wrong(`${name} lies outside`)
    total += size
    // A copy of its own: aligned, and writable without touching its neighbours.
    const copy = new Uint8Array(bytes.subarray(start + from, start + to)).buffer
    entries.set(name, { dtype, shape, data: new type(copy) })
  }
  if (start + total !== bytes.length) throw wrong('length')
  return entries
}

const width = (e: Entry) => e.data.BYTES_PER_ELEMENT

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, Math.min(bytes.length - at, 1 << 26))
}
