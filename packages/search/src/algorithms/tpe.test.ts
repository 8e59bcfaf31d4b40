// The acceptance of the reference table (design page, 4.2) in short, and the traps that users of other engines fell into.

import { describe, expect, it } from 'vitest'
import type { History, TrialRecord } from '../history.ts'
import { randomStream } from '../random.ts'
import { type Assignment, draw, type Space } from '../space.ts'
import { frontsOf, hypervolume } from './pareto.ts'
import type { Duplicates } from './proposer.ts'
import { bestSoFar, branin, complete, hartmann6, mixed, type Objective } from './testing/objectives.ts'
import { type TpeOptions, tpe } from './tpe.ts'

const line: Space = { x: { kind: 'uniform', low: 0, high: 1 } }

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half - 1)] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}

function after100(objective: Objective, seeds: number, more: Partial<TpeOptions> = {}): number {
  const runs = Array.from({ length: seeds }, (_, seed) =>
    bestSoFar(tpe({ space: objective.space, seed, block: 'b', mode: 'min', ...more }), objective, 100),
  )
  return median(runs.map(run => run[99] ?? Number.NaN))
}

function trials(assignments: readonly Assignment[], value: (point: Assignment) => number): TrialRecord[] {
  return assignments.map((assignment, at) => complete(at + 1, assignment, value(assignment)))
}

function drawn(space: Space, count: number): Assignment[] {
  return Array.from({ length: count }, (_, at) => draw(space, randomStream(0, 'history', at)))
}

describe('TPE', () => {
  it('finds Branin and Hartmann-6 as well as the reference does, 30 seeds', () => {
    expect(after100(branin, 30)).toBeLessThanOrEqual(0.432)
    expect(after100(hartmann6, 30)).toBeLessThanOrEqual(-3.13)
  })

  it('finds a mixed conditional optimum, jointly, by groups and one by one', () => {
    for (const more of [{}, { group: true }, { multivariate: false }])
      expect(after100(mixed, 9, more)).toBeLessThan(0.06)
  })

  it('keeps a batch further apart with the liar', () => {
    const history = trials(drawn(line, 30), point => Math.abs(Number(point.x) - 0.5))
    const nearest = (liar: boolean) => {
      const gaps = Array.from({ length: 20 }, (_, seed) => {
        const algorithm = tpe({ space: line, seed, block: 'b', mode: 'min', constant_liar: liar })
        const xs = algorithm.propose(algorithm.initial, history, 8).variants.map(point => Number(point.x))
        xs.sort((a, b) => a - b)
        return median(xs.slice(1).map((x, at) => x - (xs[at] ?? 0)))
      })
      return median(gaps)
    }
    expect(nearest(true)).toBeGreaterThan(nearest(false) * 1.2)
  })

  it('proposes each point of a finite space once and then ends', () => {
    const space: Space = {
      layers: { kind: 'randint', low: 1, high: 5 },
      act: {
        kind: 'choice',
        options: [{ value: 'relu' }, { value: 'gelu', children: { gate: { kind: 'randint', low: 0, high: 2 } } }],
      },
    }
    const objective: Objective = { name: 'layers', space, optimum: 1, value: point => Number(point.layers) }
    const algorithm = tpe({ space, seed: 1, block: 'b', mode: 'min' })
    expect(bestSoFar(algorithm, objective, 50)).toHaveLength(12)
  })

  it('counts a known result again instead of running it, or runs it again, as told', () => {
    const space: Space = { layers: { kind: 'randint', low: 1, high: 41 } }
    const known = Array.from({ length: 38 }, (_, at) => ({ layers: at + 1 }))
    const history = trials(known, point => Math.abs(Number(point.layers) - 7))
    const under = (duplicates: Duplicates) =>
      Array.from({ length: 8 }, (_, seed) => {
        const algorithm = tpe({ space, seed, block: 'b', mode: 'min', duplicates })
        const { state, variants } = algorithm.propose(algorithm.initial, history, 1)
        return { layers: Number(variants[0]?.layers), reused: state.reused.length }
      })
    expect(under('reuse').every(({ layers, reused }) => layers > 38 && reused > 0)).toBe(true)
    expect(under('allow').every(({ layers, reused }) => layers <= 38 && reused === 0)).toBe(true)
  })

  it('searches on when the list of a choice grew, moved and lost a value', () => {
    const old = ['a', 'b', 'c'].map(value => ({ value }))
    const history = trials(
      drawn({ ...line, act: { kind: 'choice', options: old } }, 40),
      point => Number(point.x) + (point.act === 'b' ? 0 : 1),
    )
    const grown: Space = { ...line, act: { kind: 'choice', options: ['d', 'c', 'b'].map(value => ({ value })) } }
    const algorithm = tpe({ space: grown, seed: 2, block: 'b', mode: 'min' })
    const acts = algorithm.propose(algorithm.initial, history, 20).variants.map(point => point.act)
    expect(acts.filter(act => act === 'b').length).toBeGreaterThan(7)
    expect(acts).not.toContain('a')
  })

  it('stays where constraints are met', () => {
    const history: History = drawn(line, 40).map((assignment, at) => {
      const x = Number(assignment.x)
      return {
        number: at + 1,
        status: 'complete',
        assignment,
        reports: [{ step: 1, value: x, constraints: [0.6 - x] }],
      }
    })
    const algorithm = tpe({ space: line, seed: 1, block: 'b', mode: 'min' })
    const xs = algorithm.propose(algorithm.initial, history, 10).variants.map(point => Number(point.x))
    expect(median(xs)).toBeGreaterThan(0.5)
    expect(median(xs)).toBeLessThan(0.75)
  })

  it('covers more of a front of two objectives than random draws', () => {
    const space: Space = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map(name => [name, { kind: 'uniform', low: 0, high: 1 }]),
    )
    const covered = (startup: number, seed: number) => {
      const algorithm = tpe({ space, seed, block: 'b', mode: 'min', modes: ['min', 'max'], startup })
      const history: TrialRecord[] = []
      const points: number[][] = []
      while (history.length < 100) {
        const assignment = algorithm.propose(algorithm.initial, history, 1).variants[0] ?? {}
        const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => Number(assignment[name]))
        const cost = 1 + (9 * (Number(b) + Number(c) + Number(d))) / 3
        const values = [Number(a), -cost * (1 - Math.sqrt(Number(a) / cost))]
        points.push([-Number(values[0]), Number(values[1])])
        history.push({
          number: history.length + 1,
          status: 'complete',
          assignment,
          reports: [{ step: 1, value: values[0] ?? null, values }],
        })
      }
      const ranks = frontsOf(points)
      return hypervolume(
        points.filter((_, at) => ranks[at] === 0),
        [-1.1, -11],
      )
    }
    const seeds = [0, 1, 2, 3, 4]
    expect(median(seeds.map(seed => covered(10, seed)))).toBeGreaterThan(
      median(seeds.map(seed => covered(1000, seed))) * 1.05,
    )
  })

  it('gives a trial the same proposal in a batch and alone, when the history says the same (G17)', () => {
    const history = trials(drawn(line, 20), point => Number(point.x))
    const algorithm = tpe({ space: line, seed: 5, block: 'b', mode: 'min' })
    const [first, second] = algorithm.propose(algorithm.initial, history, 2).variants
    const running: TrialRecord = { number: 21, status: 'running', assignment: first ?? {}, reports: [] }
    expect(algorithm.propose(algorithm.initial, [...history, running], 1).variants[0]).toEqual(second)
  })
})
