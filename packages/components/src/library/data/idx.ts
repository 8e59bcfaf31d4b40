/**
 * IDX files, the format of MNIST (http://yann.lecun.com/exdb/mnist): magic number 0x00 0x00 type rank, sizes as big-endian
 * 32-bit numbers, values. Gzipped ones are unpacked. Bytes only, which is what images and labels are.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export interface Idx {
  readonly sizes: readonly number[]
  readonly values: Uint8Array
}

const UNSIGNED_BYTE = 0x08

/** @throws Error when the file cannot be read or is not a whole IDX file of bytes; the message names it. */
export function readIdx(path: string): Idx {
  const raw = readFileSync(path)
  const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw
  const wrong = (what: string) => new Error(`${path}: ${what}`)
  const rank = bytes[3] ?? 0
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || rank === 0) throw wrong('not an IDX file')
  if (bytes[2] !== UNSIGNED_BYTE)
    throw wrong(`values of type 0x${bytes[2]?.toString(16)}; only bytes (0x8) are supported`)
  const start = 4 + 4 * rank
  if (bytes.length < start) throw wrong('the file ends inside its head')
  const sizes = Array.from({ length: rank }, (_, i) => bytes.readUInt32BE(4 + 4 * i))
  const count = sizes.reduce((a, b) => a * b, 1)
  if (bytes.length !== start + count)
    throw wrong(`${bytes.length - start} values where ${sizes.join(' x ')} = ${count} are announced`)
  return { sizes, values: new Uint8Array(bytes.buffer, bytes.byteOffset + start, count) }
}
