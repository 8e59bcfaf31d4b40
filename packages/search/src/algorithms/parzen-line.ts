// A Parzen mixture over one dimension: what independent TPE asks for once per option. It says what `parzen.ts` says, but
// adds densities instead of logarithms, and looks only at kernels within reach: the narrow ones, most of them, stand sorted.
// Nothing underflows, since the prior's kernel is as wide as the range.

import type { ChoiceDimension, Dimension, NumericDimension } from './coding.ts'
import {
  cellMass,
  choiceKernels,
  type KernelRule,
  LOG_SQRT_2PI,
  leastWidth,
  massInside,
  numberKernels,
  numberOfKernel,
  optionOfKernel,
  pickKernel,
} from './kernels.ts'
import type { Parzen } from './parzen.ts'

/** `codes` in the order of trial numbers, oldest first; the dimension is active in each of them. */
export function parzenLine(d: Dimension, codes: readonly Float64Array[], rule: KernelRule): Parzen {
  const weights = rule.weights(codes.length)
  let total = 0
  for (let at = 0; at < weights.length; at++) total += weights[at] as number
  const { draw, density } = d.kind === 'choice' ? choice(d, codes, weights) : number(d, codes, weights, rule)
  return {
    sample(random, code) {
      code[d.at] = draw(pickKernel(weights, total, random), random)
    },
    logDensity: candidates =>
      Float64Array.from(candidates, code => Math.log(density(code[d.at] ?? Number.NaN) / total)),
  }
}

interface Line {
  readonly draw: (kernel: number, random: () => number) => number
  /** Times the sum of all weights. */
  readonly density: (value: number) => number
}

function choice(d: ChoiceDimension, codes: readonly Float64Array[], weights: Float64Array): Line {
  const kernels = choiceKernels(d, codes)
  const { chosen, hit, miss, uniform } = kernels
  const masses = new Float64Array(d.values.length)
  let everywhere = 0
  for (let at = 0; at < chosen.length; at++) {
    const own = chosen[at] as number
    const weight = weights[at] as number
    everywhere += weight * (own < 0 ? uniform : miss)
    if (own >= 0) masses[own] = (masses[own] as number) + weight * (hit - miss)
  }
  return {
    draw: (kernel, random) => optionOfKernel(d, kernels, kernel, random),
    density: value => everywhere + (masses[value] ?? 0),
  }
}

function number(d: NumericDimension, codes: readonly Float64Array[], weights: Float64Array, rule: KernelRule): Line {
  const kernels = numberKernels(d, codes, rule)
  const narrow = leastWidth(d, codes.length)
  const sum = d.step > 0 ? massOfCell(d) : densityAt(d)
  const { near, far } = shelves(d, kernels, weights, narrow)
  return {
    draw: (kernel, random) => numberOfKernel(d, kernels, kernel, random),
    density: value => sum(value, near, REACH * narrow) + sum(value, far, Number.POSITIVE_INFINITY),
  }
}

/** Kernels by their means; those of the same place and width are one, with the sum of their weights. */
interface Shelf {
  readonly means: Float64Array
  readonly widths: Float64Array
  /** The weight over the mass inside of the range. */
  readonly weights: Float64Array
  count: number
}

/** Beyond so many widths a kernel adds less than 1e-16 of what it adds at its mean. */
const REACH = 8.6

function shelves(
  d: NumericDimension,
  { means, widths, order }: ReturnType<typeof numberKernels>,
  weights: Float64Array,
  narrow: number,
): { readonly near: Shelf; readonly far: Shelf } {
  const near = shelf(means.length)
  const far = shelf(means.length)
  for (let place = 0; place <= order.length; place++) {
    const at = place < order.length ? (order[place] as number) : order.length
    const mean = means[at] as number
    const width = widths[at] as number
    const on = width === narrow ? near : far
    const last = on.count - 1
    if (last < 0 || on.means[last] !== mean || on.widths[last] !== width) {
      on.means[on.count] = mean
      on.widths[on.count] = width
      on.count++
    }
    on.weights[on.count - 1] = (on.weights[on.count - 1] as number) + (weights[at] as number)
  }
  for (const { means: at, widths: wide, weights: own, count } of [near, far])
    for (let place = 0; place < count; place++)
      own[place] = (own[place] as number) / massInside(d, at[place] as number, wide[place] as number)
  return { near, far }
}

function shelf(size: number): Shelf {
  return { means: new Float64Array(size), widths: new Float64Array(size), weights: new Float64Array(size), count: 0 }
}

type Sum = (value: number, shelf: Shelf, reach: number) => number

function densityAt(d: NumericDimension): Sum {
  const scale = Math.exp(-LOG_SQRT_2PI)
  return (value, { means, widths, weights, count }, reach) => {
    const x = d.inward(value)
    let sum = 0
    for (let at = firstFrom(means, count, x - reach); at < count; at++) {
      const away = x - (means[at] as number)
      if (away < -reach) break
      const width = widths[at] as number
      const z = away / width
      sum += ((weights[at] as number) / width) * Math.exp(-0.5 * z * z)
    }
    return sum * scale
  }
}

function massOfCell(d: NumericDimension): Sum {
  return (value, { means, widths, weights, count }, reach) => {
    const [from, to] = d.cell(value)
    const middle = (from + to) / 2
    let sum = 0
    for (let at = firstFrom(means, count, from - reach); at < count; at++) {
      const mean = means[at] as number
      if (mean > to + reach) break
      const inverse = 1 / (widths[at] as number)
      sum += (weights[at] as number) * Math.exp(cellMass((middle - mean) * inverse, (to - from) * inverse))
    }
    return sum
  }
}

/** The first place whose mean is not below `value`. */
function firstFrom(means: Float64Array, count: number, value: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if ((means[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
