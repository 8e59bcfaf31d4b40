// Grid search: every combination of choices and integer or stepped ranges, the last canonical name changing fastest.
// A conditional child multiplies its own alternative only. A space with a real range has no grid: see `gridProblems`.

import type { SearchAlgorithm } from '../contract.ts'
import type { Json } from '../json.ts'
import { type Assignment, type Distribution, names, onStep, type Space } from '../space.ts'

export type GridState = { readonly next: number }

/** Throws when `gridProblems` is not empty: ask it first. */
export function gridSearch(options: { readonly space: Space }): SearchAlgorithm<GridState> {
  const problems = gridProblems(options.space)
  if (problems.length > 0) throw new Error(problems.join('; '))
  const points = combinations(options.space)
  return {
    initial: { next: 0 },
    propose: (state, _history, n) => {
      const variants = points.slice(state.next, state.next + n)
      const next = state.next + variants.length
      return { state: { next }, variants, done: next >= points.length }
    },
  }
}

/** The names that no grid can hold, in words. */
export function gridProblems(space: Space): string[] {
  return names(space).flatMap(name => {
    const distribution = space[name]
    if (distribution?.kind === 'choice')
      return distribution.options.flatMap(option => gridProblems(option.children ?? {}))
    if (distribution?.kind === 'randint' || distribution?.kind === 'quniform') return []
    return [`${name}: a grid needs a choice, randint or quniform; use Random instead`]
  })
}

function combinations(space: Space): Assignment[] {
  let points: Assignment[] = [{}]
  for (const name of names(space)) {
    const distribution = space[name]
    if (distribution === undefined) continue
    const parts = alternatives(name, distribution)
    points = points.flatMap(point => parts.map(part => ({ ...point, ...part })))
  }
  return points
}

function alternatives(name: string, d: Distribution): Assignment[] {
  if (d.kind === 'choice')
    return d.options.flatMap(option =>
      combinations(option.children ?? {}).map(child => ({ [name]: option.value, ...child })),
    )
  if (d.kind === 'randint') return range(d.high - d.low, at => d.low + at).map(value => ({ [name]: value }))
  if (d.kind === 'quniform')
    return range(Math.floor((d.high - d.low) / d.q + 1e-9) + 1, at => onStep(d.low, at, d.q)).map(value => ({
      [name]: value,
    }))
  throw new Error(`${name}: no grid`)
}

function range(length: number, value: (at: number) => number): Json[] {
  return Array.from({ length }, (_, at) => value(at))
}
