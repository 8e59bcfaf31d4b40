// Learning curves to simulate on: recorded ones, or synthetic ones that follow from the assignment, so that a search finds
// something: every number and choice has a hidden best place, and trials fall towards what their values are worth.

import type { Measure, Mode } from '../history.ts'
import { canonical } from '../json.ts'
import { normal, randomStream } from '../random.ts'
import type { Curves } from './drive.ts'

/** What a trial said at one step: one value, or one of each objective. */
export type CurvePoint = Measure | readonly Measure[]

/** Row i is trial i + 1; more trials than rows begin again. A row that ends early repeats its last value. */
export function recordedCurves(rows: readonly (readonly CurvePoint[])[]): Curves {
  if (rows.length === 0 || rows.some(row => row.length === 0)) throw new Error('a curve needs at least one value')
  const pointOf = (trial: number, step: number): CurvePoint => {
    const row = rows[(trial - 1) % rows.length] ?? []
    return row[Math.min(step, row.length) - 1] ?? null
  }
  const several = rows.some(row => row.some(isSeveral))
  return {
    steps: Math.max(...rows.map(row => row.length)),
    value: (trial, _assignment, step) => valuesOf(pointOf(trial, step))[0] ?? null,
    ...(several ? { values: (trial, _assignment, step) => valuesOf(pointOf(trial, step)) } : {}),
  }
}

function valuesOf(point: CurvePoint): readonly Measure[] {
  return isSeveral(point) ? point : [point]
}

function isSeveral(point: CurvePoint): point is readonly Measure[] {
  return Array.isArray(point)
}

export interface SyntheticOptions {
  readonly steps: number
  readonly seed: number
  readonly mode: Mode
  /** Of several objectives, the first one first; each has best places of its own, so they pull apart. Default: `[mode]`. */
  readonly modes?: readonly Mode[]
  /** Standard deviation of each report; default 0.01. */
  readonly noise?: number
}

/** From about 1 down to 0.1 at best (or up, from 0 to 0.9, where more is better). */
export function syntheticCurves({ steps, seed, mode, modes = [mode], noise = 0.01 }: SyntheticOptions): Curves {
  const curves = modes.map((own, at) => oneSynthetic(steps, seed, own, noise, at === 0 ? '' : `${at} `))
  const value: Curves['value'] = (...point) => curves[0]?.(...point) ?? null
  if (modes.length < 2) return { steps, value }
  return { steps, value, values: (...point) => curves.map(curve => curve(...point)) }
}

/** `salt` tells the objectives apart. */
function oneSynthetic(steps: number, seed: number, mode: Mode, noise: number, salt: string): Curves['value'] {
  const kept = new Map<number, { text: string; final: number; start: number; pace: number }>()
  const shapeOf = (trial: number, text: string, values: readonly (readonly [string, unknown])[]) => {
    const known = kept.get(trial)
    if (known?.text === text) return known
    const far = values.map(([name, value]) => distance(name, value, seed, salt))
    const final = 0.1 + 0.6 * Math.sqrt(far.reduce((sum, by) => sum + by ** 2, 0) / Math.max(far.length, 1))
    const own = randomStream(seed, `${salt}curve`, trial)
    const shape = { text, final, start: final + 0.2 + 0.3 * own(), pace: steps * (0.05 + 0.25 * own()) }
    kept.set(trial, shape)
    return shape
  }
  return (trial, assignment, step) => {
    const { final, start, pace } = shapeOf(trial, canonical(assignment), Object.entries(assignment))
    const shake = noise * normal(randomStream(seed, `${salt}noise ${step}`, trial))
    const loss = final + (start - final) * Math.exp(-step / pace) + shake
    return mode === 'min' ? loss : 1 - loss
  }
}

/** In [0, 1): how far a value lies from the hidden best of its option; small numbers are read by their magnitude. */
function distance(name: string, value: unknown, seed: number, salt: string): number {
  const best = randomStream(seed, `${salt}best ${name}`, 1)()
  if (typeof value !== 'number')
    return Math.abs(randomStream(seed, `${salt}${name} ${JSON.stringify(value)}`, 1)() - best)
  const place = value > 0 && value < 1 ? 1 + Math.log10(Math.max(value, 1e-8)) / 8 : Math.atan(Math.abs(value)) / 1.6
  return Math.abs(place - best)
}
