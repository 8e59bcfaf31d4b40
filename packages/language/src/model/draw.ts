/**
 * The draws of `!s`: one stream of random numbers per option, made of the experiment's seed and the option's path, so that
 * adding an option moves no other. Called by `options`. Generator: sfc32 (C. Doty-Humphrey, PractRand), started from a
 * SHA-256.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { AstSample } from '../reader/ast.ts'
import { roundedRange } from '../reader/option.ts'

/** k values in the order of drawing. Whole numbers without, floats with replacement. */
export function draw(sample: AstSample, seed: number): number[] {
  const next = stream(`${seed}:${sample.path}`)
  return sample.decimals === null ? drawWhole(sample, next) : drawRounded(sample, sample.decimals, next)
}

/** The first k places of a Fisher-Yates shuffle, of which only the places that moved are held. */
function drawWhole({ low, high, k }: AstSample, next: () => number): number[] {
  const size = high - low
  const moved = new Map<number, number>()
  const drawn: number[] = []
  for (let i = 0; i < k; i += 1) {
    const j = i + Math.floor(next() * (size - i))
    drawn.push(low + (moved.get(j) ?? j))
    moved.set(j, moved.get(i) ?? i)
  }
  return drawn
}

function drawRounded({ low, high, k }: AstSample, decimals: number, next: () => number): number[] {
  const scale = 10 ** decimals
  const [first, end] = roundedRange(low, high, decimals)
  return Array.from({ length: k }, () => {
    const value = low + next() * (high - low)
    const place = Math.min(Math.max(Math.round(value * scale), first), end - 1)
    // Beyond 2^53 places there is nothing to round: the float itself is coarser.
    if (Math.abs(place) >= Number.MAX_SAFE_INTEGER) return Math.min(value, high)
    const rounded = place / scale
    return rounded === 0 ? 0 : rounded
  })
}

/** Uniform in [0, 1), 53 bits. */
function stream(name: string): () => number {
  const bytes = new DataView(sha256(utf8ToBytes(`flambe draw ${name}`)).buffer)
  let a = bytes.getUint32(0) | 0
  let b = bytes.getUint32(4) | 0
  let c = bytes.getUint32(8) | 0
  let counter = bytes.getUint32(12) | 0
  const word = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i += 1) word()
  return () => ((word() >>> 5) * 0x4000000 + (word() >>> 6)) / 0x20000000000000
}
