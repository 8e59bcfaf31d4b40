// How PBT changes the values that it copies (the rule of Ray Tune, without its traps): each number is drawn anew with the
// probability `resample`, else multiplied by one of `factors`, kept inside its range and on its steps, and moved by at least
// one step; plain choices in order (all numbers) move one place, others are drawn anew or stay. Choices that decide about other
// options or about components stay as they are: their checkpoints would not fit.

import { canonical, type Json } from '../json.ts'
import type { Random } from '../random.ts'
import { type Alternative, type Assignment, type Distribution, draw, names, onStep, type Space } from '../space.ts'

export interface PerturbOptions {
  readonly space: Space
  /** Default 0.25. */
  readonly resample?: number
  /** Default 1.2 and 0.8. */
  readonly factors?: readonly number[]
  /** Only these names change; default all that can. */
  readonly only?: readonly string[]
}

export function perturb(options: PerturbOptions): (from: Assignment, random: Random) => Assignment {
  const { resample = 0.25, factors = [1.2, 0.8] } = options
  return (from, random) => {
    const changed: Record<string, Json> = { ...from }
    for (const [name, distribution] of changeable(options.space, from)) {
      const anew = random() < resample
      const at = random()
      if (options.only !== undefined && !options.only.includes(name)) continue
      const old = from[name]
      if (anew) Object.assign(changed, draw({ [name]: distribution }, random))
      else if (distribution.kind === 'choice') changed[name] = neighbour(distribution.options, old ?? null, at)
      else if (typeof old === 'number')
        changed[name] = moved(distribution, old, factors[Math.floor(at * factors.length)] ?? 1)
    }
    return changed
  }
}

/** What PBT may change in a space, in canonical order, below the alternatives that `chosen` has; all where it is absent. */
export function changeable(space: Space, chosen?: Assignment): [string, Distribution][] {
  return names(space).flatMap((name): [string, Distribution][] => {
    const distribution = space[name]
    if (distribution === undefined) return []
    if (distribution.kind !== 'choice') return [[name, distribution]]
    if (isPlain(distribution.options)) return [[name, distribution]]
    return distribution.options
      .filter(({ value }) => chosen === undefined || canonical(value) === canonical(chosen[name] ?? null))
      .flatMap(option => changeable(option.children ?? {}, chosen))
  })
}

function isPlain(options: readonly Alternative[]): boolean {
  return options.every(({ value, children }) => children === undefined && (typeof value !== 'object' || value === null))
}

function neighbour(options: readonly Alternative[], old: Json, at: number): Json {
  if (!options.every(({ value }) => typeof value === 'number')) return old
  const sorted = options.map(({ value }) => value as number).sort((a, b) => a - b)
  const place = sorted.indexOf(old as number) + (at < 0.5 ? -1 : 1)
  return sorted[Math.min(Math.max(place, 0), sorted.length - 1)] ?? old
}

type Numeric = Exclude<Distribution, { kind: 'choice' }>

function moved(d: Numeric, old: number, factor: number): number {
  const value = old * factor
  switch (d.kind) {
    case 'uniform':
    case 'loguniform':
      return Math.min(Math.max(value, d.low), d.high)
    case 'normal':
      return value
    case 'randint':
    case 'lograndint':
      return onSteps(value, old, d.low, 1, d.high - 1)
    case 'quniform':
    case 'qloguniform':
      return onSteps(value, old, d.low, d.q, d.high)
    case 'qnormal':
      return onSteps(value, old, 0, d.q, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  }
}

/** The nearest step to `value` that is not `old`'s, where the range has one on that side. */
function onSteps(value: number, old: number, origin: number, q: number, high: number, low = origin): number {
  const before = Math.round((old - origin) / q)
  let at = Math.round((value - origin) / q)
  if (at === before && value !== old) at += value > old ? 1 : -1
  const least = Math.ceil((low - origin) / q - 1e-9)
  const most = Math.floor((high - origin) / q + 1e-9)
  return onStep(origin, Math.min(Math.max(at, least), most), q)
}
