// A space as numbers: every name of every branch is one dimension with a place in a vector, NaN where it is not active.
// A numeric dimension has inner coordinates in which its prior is uniform (logarithms for log ranges, the distribution
// function for normals); ranges with steps are widened by half a step, so that each value owns a cell of its own.
// Choices are coded by value, not by place, so their lists may grow and be reordered; a value that is gone is UNKNOWN.

import { canonical, type Json } from '../json.ts'
import { type Assignment, type Distribution, names, onStep, type Space } from '../space.ts'
import { cdf, quantile } from './gauss.ts'

export const UNKNOWN = -1

export type Dimension = NumericDimension | ChoiceDimension

export interface NumericDimension {
  readonly kind: 'number'
  readonly at: number
  readonly name: string
  readonly scale: 'linear' | 'log' | 'normal'
  /** The least and the largest value; infinite for normals. */
  readonly ends: readonly [number, number]
  /** Ends in inner coordinates. */
  readonly low: number
  readonly high: number
  /** The width of a cell in natural units; 0 for a real range. */
  readonly step: number
  /** How many values there are; Infinity for a real range. */
  readonly size: number
  readonly inward: (natural: number) => number
  /** The nearest allowed value. */
  readonly outward: (inner: number) => number
  /** The cell of an allowed value in inner coordinates. */
  readonly cell: (natural: number) => readonly [number, number]
}

export interface ChoiceDimension {
  readonly kind: 'choice'
  readonly at: number
  readonly name: string
  readonly values: readonly Json[]
  readonly indexOf: (value: Json) => number
  /** Per option: the dimensions that it brings. */
  readonly children: readonly (readonly Dimension[])[]
}

export interface Coding {
  readonly roots: readonly Dimension[]
  /** `all[i].at === i`, parents before children. */
  readonly all: readonly Dimension[]
  /** Natural numbers and indexes of options; NaN where not active. Kept for as long as the assignment object lives. */
  encode(assignment: Assignment): Float64Array
  decode(code: Float64Array): Assignment
}

export function codingOf(space: Space): Coding {
  const all: Dimension[] = []
  const roots = level(space, all)
  const kept = new WeakMap<Assignment, Float64Array>()
  return {
    roots,
    all,
    encode(assignment) {
      let code = kept.get(assignment)
      if (code === undefined) {
        code = new Float64Array(all.length).fill(Number.NaN)
        write(roots, assignment, code)
        kept.set(assignment, code)
      }
      return code
    },
    decode(code) {
      const assignment: Record<string, Json> = {}
      read(roots, code, assignment)
      return assignment
    },
  }
}

/** A choice's alternative in a code, and the dimensions that it makes active. */
export function childrenOf(dimension: Dimension, code: Float64Array): readonly Dimension[] {
  return dimension.kind === 'choice' ? (dimension.children[code[dimension.at] ?? UNKNOWN] ?? []) : []
}

/** The dimensions that are active whenever these are: themselves, and what a choice with one option brings. */
export function together(dimensions: readonly Dimension[]): Dimension[] {
  return dimensions.flatMap(d => [
    d,
    ...(d.kind === 'choice' && d.children.length === 1 ? together(d.children[0] ?? []) : []),
  ])
}

/** How many assignments there are; Infinity as soon as one real range is among them. */
export function sizeOf(dimensions: readonly Dimension[]): number {
  let size = 1
  for (const d of dimensions)
    size *= d.kind === 'number' ? d.size : d.children.reduce((sum, below) => sum + sizeOf(below), 0)
  return size
}

/** Every code of a finite space, in canonical order. */
export function codesOf(coding: Coding): Float64Array[] {
  return combine(coding.roots, [new Float64Array(coding.all.length).fill(Number.NaN)])
}

export function sameCode(a: Float64Array, b: Float64Array): boolean {
  for (let at = 0; at < a.length; at++) if (!Object.is(a[at], b[at]) && a[at] !== b[at]) return false
  return true
}

function combine(dimensions: readonly Dimension[], codes: Float64Array[]): Float64Array[] {
  let grown = codes
  for (const d of dimensions) {
    const put = (value: number) => grown.map(code => code.with(d.at, value))
    grown =
      d.kind === 'choice'
        ? d.values.flatMap((_, option) => combine(d.children[option] ?? [], put(option)))
        : cells(d).flatMap(value => put(value))
  }
  return grown
}

function cells(d: NumericDimension): number[] {
  const first = d.ends[0]
  return Array.from({ length: d.size }, (_, at) => d.outward(d.inward(first + at * d.step)))
}

function level(space: Space, all: Dimension[]): Dimension[] {
  return names(space).flatMap((name): Dimension[] => {
    const distribution = space[name]
    if (distribution === undefined) return []
    const at = all.length
    if (distribution.kind !== 'choice') {
      const dimension = numeric(at, name, distribution)
      all.push(dimension)
      return [dimension]
    }
    const values = distribution.options.map(option => option.value)
    const indexes = new Map(values.map((value, index) => [canonical(value), index]))
    const children: Dimension[][] = []
    const dimension: ChoiceDimension = {
      kind: 'choice',
      at,
      name,
      values,
      children,
      indexOf: value => indexes.get(canonical(value)) ?? UNKNOWN,
    }
    all.push(dimension)
    for (const option of distribution.options) children.push(level(option.children ?? {}, all))
    return [dimension]
  })
}

function write(dimensions: readonly Dimension[], assignment: Assignment, code: Float64Array): void {
  for (const d of dimensions) {
    const value = assignment[d.name]
    if (value === undefined) continue
    if (d.kind === 'number') {
      if (typeof value === 'number') code[d.at] = value
      continue
    }
    code[d.at] = d.indexOf(value)
    write(childrenOf(d, code), assignment, code)
  }
}

function read(dimensions: readonly Dimension[], code: Float64Array, into: Record<string, Json>): void {
  for (const d of dimensions) {
    const value = code[d.at] ?? Number.NaN
    into[d.name] = d.kind === 'number' ? value : (d.values[value] ?? null)
    read(childrenOf(d, code), code, into)
  }
}

type Numeric = Exclude<Distribution, { kind: 'choice' }>

function numeric(at: number, name: string, d: Numeric): NumericDimension {
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
  if (d.kind === 'normal' || d.kind === 'qnormal') {
    const step = d.kind === 'qnormal' ? d.q : 0
    const inward = (x: number) => cdf((x - d.mean) / d.sd)
    const outward = (u: number) => {
      const x = d.mean + d.sd * quantile(clamp(u, 1e-12, 1 - 1e-12))
      return step > 0 ? onStep(0, Math.round(x / step), step) : x
    }
    const cell = (x: number) => [inward(x - step / 2), inward(x + step / 2)] as const
    const ends = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
    const size = Number.POSITIVE_INFINITY
    return { kind: 'number', at, name, scale: 'normal', ends, low: 0, high: 1, step, size, inward, outward, cell }
  }
  const log = d.kind.includes('log')
  const step = 'q' in d ? d.q : d.kind.endsWith('randint') ? 1 : 0
  const steps = d.kind.endsWith('randint')
    ? d.high - 1 - d.low
    : step > 0
      ? Math.floor((d.high - d.low) / step + 1e-9)
      : 0
  const last = step > 0 ? onStep(d.low, steps, step) : d.high
  const inner = log ? Math.log : (x: number) => x
  // The lowest cell of a logarithmic range must stay above zero.
  const low = inner(log ? d.low - Math.min(step, d.low) / 2 : d.low - step / 2)
  const high = inner(last + step / 2)
  const inward = (x: number) => (log && !(x > 0) ? low : clamp(inner(x), low, high))
  const outward = (u: number) => {
    const x = log ? Math.exp(u) : u
    return step > 0 ? onStep(d.low, clamp(Math.round((x - d.low) / step), 0, steps), step) : clamp(x, d.low, d.high)
  }
  const cell = (x: number) => [inward(x - step / 2), inward(x + step / 2)] as const
  const size = step > 0 ? steps + 1 : Number.POSITIVE_INFINITY
  const scale = log ? 'log' : 'linear'
  return { kind: 'number', at, name, scale, ends: [d.low, last], low, high, step, size, inward, outward, cell }
}
