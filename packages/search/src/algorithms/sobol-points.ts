// Points of Sobol's sequence in [0, 1), 32 bits each, with Owen scrambling by hash (Burley, "Practical hash-based Owen
// scrambling", 2020). A point follows from its index alone.

import type { Random } from '../random.ts'
import { joeKuo } from './joe-kuo.ts'

/** Dimensions that have direction numbers. */
export const SOBOL_DIMENSIONS = joeKuo.length + 1

/** One seed per dimension; null leaves the sequence as it is. */
export type Scramble = Uint32Array | null

export function scrambleOf(random: Random, dimensions = SOBOL_DIMENSIONS): Uint32Array {
  return Uint32Array.from({ length: dimensions }, () => random() * 2 ** 32)
}

/** Coordinate `dimension` (from 0) of point `index` (from 0). */
export function sobol(index: number, dimension: number, scramble: Scramble): number {
  const directions = DIRECTIONS[dimension]
  if (directions === undefined) throw new Error(`no direction numbers for dimension ${dimension}`)
  let bits = 0
  for (let left = index >>> 0, at = 0; left !== 0; left >>>= 1, at++) if (left & 1) bits ^= directions[at] ?? 0
  return (scramble === null ? bits >>> 0 : owen(bits, scramble[dimension] ?? 0)) / 2 ** 32
}

const DIRECTIONS = [vanDerCorput(), ...joeKuo.map(({ a, m }) => directionsOf(a, m))]

function vanDerCorput(): Uint32Array {
  return Uint32Array.from({ length: 32 }, (_, at) => 2 ** (31 - at))
}

function directionsOf(a: number, m: readonly number[]): Uint32Array {
  const degree = m.length
  const v = new Uint32Array(32)
  for (let at = 0; at < 32; at++) {
    if (at < degree) {
      v[at] = (m[at] ?? 0) * 2 ** (31 - at)
      continue
    }
    const old = v[at - degree] ?? 0
    let next = old ^ (old >>> degree)
    for (let k = 1; k < degree; k++) if ((a >> (degree - 1 - k)) & 1) next ^= v[at - k] ?? 0
    v[at] = next
  }
  return v
}

/** Each bit is flipped by a hash of the bits above it (Laine and Karras' permutation of the reversed bits). */
function owen(bits: number, seed: number): number {
  let x = reverse(bits)
  x = (x + seed) | 0
  x ^= Math.imul(x, 0x6c50b47c)
  x ^= Math.imul(x, 0xb82f1e52)
  x ^= Math.imul(x, 0xc7afe638)
  x ^= Math.imul(x, 0x8d22f6e6)
  return reverse(x) >>> 0
}

function reverse(bits: number): number {
  let x = bits
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1)
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2)
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4)
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8)
  return (x >>> 16) | (x << 16)
}
