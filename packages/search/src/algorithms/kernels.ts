// The kernels of a Parzen mixture, for both forms of it (`parzen.ts`, `parzen-line.ts`): weights by age, widths by the gaps to
// neighbours, masses of cells and of what lies inside of a range. The rules are those of Optuna 5.0 (design page, TPE, joint rule).

import type { Random } from '../random.ts'
import { type ChoiceDimension, type NumericDimension, UNKNOWN } from './coding.ts'
import { cdf, logMass, truncated } from './gauss.ts'
import { orderOf } from './order.ts'

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

/** One kernel per trial, in the order of their numbers, and the prior's at the end. */
export interface NumberKernels {
  readonly means: Float64Array
  readonly widths: Float64Array
  /** Of all but the prior, by mean. */
  readonly order: Uint32Array
}

export function numberKernels(d: NumericDimension, codes: readonly Float64Array[], rule: KernelRule): NumberKernels {
  const { low, high } = d
  const means = new Float64Array(codes.length + 1)
  for (let at = 0; at < codes.length; at++) means[at] = d.inward(codes[at]?.[d.at] ?? low)
  means[codes.length] = (low + high) / 2
  const own = means.subarray(0, codes.length)
  const order = own.length < SMALL ? smallOrder(own) : orderOf(own, low, high)
  return { means, order, widths: widthsOf(d, own, order, rule.spread ?? 1) }
}

/** A kernel by its weight; `total` is their sum. */
export function pickKernel(weights: Float64Array, total: number, random: Random): number {
  let left = random() * total
  let kernel = 0
  while (kernel < weights.length - 1 && left >= (weights[kernel] as number)) left -= weights[kernel++] as number
  return kernel
}

/** A value of one kernel of a numeric dimension. */
export function numberOfKernel(d: NumericDimension, kernels: NumberKernels, kernel: number, random: Random): number {
  const { means, widths } = kernels
  return d.outward(truncated(means[kernel] as number, widths[kernel] as number, d.low, d.high, random()))
}

/** The mass of a kernel inside of the range. */
export function massInside(d: NumericDimension, mean: number, width: number): number {
  return 1 - tailBeyond((d.high - mean) / width) - tailBeyond((mean - d.low) / width)
}

/** Every option has a share, and the one that was chosen 1 more; the prior, and an option that is gone, say nothing. */
export interface ChoiceKernels {
  readonly chosen: Int32Array
  /** Of the option that was chosen, of each other one, and of each one where nothing is known. */
  readonly hit: number
  readonly miss: number
  readonly uniform: number
}

export function choiceKernels(d: ChoiceDimension, codes: readonly Float64Array[]): ChoiceKernels {
  const size = d.values.length
  const share = 1 / (codes.length + 1)
  const sum = 1 + size * share
  const chosen = new Int32Array(codes.length + 1).fill(UNKNOWN)
  for (let at = 0; at < codes.length; at++) chosen[at] = codes[at]?.[d.at] ?? UNKNOWN
  return { chosen, hit: (1 + share) / sum, miss: share / sum, uniform: 1 / size }
}

/** An option of one kernel of a choice. */
export function optionOfKernel(d: ChoiceDimension, kernels: ChoiceKernels, kernel: number, random: Random): number {
  const size = d.values.length
  const own = kernels.chosen[kernel] as number
  const others = size * kernels.miss
  const at = random()
  if (own === UNKNOWN) return Math.min(Math.floor(at * size), size - 1)
  return at >= others ? own : Math.min(Math.floor(at / kernels.miss), size - 1)
}

/**
 * The log mass of a normal around `z`, over `size` widths. Small cells: exp(-t * t / 2) over the cell is replaced by its
 * mean, which leaves size^4 / 1000 of error, and the rest integrates to a sinh, here times exp(-half).
 */
export function cellMass(z: number, size: number): number {
  if (size > 0.5) return logMass(z - size / 2, z + size / 2)
  const half = Math.abs(z * size) / 2
  const sinh = half < 1e-3 ? 1 - half + (2 / 3) * half * half : (1 - Math.exp(-2 * half)) / (2 * half)
  return Math.log(size * sinh) + half - (size * size) / 24 - LOG_SQRT_2PI - 0.5 * z * z
}

export const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI)

/** No kernel is narrower than this: the "magic clip". */
export function leastWidth(d: NumericDimension, trials: number): number {
  return (d.high - d.low) / Math.min(100, 2 + trials)
}

/** The larger gap to a neighbour; of two or more, the outermost look inward only. The prior's width comes last. */
function widthsOf(d: NumericDimension, means: Float64Array, order: Uint32Array, spread: number): Float64Array {
  const { low, high } = d
  const n = means.length
  const range = high - low
  const least = leastWidth(d, n)
  const widths = new Float64Array(n + 1)
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

function tailBeyond(z: number): number {
  return z > 8.3 ? 0 : cdf(-z)
}
