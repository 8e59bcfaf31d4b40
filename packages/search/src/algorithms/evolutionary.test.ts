// BOHB, NSGA-II and regularized evolution: each on what it is made for, against random draws of the same number.

import { describe, expect, it } from 'vitest'
import type { TrialRecord } from '../history.ts'
import type { Assignment, Space } from '../space.ts'
import { atBudget, bohb } from './bohb.ts'
import { codingOf } from './coding.ts'
import { evolution } from './evolution.ts'
import { nsga2 } from './nsga2.ts'
import { frontsOf, hypervolume } from './pareto.ts'
import { randomSearch } from './random.ts'
import { bestSoFar, mixed, type Objective, sphere } from './testing/objectives.ts'
import { trialsOf } from './trials.ts'

const seeds = [1, 2, 3, 4, 5]

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function after(
  make: (space: Space, seed: number) => Parameters<typeof bestSoFar>[0],
  objective: Objective,
  trials: number,
): number {
  return mean(seeds.map(seed => bestSoFar(make(objective.space, seed), objective, trials).at(-1) ?? Number.NaN))
}

const random = (space: Space, seed: number) => randomSearch({ space, seed, block: 'b' })

describe('BOHB', () => {
  it('models the largest step at which enough trials have reported', () => {
    const space: Space = { x: { kind: 'uniform', low: 0, high: 1 } }
    const history: TrialRecord[] = Array.from({ length: 12 }, (_, at) => ({
      number: at + 1,
      status: at < 2 ? 'running' : 'stopped',
      assignment: { x: at / 12 },
      reports: [1, 3, 9].slice(0, at < 4 ? 3 : at < 9 ? 2 : 1).map(step => ({ step, value: step === 3 ? at : -at })),
    }))
    const trials = trialsOf(history, codingOf(space), ['min'])
    const numbers = (count: number, budgets?: readonly number[]) =>
      atBudget(trials, count, 'min', budgets).map(({ number }) => number)
    expect(numbers(4)).toEqual([4, 3, 2, 1])
    expect(numbers(5)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(numbers(4, [1])).toHaveLength(12)
    expect(numbers(13)).toEqual([])
  })

  it('beats random draws with nothing but short trials', () => {
    const make = (space: Space, seed: number) => bohb({ space, seed, block: 'b', mode: 'min' })
    expect(after(make, sphere(3, 0.4), 80)).toBeLessThan(after(random, sphere(3, 0.4), 80) / 2)
  })
})

describe('regularized evolution', () => {
  it('beats random draws on numbers and on a mixed conditional space', () => {
    const make = (space: Space, seed: number) =>
      evolution({ space, seed, block: 'b', mode: 'min', population: 20, sample: 6 })
    expect(after(make, sphere(5, 0.4), 200)).toBeLessThan(after(random, sphere(5, 0.4), 200) / 3)
    expect(after(make, mixed, 200)).toBeLessThan(after(random, mixed, 200))
  })

  it('changes one option of a parent at a time', () => {
    const space: Space = Object.fromEntries(['a', 'b', 'c'].map(name => [name, { kind: 'randint', low: 0, high: 9 }]))
    const history: TrialRecord[] = Array.from({ length: 50 }, (_, at) => ({
      number: at + 1,
      status: 'complete',
      assignment: { a: 4, b: 4, c: at % 9 },
      reports: [{ step: 1, value: at % 9 }],
    }))
    const algorithm = evolution({ space, seed: 1, block: 'b', mode: 'min', duplicates: 'allow' })
    for (const { a, b } of algorithm.propose(algorithm.initial, history, 10).variants)
      expect(Number(a !== 4) + Number(b !== 4)).toBeLessThanOrEqual(1)
  })
})

describe('NSGA-II', () => {
  const space: Space = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map(name => [name, { kind: 'uniform', low: 0, high: 1 }]),
  )
  const values = (point: Assignment) => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => Number(point[name]))
    const cost = 1 + 3 * (Number(b) + Number(c) + Number(d))
    return [Number(a), cost * (1 - Math.sqrt(Number(a) / cost))]
  }
  const run = (make: (seed: number) => Parameters<typeof bestSoFar>[0], seed: number, trials: number) => {
    const algorithm = make(seed)
    const history: TrialRecord[] = []
    let state = algorithm.initial
    while (history.length < trials) {
      const proposal = algorithm.propose(state, history, 1)
      state = proposal.state
      const assignment = proposal.variants[0] ?? {}
      const pair = values(assignment)
      history.push({
        number: history.length + 1,
        status: 'complete',
        assignment,
        reports: [{ step: 1, value: pair[0] ?? null, values: pair }],
      })
    }
    const points = history.map(({ reports }) => (reports[0]?.values ?? []).map(value => -Number(value)))
    const ranks = frontsOf(points)
    return hypervolume(
      points.filter((_, at) => ranks[at] === 0),
      [-1.1, -11],
    )
  }

  it('covers more of a front than random draws', () => {
    const make = (seed: number) =>
      nsga2({ space, seed, block: 'b', mode: 'min', modes: ['min', 'min'], population: 20 })
    const ours = mean(seeds.map(seed => run(make, seed, 240)))
    expect(ours).toBeGreaterThan(mean(seeds.map(seed => run(s => random(space, s), seed, 240))) * 1.02)
  })

  it('keeps as parents what meets its constraints, best first', () => {
    const history: TrialRecord[] = Array.from({ length: 20 }, (_, at) => ({
      number: at + 1,
      status: 'complete',
      assignment: { a: 0.1, b: 0.1, c: 0.1, d: at / 20 },
      reports: [{ step: 1, value: 20 - at, constraints: [at < 10 ? 0 : 1] }],
    }))
    const algorithm = nsga2({ space, seed: 1, block: 'b', mode: 'min', population: 10 })
    const { state } = algorithm.propose(algorithm.initial, history, 1)
    expect(state.memory).toEqual({ generation: 2, parents: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1] })
  })
})
