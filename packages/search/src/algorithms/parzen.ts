// A Parzen mixture over some dimensions: one kernel per trial, its coordinates together, and one wide prior kernel.
// The rules are those of Optuna 5.0 (design page, TPE, joint rule): neighbour gaps as widths, the "magic clip",
// every kernel truncated to the range and normalised by itself, steps scored by the mass of their cells.

import type { Random } from '../random.ts'
import { type ChoiceDimension, type Dimension, type NumericDimension, UNKNOWN } from './coding.ts'
import { cdf, logMass, truncated } from './gauss.ts'
import { orderOf } from './order.ts'

export interface Parzen {
  /** Writes a draw into `code`; one kernel for all dimensions. */
  sample(random: Random, code: Float64Array): void
  /** The log density (or mass, for steps and choices) of each code. */
  logDensity(codes: readonly Float64Array[]): Float64Array
}

/** `codes` in the order of trial numbers, oldest first; every dimension is active in each of them. */
export function parzen(dimensions: readonly Dimension[], codes: readonly Float64Array[], rule: KernelRule): Parzen {
  const kernels = codes.length + 1
  const weights = rule.weights(codes.length)
  let total = 0
  for (let at = 0; at < kernels; at++) total += weights[at] as number
  const base = new Float64Array(kernels)
  for (let at = 0; at < kernels; at++) base[at] = Math.log((weights[at] as number) / total)
  const sides = dimensions.map(d => (d.kind === 'choice' ? choices(d, codes) : numbers(d, codes, base, rule)))
  const logs = new Float64Array(kernels)
  return {
    sample(random, code) {
      let left = random() * total
      let kernel = 0
      while (kernel < kernels - 1 && left >= (weights[kernel] ?? 0)) left -= weights[kernel++] ?? 0
      dimensions.forEach((d, at) => {
        code[d.at] = sides[at]?.sample(kernel, random) ?? Number.NaN
      })
    },
    logDensity: candidates =>
      Float64Array.from(candidates, code => {
        logs.set(base)
        dimensions.forEach((d, at) => void sides[at]?.add(code[d.at] ?? Number.NaN, logs))
        return logSum(logs)
      }),
  }
}

export interface KernelRule {
  /** Of `n` trials, and of the prior at the end. */
  readonly weights: (n: number) => Float64Array
  /** Widths times this; 1 for TPE. */
  readonly spread?: number
}

/** Equal below 25 trials; then a ramp for the oldest and 1 for the newest 25. The prior weighs 1. */
export const optunaRule: KernelRule = {
  weights(n) {
    const weights = new Float64Array(n + 1).fill(1)
    for (let at = 0; at < n - 25; at++) weights[at] = 1 / n + (n - 26 > 0 ? (at / (n - 26)) * (1 - 1 / n) : 0)
    return weights
  },
}

interface Side {
  readonly sample: (kernel: number, random: Random) => number
  /** Adds each kernel's log density at a value to `logs`. */
  readonly add: (value: number, logs: Float64Array) => void
}

function choices(d: ChoiceDimension, codes: readonly Float64Array[]): Side {
  const kernels = codes.length + 1
  const size = d.values.length
  const share = 1 / kernels
  const sum = 1 + size * share
  const hit = Math.log((1 + share) / sum)
  const miss = Math.log(share / sum)
  const uniform = -Math.log(size)
  const chosen = new Int32Array(codes.length)
  for (let at = 0; at < chosen.length; at++) chosen[at] = codes[at]?.[d.at] ?? UNKNOWN
  return {
    sample(kernel, random) {
      const own = kernel < codes.length ? (chosen[kernel] ?? UNKNOWN) : UNKNOWN
      const at = random() * (own === UNKNOWN ? size * share : sum)
      if (own !== UNKNOWN && at >= size * share) return own
      return Math.min(Math.floor(at / share), size - 1)
    },
    add(value, logs) {
      for (let at = 0; at < chosen.length; at++)
        logs[at] = (logs[at] as number) + (chosen[at] === value ? hit : chosen[at] === UNKNOWN ? uniform : miss)
      logs[chosen.length] = (logs[chosen.length] as number) + uniform
    },
  }
}

/** The normalising constants go into `base` once, so that a value costs one square per kernel. */
function numbers(d: NumericDimension, codes: readonly Float64Array[], base: Float64Array, rule: KernelRule): Side {
  const { low, high } = d
  const means = new Float64Array(codes.length + 1)
  for (let at = 0; at < codes.length; at++) means[at] = d.inward(codes[at]?.[d.at] ?? low)
  means[codes.length] = (low + high) / 2
  const widths = widthsOf(means.subarray(0, codes.length), low, high, rule.spread ?? 1)
  const inverse = new Float64Array(means.length)
  for (let at = 0; at < means.length; at++) {
    const width = widths[at] ?? 1
    const mean = means[at] ?? 0
    inverse[at] = 1 / width
    const inside = 1 - tailBeyond((high - mean) / width) - tailBeyond((mean - low) / width)
    base[at] = (base[at] ?? 0) - Math.log(inside) - (d.step > 0 ? 0 : Math.log(width) + LOG_SQRT_2PI)
  }
  const sample = (kernel: number, random: Random) =>
    d.outward(truncated(means[kernel] ?? 0, widths[kernel] ?? 1, low, high, random()))
  if (d.step === 0)
    return {
      sample,
      add(value, logs) {
        const x = d.inward(value)
        for (let at = 0; at < logs.length; at++) {
          const z = (x - (means[at] as number)) * (inverse[at] as number)
          logs[at] = (logs[at] as number) - 0.5 * z * z
        }
      },
    }
  return { sample, add: cellMasses(d, means, widths) }
}

/** Equal kernels are common on few steps: each distinct one is computed once per value. */
function cellMasses(d: NumericDimension, means: Float64Array, widths: Float64Array): Side['add'] {
  const places = new Map<number, Map<number, number>>()
  const group = new Int32Array(means.length)
  const first: number[] = []
  for (let at = 0; at < means.length; at++) {
    const mean = means[at] ?? 0
    const width = widths[at] ?? 1
    let below = places.get(mean)
    if (below === undefined) {
      below = new Map<number, number>()
      places.set(mean, below)
    }
    let place = below.get(width)
    if (place === undefined) {
      place = first.length
      below.set(width, place)
      first.push(at)
    }
    group[at] = place
  }
  const table = (value: number) => {
    const [from, to] = d.cell(value)
    const middle = (from + to) / 2
    const masses = new Float64Array(first.length)
    for (let place = 0; place < masses.length; place++) {
      const at = first[place] as number
      const inverse = 1 / (widths[at] as number)
      masses[place] = cellMass((middle - (means[at] as number)) * inverse, (to - from) * inverse)
    }
    return masses
  }
  const kept = new Map<number, Float64Array>()
  return (value, logs) => {
    const masses = kept.get(value) ?? table(value)
    kept.set(value, masses)
    for (let at = 0; at < logs.length; at++) logs[at] = (logs[at] as number) + (masses[group[at] as number] as number)
  }
}

/**
 * The log mass of a normal around `z`, over `size` widths. Small cells: exp(-t * t / 2) over the cell is replaced by its
 * mean, which leaves size^4 / 1000 of error, and the rest integrates to a sinh.
 */
function cellMass(z: number, size: number): number {
  if (size > 0.5) return logMass(z - size / 2, z + size / 2)
  const half = Math.abs(z * size) / 2
  const slope = half < 1e-3 ? (half * half) / 6 : half + Math.log((1 - Math.exp(-2 * half)) / (2 * half))
  return Math.log(size) - (size * size) / 24 - LOG_SQRT_2PI - 0.5 * z * z + slope
}

/** The larger gap to a neighbour; of two or more, the outermost look inward only. The prior's width comes last. */
function widthsOf(means: Float64Array, low: number, high: number, spread: number): Float64Array {
  const n = means.length
  const range = high - low
  const least = range / Math.min(100, 2 + n)
  const widths = new Float64Array(n + 1)
  const order = n < SMALL ? smallOrder(means) : orderOf(means, low, high)
  for (let place = 0; place < n; place++) {
    const at = order[place] as number
    const mean = means[at] as number
    const left = place > 0 ? mean - (means[order[place - 1] as number] as number) : n > 1 ? 0 : mean - low
    const right = place < n - 1 ? (means[order[place + 1] as number] as number) - mean : n > 1 ? 0 : high - mean
    widths[at] = Math.min(Math.max(Math.max(left, right) * spread, least), range)
  }
  widths[n] = range
  return widths
}

/** Below this many, counting digits costs more than comparing. */
const SMALL = 64

function smallOrder(means: Float64Array): Uint32Array {
  return Uint32Array.from(means.keys()).sort((a, b) => (means[a] as number) - (means[b] as number) || a - b)
}

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI)

function tailBeyond(z: number): number {
  return z > 8.3 ? 0 : cdf(-z)
}

function logSum(logs: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY
  for (let at = 0; at < logs.length; at++) if ((logs[at] as number) > most) most = logs[at] as number
  if (most === Number.NEGATIVE_INFINITY) return most
  let sum = 0
  for (let at = 0; at < logs.length; at++) {
    const gap = (logs[at] as number) - most
    if (gap > -30) sum += Math.exp(gap)
  }
  return most + Math.log(sum)
}
