// The search space: named distributions, and choices whose alternatives may bring names of their own (conditional).
// Values are in natural units, never exponents. An assignment holds the names that are active, and no others.
// Two branches may use one name; a child must not repeat a name that is active beside it.

import type { Json } from './json.ts'
import { normal, type Random } from './random.ts'

/** `high` is included for real ranges and excluded for integer ranges (`randint`, `lograndint`). */
export type Distribution =
  | { readonly kind: 'choice'; readonly options: readonly Alternative[] }
  | { readonly kind: 'uniform' | 'loguniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'quniform' | 'qloguniform'; readonly low: number; readonly high: number; readonly q: number }
  | { readonly kind: 'randint' | 'lograndint'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'qnormal'; readonly mean: number; readonly sd: number; readonly q: number }

export interface Alternative {
  readonly value: Json
  readonly children?: Space
}

export type Space = { readonly [name: string]: Distribution }
export type Assignment = { readonly [name: string]: Json }

/** Names in canonical (code-unit) order: the order of every draw and every enumeration. */
export function names(space: Space): string[] {
  return Object.keys(space).sort()
}

/** One independent draw of every active name; the parent is drawn before its children. */
export function draw(space: Space, random: Random): Assignment {
  const assignment: Record<string, Json> = {}
  for (const name of names(space)) {
    const distribution = space[name]
    if (distribution === undefined) continue
    if (distribution.kind !== 'choice') {
      assignment[name] = drawNumber(distribution, random)
      continue
    }
    const chosen = distribution.options[Math.floor(random() * distribution.options.length)]
    if (chosen === undefined) throw new Error(`choice ${name} has no options`)
    assignment[name] = chosen.value
    Object.assign(assignment, draw(chosen.children ?? {}, random))
  }
  return assignment
}

/** What is wrong with a space, in words; empty when it can be searched. */
export function spaceProblems(space: Space, active: readonly string[] = []): string[] {
  const beside = [...active, ...names(space)]
  return names(space).flatMap(name => {
    const distribution = space[name]
    if (distribution === undefined) return []
    const repeated = active.includes(name) ? [`${name}: is active already`] : []
    if (distribution.kind !== 'choice') return [...repeated, ...numberProblems(name, distribution)]
    const empty = distribution.options.length === 0 ? [`${name}: a choice needs at least one option`] : []
    const below = distribution.options.flatMap(option => spaceProblems(option.children ?? {}, beside))
    return [...repeated, ...empty, ...below]
  })
}

type Numeric = Exclude<Distribution, { kind: 'choice' }>

function numberProblems(name: string, d: Numeric): string[] {
  const problems: string[] = []
  const numbers = Object.values(d).filter(value => typeof value === 'number')
  if (!numbers.every(Number.isFinite)) problems.push(`${name}: every bound must be finite`)
  if ('low' in d && !(d.low < d.high)) problems.push(`${name}: low must be below high`)
  if (d.kind.includes('log') && 'low' in d && !(d.low > 0)) problems.push(`${name}: low must be positive`)
  if (d.kind.endsWith('randint') && 'low' in d && !(Number.isInteger(d.low) && Number.isInteger(d.high)))
    problems.push(`${name}: bounds must be integers`)
  if ('q' in d && !(d.q > 0)) problems.push(`${name}: q must be positive`)
  if ('sd' in d && !(d.sd > 0)) problems.push(`${name}: sd must be positive`)
  return problems
}

function drawNumber(d: Numeric, random: Random): number {
  switch (d.kind) {
    case 'uniform':
      return between(d.low, d.high, random())
    case 'loguniform':
      return logBetween(d.low, d.high, random())
    case 'quniform':
      return step(between(d.low, d.high, random()), d.low, d.high, d.q)
    case 'qloguniform':
      return step(logBetween(d.low, d.high, random()), d.low, d.high, d.q)
    case 'randint':
      return Math.min(d.low + Math.floor(random() * (d.high - d.low)), d.high - 1)
    case 'lograndint':
      return Math.min(Math.floor(logBetween(d.low, d.high, random())), d.high - 1)
    case 'normal':
      return d.mean + d.sd * normal(random)
    case 'qnormal':
      return onStep(0, Math.round((d.mean + d.sd * normal(random)) / d.q), d.q)
  }
}

function between(low: number, high: number, at: number): number {
  return low + (high - low) * at
}

/** Clamped, because exp(log(x)) may leave the range by a rounding error. */
function logBetween(low: number, high: number, at: number): number {
  return Math.min(Math.max(Math.exp(between(Math.log(low), Math.log(high), at)), low), high)
}

/** The nearest of low, low + q, low + 2q, ... that does not pass high. */
function step(value: number, low: number, high: number, q: number): number {
  const last = Math.floor((high - low) / q + 1e-9)
  return onStep(low, Math.min(Math.round((value - low) / q), last), q)
}

/** low + k q without the noise of binary fractions: 0.059, not 0.059000000000000004. */
export function onStep(low: number, k: number, q: number): number {
  return Number((low + k * q).toPrecision(15))
}
