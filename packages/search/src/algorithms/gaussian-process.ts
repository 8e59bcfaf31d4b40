// A Gaussian process with a Matern 5/2 kernel and one length per group of coordinates (ARD). Its lengths, scale and noise
// are the most probable ones under the priors of Optuna's GP sampler (design page, 2.7): gamma (2, 1) on the scale,
// gamma (1.1, 30) on the noise, exp(-0.1 (1 / x + x)) on the inverse squared lengths; noise at least 1e-6.
// Targets come standardised. Used by GP search and PB2.

import { bfgs } from './bfgs.ts'
import { cholesky, dot, inverseLower, inverseOf, times } from './cholesky.ts'

/** A point: coordinates, each belonging to a group that shares one length. */
export type GpPoint = Float64Array

/** Logarithms: of the inverse squared lengths (one a group), then of the scale, then of the noise. */
export type GpParams = readonly number[]

export interface GpModel {
  readonly params: GpParams
  /** Mean and variance of the function (without noise). */
  at(point: GpPoint): { readonly mean: number; readonly variance: number }
  /** The same, with both gradients by coordinate. */
  slopes(point: GpPoint): {
    readonly mean: number
    readonly variance: number
    readonly byMean: Float64Array
    readonly byVariance: Float64Array
  }
}

export const LEAST_NOISE = 1e-6

export function gpStart(groups: number): GpParams {
  return [...Array.from({ length: groups }, () => 0), 0, Math.log(0.01)]
}

/** The most probable parameters, from `start`, within so many evaluations. */
export function fitGp(
  points: readonly GpPoint[],
  targets: Float64Array,
  groups: readonly number[],
  start: GpParams,
  evaluations: number,
): GpParams {
  const n = points.length
  const count = groupCount(groups)
  const parts = squaredDistances(points, groups, count)
  const loss = (x: Float64Array) => lossOf(x, parts, targets, n, count)
  return [...bfgs(Float64Array.from(start), loss, { low: -12, high: 8, evaluations, tolerance: 1e-2 }).x]
}

/** The process that saw these points. Throws when the kernel matrix cannot be factored. */
export function gpModel(
  points: readonly GpPoint[],
  targets: Float64Array,
  groups: readonly number[],
  params: GpParams,
): GpModel {
  const n = points.length
  const count = groupCount(groups)
  const weights = params.slice(0, count).map(Math.exp)
  const scale = Math.exp(params[count] ?? 0)
  const noise = LEAST_NOISE + Math.exp(params[count + 1] ?? 0)
  const perAxis = Float64Array.from(groups, group => weights[group] ?? 0)
  const k = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      k[i * n + j] = scale * matern(distance(points[i], points[j], perAxis)) + (i === j ? noise : 0)
  const lower = factor(k, n)
  const inverse = inverseOf(inverseLower(lower, n), n)
  const alpha = times(inverse, targets)
  const distances = (point: GpPoint) => {
    const squared = new Float64Array(n)
    for (let i = 0; i < n; i++) squared[i] = distance(point, points[i], perAxis)
    return squared
  }
  const covariances = (squared: Float64Array) => {
    const c = new Float64Array(n)
    for (let i = 0; i < n; i++) c[i] = scale * matern(squared[i] as number)
    return c
  }
  return {
    params,
    at(point) {
      const c = covariances(distances(point))
      let mean = 0
      let variance = scale
      for (let i = 0; i < n; i++) {
        const ci = c[i] as number
        mean += ci * (alpha[i] as number)
        // Half of the symmetric form: twice the part below the diagonal.
        const sum = dot(inverse, i * n, c, 0, i)
        variance -= ci * (2 * sum + (inverse[i * n + i] as number) * ci)
      }
      return { mean, variance: Math.max(variance, 1e-12) }
    },
    slopes(point) {
      const squared = distances(point)
      const c = covariances(squared)
      const v = times(inverse, c)
      const byMean = new Float64Array(point.length)
      const byVariance = new Float64Array(point.length)
      let mean = 0
      let variance = scale
      for (let i = 0; i < n; i++) {
        mean += (c[i] as number) * (alpha[i] as number)
        variance -= (c[i] as number) * (v[i] as number)
        const slope = scale * maternSlope(squared[i] as number)
        const other = points[i] as GpPoint
        for (let axis = 0; axis < point.length; axis++) {
          const change = 2 * slope * (perAxis[axis] as number) * ((point[axis] as number) - (other[axis] as number))
          byMean[axis] = (byMean[axis] as number) + (alpha[i] as number) * change
          byVariance[axis] = (byVariance[axis] as number) - 2 * (v[i] as number) * change
        }
      }
      return { mean, variance: Math.max(variance, 1e-12), byMean, byVariance }
    },
  }
}

/** By the squared distance, so that its slope is finite at 0. */
function matern(squared: number): number {
  const r = Math.sqrt(5 * squared)
  return (1 + r + (5 / 3) * squared) * Math.exp(-r)
}

function maternSlope(squared: number): number {
  const r = Math.sqrt(5 * squared)
  return (-5 / 6) * (1 + r) * Math.exp(-r)
}

function groupCount(groups: readonly number[]): number {
  return groups.reduce((most, group) => Math.max(most, group + 1), 0)
}

function distance(a: GpPoint | undefined, b: GpPoint | undefined, weights: Float64Array): number {
  if (a === undefined || b === undefined) throw new Error('a point is missing')
  let sum = 0
  for (let axis = 0; axis < weights.length; axis++) {
    const gap = (a[axis] as number) - (b[axis] as number)
    sum += (weights[axis] as number) * gap * gap
  }
  return sum
}

/** Per group: the squared distance of every pair i > j, packed. */
function squaredDistances(points: readonly GpPoint[], groups: readonly number[], count: number): Float64Array[] {
  const n = points.length
  const parts = Array.from({ length: count }, () => new Float64Array((n * (n - 1)) / 2))
  groups.forEach((group, axis) => {
    const part = parts[group]
    if (part === undefined) return
    for (let i = 0, pair = 0; i < n; i++) {
      const x = points[i]?.[axis] ?? 0
      for (let j = 0; j < i; j++, pair++) part[pair] = (part[pair] as number) + (x - (points[j]?.[axis] ?? 0)) ** 2
    }
  })
  return parts
}

/** Negative log of likelihood times priors, up to a constant, with its gradient by the logarithms. */
function lossOf(x: Float64Array, parts: readonly Float64Array[], targets: Float64Array, n: number, count: number) {
  const weights = x.slice(0, count).map(Math.exp)
  const scale = Math.exp(x[count] ?? 0)
  const free = Math.exp(x[count + 1] ?? 0)
  const noise = LEAST_NOISE + free
  const pairs = (n * (n - 1)) / 2
  const squared = new Float64Array(pairs)
  parts.forEach((part, group) => {
    const weight = weights[group] as number
    for (let pair = 0; pair < pairs; pair++) squared[pair] = (squared[pair] as number) + weight * (part[pair] as number)
  })
  const k = new Float64Array(n * n)
  for (let i = 0, pair = 0; i < n; i++) {
    for (let j = 0; j < i; j++, pair++) k[i * n + j] = scale * matern(squared[pair] as number)
    k[i * n + i] = scale + noise
  }
  const gradient = new Float64Array(count + 2)
  const lower = cholesky(k, n)
  if (lower === null) return { value: Number.POSITIVE_INFINITY, gradient }
  const inverse = inverseOf(inverseLower(lower, n), n)
  const alpha = times(inverse, targets)
  let value = 0
  let trace = 0
  let square = 0
  for (let i = 0; i < n; i++) {
    value += Math.log(lower[i * n + i] as number) + 0.5 * (targets[i] as number) * (alpha[i] as number)
    trace += inverse[i * n + i] as number
    square += (alpha[i] as number) ** 2
  }
  // dLoss/dK = (K^-1 - alpha alpha^T) / 2; off the diagonal each pair counts twice.
  const slopes = new Float64Array(pairs)
  let byScale = 0.5 * scale * (trace - square)
  for (let i = 0, pair = 0; i < n; i++) {
    const ai = alpha[i] as number
    for (let j = 0; j < i; j++, pair++) {
      const outer = (inverse[i * n + j] as number) - ai * (alpha[j] as number)
      byScale += outer * (k[i * n + j] as number)
      slopes[pair] = outer * scale * maternSlope(squared[pair] as number)
    }
  }
  parts.forEach((part, group) => {
    let sum = 0
    for (let pair = 0; pair < pairs; pair++) sum += (slopes[pair] as number) * (part[pair] as number)
    const weight = weights[group] as number
    gradient[group] = sum * weight + 0.1 * (weight - 1 / weight)
    value += 0.1 * (weight + 1 / weight)
  })
  gradient[count] = byScale - 1 + scale
  value += scale - Math.log(scale)
  gradient[count + 1] = free * (0.5 * (trace - square) - 0.1 / noise + 30)
  value += 30 * noise - 0.1 * Math.log(noise)
  return { value, gradient }
}

/** With more on the diagonal when rounding made it indefinite. */
function factor(k: Float64Array, n: number): Float64Array {
  for (let more = 0; more <= 1e-2; more = more === 0 ? 1e-8 : more * 10) {
    for (let i = 0; i < n; i++) k[i * n + i] = (k[i * n + i] as number) + more
    const lower = cholesky(k, n)
    if (lower !== null) return lower
  }
  throw new Error('the kernel matrix cannot be factored')
}
