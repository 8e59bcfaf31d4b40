// A Parzen mixture over some dimensions: one kernel per trial, its coordinates together, and one wide prior kernel.
// Every kernel is truncated to the range and normalised by itself; steps are scored by the mass of their cells.
// Over one dimension `parzen-line.ts` says the same at less cost.

import type { Random } from '../random.ts'
import type { ChoiceDimension, Dimension, NumericDimension } from './coding.ts'
import { UNKNOWN } from './coding.ts'
import {
  cellMass,
  choiceKernels,
  type KernelRule,
  LOG_SQRT_2PI,
  massInside,
  type NumberKernels,
  numberKernels,
  numberOfKernel,
  optionOfKernel,
  pickKernel,
} from './kernels.ts'
import { parzenLine } from './parzen-line.ts'

export interface Parzen {
  /** Writes a draw into `code`; one kernel for all dimensions. */
  sample(random: Random, code: Float64Array): void
  /** The log density (or mass, for steps and choices) of each code. */
  logDensity(codes: readonly Float64Array[]): Float64Array
}

/** `codes` in the order of trial numbers, oldest first; every dimension is active in each of them. */
export function parzen(dimensions: readonly Dimension[], codes: readonly Float64Array[], rule: KernelRule): Parzen {
  const [first, second] = dimensions
  return first !== undefined && second === undefined
    ? parzenLine(first, codes, rule)
    : parzenProduct(dimensions, codes, rule)
}

/** The general form, for any number of dimensions. */
export function parzenProduct(
  dimensions: readonly Dimension[],
  codes: readonly Float64Array[],
  rule: KernelRule,
): Parzen {
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
      const kernel = pickKernel(weights, total, random)
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

interface Side {
  readonly sample: (kernel: number, random: Random) => number
  /** Adds each kernel's log density at a value to `logs`. */
  readonly add: (value: number, logs: Float64Array) => void
}

function choices(d: ChoiceDimension, codes: readonly Float64Array[]): Side {
  const kernels = choiceKernels(d, codes)
  const { chosen } = kernels
  const [hit, miss, uniform] = [Math.log(kernels.hit), Math.log(kernels.miss), Math.log(kernels.uniform)]
  return {
    sample: (kernel, random) => optionOfKernel(d, kernels, kernel, random),
    add(value, logs) {
      for (let at = 0; at < chosen.length; at++)
        logs[at] = (logs[at] as number) + (chosen[at] === UNKNOWN ? uniform : chosen[at] === value ? hit : miss)
    },
  }
}

/** The normalising constants go into `base` once, so that a value costs one square per kernel. */
function numbers(d: NumericDimension, codes: readonly Float64Array[], base: Float64Array, rule: KernelRule): Side {
  const kernels = numberKernels(d, codes, rule)
  const { means, widths } = kernels
  const inverse = new Float64Array(means.length)
  for (let at = 0; at < means.length; at++) {
    const width = widths[at] as number
    inverse[at] = 1 / width
    const inside = massInside(d, means[at] as number, width)
    base[at] = (base[at] as number) - Math.log(d.step > 0 ? inside : inside * width) - (d.step > 0 ? 0 : LOG_SQRT_2PI)
  }
  const sample = (kernel: number, random: Random) => numberOfKernel(d, kernels, kernel, random)
  if (d.step > 0) return { sample, add: cellMasses(d, kernels) }
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
}

/** Equal kernels are common on few steps: each distinct one is computed once per value. */
function cellMasses(d: NumericDimension, { means, widths, order }: NumberKernels): Side['add'] {
  const group = new Int32Array(means.length)
  const first: number[] = []
  // Equal ones stand side by side, but for the ends of a run, whose widths reach to the neighbours.
  const known = new Map<number, number>()
  let mean = Number.NaN
  for (let place = 0; place <= order.length; place++) {
    const at = place < order.length ? (order[place] as number) : order.length
    if (means[at] !== mean) known.clear()
    mean = means[at] as number
    let own = known.get(widths[at] as number)
    if (own === undefined) {
      own = first.length
      known.set(widths[at] as number, own)
      first.push(at)
    }
    group[at] = own
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
