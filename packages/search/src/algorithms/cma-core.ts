// One generation of CMA-ES with negative weights (Hansen, "The CMA evolution strategy: a tutorial", 2016), pure:
// a state of plain numbers, a draw from it, and the state after the ranked points of a generation.

import { normal, type Random } from '../random.ts'
import { eigen } from './symmetric.ts'

/** In a box [0, 1]^d. */
export type Cma = {
  readonly generation: number
  readonly mean: readonly number[]
  readonly sigma: number
  readonly covariance: readonly (readonly number[])[]
  readonly path_sigma: readonly number[]
  readonly path_c: readonly number[]
}

export function cmaStart(mean: readonly number[], sigma: number): Cma {
  const zero = mean.map(() => 0)
  const covariance = mean.map((_, at) => mean.map((_, other) => (at === other ? 1 : 0)))
  return { generation: 0, mean, sigma, covariance, path_sigma: zero, path_c: zero }
}

export function populationOf(dimensions: number): number {
  return 4 + Math.floor(3 * Math.log(dimensions))
}

/** Standard deviation along the longest axis. */
export function reach(cma: Cma): number {
  return cma.sigma * Math.sqrt(Math.max(...eigen(cma.covariance).values))
}

/**
 * Draws anew up to 100 times until it lies in the box, then clamps. `least`: standard deviation that an axis keeps.
 * `first`: the standard normals of the first draw; independent ones from `random` when left out.
 */
export function cmaDraw(cma: Cma, random: Random, least: readonly number[], first?: readonly number[]): number[] {
  const { values, vectors } = eigen(cma.covariance)
  const scale = cma.mean.map((_, at) => {
    const own = cma.sigma * Math.sqrt(cma.covariance[at]?.[at] ?? 1)
    return Math.max(1, (least[at] ?? 0) / own)
  })
  let point: number[] = []
  for (let tries = 0; tries < 100; tries++) {
    const lengths = values.map((value, k) => {
      const z = (tries === 0 ? first?.[k] : undefined) ?? normal(random)
      return Math.sqrt(Math.max(value, 0)) * z
    })
    point = cma.mean.map((mean, axis) => {
      const y = lengths.reduce((sum, length, k) => sum + length * (vectors[k]?.[axis] ?? 0), 0)
      return mean + cma.sigma * y * (scale[axis] ?? 1)
    })
    if (point.every(x => x >= 0 && x <= 1)) return point
  }
  return point.map(x => Math.min(Math.max(x, 0), 1))
}

/** `points`: a whole generation, best first. */
export function cmaUpdate(cma: Cma, points: readonly (readonly number[])[]): Cma {
  const d = cma.mean.length
  const { weights, parents, c1, cmu, cc, c_sigma, d_sigma, mu_eff } = constants(d, points.length)
  const { values, vectors } = eigen(cma.covariance)
  const whiten = (y: readonly number[]) => {
    const result = y.map(() => 0)
    vectors.forEach((vector, k) => {
      const along = dot(vector, y) / Math.sqrt(Math.max(values[k] ?? 1, 1e-20))
      vector.forEach((value, at) => {
        result[at] = (result[at] ?? 0) + along * value
      })
    })
    return result
  }
  const steps = points.map(point => point.map((x, at) => (x - (cma.mean[at] ?? 0)) / cma.sigma))
  const move = cma.mean.map((_, at) =>
    steps.slice(0, parents).reduce((sum, y, k) => sum + (weights[k] ?? 0) * (y[at] ?? 0), 0),
  )
  const kept = Math.sqrt(c_sigma * (2 - c_sigma) * mu_eff)
  const white = whiten(move)
  const path_sigma = cma.path_sigma.map((p, at) => (1 - c_sigma) * p + kept * (white[at] ?? 0))
  const length = Math.sqrt(dot(path_sigma, path_sigma))
  const expected = Math.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d))
  const settled = length / Math.sqrt(1 - (1 - c_sigma) ** (2 * (cma.generation + 1)))
  const h = settled < (1.4 + 2 / (d + 1)) * expected ? 1 : 0
  const along = h * Math.sqrt(cc * (2 - cc) * mu_eff)
  const path_c = cma.path_c.map((p, at) => (1 - cc) * p + along * (move[at] ?? 0))
  const scaled = weights.map((w, k) => {
    if (w >= 0) return w
    const y = whiten(steps[k] ?? [])
    return (w * d) / (dot(y, y) + 1e-8)
  })
  const stay = 1 + c1 * (1 - h) * cc * (2 - cc) - c1 - cmu * weights.reduce((sum, w) => sum + w, 0)
  const covariance = cma.covariance.map((row, i) =>
    row.map((value, j) => {
      const ranked = steps.reduce((sum, y, k) => sum + (scaled[k] ?? 0) * (y[i] ?? 0) * (y[j] ?? 0), 0)
      return stay * value + c1 * (path_c[i] ?? 0) * (path_c[j] ?? 0) + cmu * ranked
    }),
  )
  return {
    generation: cma.generation + 1,
    mean: cma.mean.map((m, at) => m + cma.sigma * (move[at] ?? 0)),
    sigma: Math.min(cma.sigma * Math.exp((c_sigma / d_sigma) * (length / expected - 1)), 1e3),
    covariance,
    path_sigma,
    path_c,
  }
}

function constants(d: number, population: number) {
  const parents = Math.floor(population / 2)
  const raw = Array.from({ length: population }, (_, at) => Math.log((population + 1) / 2) - Math.log(at + 1))
  const mass = (values: readonly number[]) => {
    const sum = values.reduce((total, w) => total + w, 0)
    return sum ** 2 / values.reduce((total, w) => total + w * w, 0)
  }
  const mu_eff = mass(raw.slice(0, parents))
  const mu_minus = mass(raw.slice(parents))
  const c1 = 2 / ((d + 1.3) ** 2 + mu_eff)
  const cmu = Math.min(1 - c1 - 1e-8, (2 * (mu_eff - 2 + 1 / mu_eff)) / ((d + 2) ** 2 + mu_eff))
  const least = Math.min(1 + c1 / cmu, 1 + (2 * mu_minus) / (mu_eff + 2), (1 - c1 - cmu) / (d * cmu))
  const positive = raw.filter(w => w > 0).reduce((sum, w) => sum + w, 0)
  const negative = -raw.filter(w => w < 0).reduce((sum, w) => sum + w, 0)
  const weights = raw.map(w => (w >= 0 ? w / positive : (least * w) / negative))
  const c_sigma = (mu_eff + 2) / (d + mu_eff + 5)
  const d_sigma = 1 + 2 * Math.max(0, Math.sqrt((mu_eff - 1) / (d + 1)) - 1) + c_sigma
  const cc = (4 + mu_eff / d) / (d + 4 + (2 * mu_eff) / d)
  return { weights, parents, c1, cmu, cc, c_sigma, d_sigma, mu_eff }
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}
