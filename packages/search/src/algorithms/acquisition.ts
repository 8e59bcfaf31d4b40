// The point of a space where an acquisition function is largest: quasi-random points and neighbours of the best trials,
// then, from the best few, slopes on real numbers and one dimension at a time on steps and choices.

import type { Random } from '../random.ts'
import { bfgs } from './bfgs.ts'
import { type Coding, childrenOf, type Dimension, type NumericDimension } from './coding.ts'
import { shareOf } from './embedding.ts'
import { SOBOL_DIMENSIONS, scrambleOf, sobol } from './sobol-points.ts'
import { codeFrom, valueAt } from './unit.ts'

/** To be maximised, over codes; the gradient is by the coordinates of the embedding. */
export interface Acquisition {
  readonly value: (code: Float64Array) => number
  readonly slope: (code: Float64Array) => { readonly value: number; readonly gradient: Float64Array }
  /** The first coordinate of each dimension. */
  readonly first: readonly number[]
}

export function bestPoint(
  coding: Coding,
  acquisition: Acquisition,
  incumbents: readonly Float64Array[],
  random: Random,
): Float64Array {
  const scramble = scrambleOf(random)
  const spread = Array.from({ length: 256 }, (_, at) =>
    codeFrom(coding, d => (d.at < SOBOL_DIMENSIONS ? sobol(at, d.at, scramble) : random())),
  )
  const near = incumbents.flatMap(code => Array.from({ length: 20 }, () => neighbour(coding, code, random)))
  const scored = [...spread, ...near].map(code => ({ code, value: acquisition.value(code) }))
  scored.sort((a, b) => b.value - a.value)
  // Of near twins, one start is enough.
  const starts: { code: Float64Array; value: number }[] = []
  for (const start of scored) {
    if (starts.length === STARTS) break
    if (starts.every(other => apart(coding, start.code, other.code) > 0.01)) starts.push(start)
  }
  let best = starts[0]
  for (const start of starts) {
    const climbed = climb(coding, acquisition, start)
    if (best === undefined || climbed.value > best.value) best = climbed
  }
  if (best === undefined) throw new Error('a space without points')
  return best.code
}

const STARTS = 5

type Scored = { readonly code: Float64Array; readonly value: number }

function climb(coding: Coding, acquisition: Acquisition, start: Scored): Scored {
  let now = start
  for (let round = 0; round < 2; round++) {
    const before = now.value
    now = bySlopes(coding, acquisition, now)
    const stepped = byTrying(coding, acquisition, now)
    if (stepped === now || stepped.value - before < 1e-6) return stepped
    now = stepped
  }
  return now
}

function bySlopes(coding: Coding, acquisition: Acquisition, start: Scored): Scored {
  const free = active(coding.roots, start.code).filter(
    (d): d is NumericDimension => d.kind === 'number' && d.step === 0,
  )
  if (free.length === 0) return start
  const at = (x: Float64Array) => {
    const code = start.code.slice()
    free.forEach((d, axis) => {
      code[d.at] = valueAt(d, x[axis] ?? 0)
    })
    return code
  }
  const from = Float64Array.from(free, d => shareOf(d, start.code[d.at] ?? 0))
  const found = bfgs(
    from,
    x => {
      const { value, gradient } = acquisition.slope(at(x))
      return { value: -value, gradient: Float64Array.from(free, d => -(gradient[acquisition.first[d.at] ?? 0] ?? 0)) }
    },
    { low: 0, high: 1, evaluations: 30, tolerance: 1e-4 },
  )
  return -found.value > start.value ? { code: at(found.x), value: -found.value } : start
}

function byTrying(coding: Coding, acquisition: Acquisition, start: Scored): Scored {
  let now = start
  for (const d of active(coding.roots, start.code)) {
    const own = now.code[d.at] ?? Number.NaN
    if (Number.isNaN(own)) continue
    for (const value of others(d, own)) {
      const code = filled(coding.roots, now.code.with(d.at, value))
      const there = acquisition.value(code)
      if (there > now.value) now = { code, value: there }
    }
  }
  return now
}

/** All of few values; of many, the nearest and some further away. */
function others(d: Dimension, own: number): number[] {
  if (d.kind === 'choice') return d.values.map((_, at) => at).filter(at => at !== own)
  if (d.step === 0) return []
  const share = shareOf(d, own)
  const places =
    d.size <= 16
      ? Array.from({ length: d.size }, (_, at) => d.outward(d.inward(d.ends[0] + at * d.step)))
      : [
          d.outward(d.inward(own - d.step)),
          d.outward(d.inward(own + d.step)),
          ...[-0.2, -0.05, 0.05, 0.2].map(by => valueAt(d, Math.min(Math.max(share + by, 0), 1))),
        ]
  return places.filter(value => value !== own)
}

/** Only what is active, and the middle of what became active. */
function filled(level: readonly Dimension[], code: Float64Array): Float64Array {
  const whole = new Float64Array(code.length).fill(Number.NaN)
  const fill = (dimensions: readonly Dimension[]) => {
    for (const d of dimensions) {
      const value = code[d.at] ?? Number.NaN
      whole[d.at] = Number.isNaN(value) ? valueAt(d, 0.5) : value
      fill(childrenOf(d, whole))
    }
  }
  fill(level)
  return whole
}

function neighbour(coding: Coding, code: Float64Array, random: Random): Float64Array {
  const moved = code.slice()
  const reach = 0.2 * random() ** 2
  for (const d of active(coding.roots, code)) {
    const value = code[d.at] ?? Number.NaN
    if (d.kind === 'choice') moved[d.at] = value < 0 || random() < 0.1 ? valueAt(d, random()) : value
    else moved[d.at] = valueAt(d, Math.min(Math.max(shareOf(d, value) + reach * (2 * random() - 1), 0), 1))
  }
  return filled(coding.roots, moved)
}

function active(level: readonly Dimension[], code: Float64Array): Dimension[] {
  return level.flatMap(d => [d, ...active(childrenOf(d, code), code)])
}

/** The largest gap on any axis, as a share of its range. */
function apart(coding: Coding, a: Float64Array, b: Float64Array): number {
  let most = 0
  for (const d of coding.all) {
    const x = a[d.at] ?? Number.NaN
    const y = b[d.at] ?? Number.NaN
    if (Number.isNaN(x) && Number.isNaN(y)) continue
    if (Number.isNaN(x) || Number.isNaN(y)) return 1
    most = Math.max(most, d.kind === 'choice' ? Number(x !== y) : Math.abs(shareOf(d, x) - shareOf(d, y)))
  }
  return most
}
