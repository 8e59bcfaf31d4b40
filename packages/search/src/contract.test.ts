// Every algorithm under the contract suite, and the suite under a rule breaker. Schedulers: `schedulers/contract.test.ts`.

import { describe, expect, it } from 'vitest'
import { bohb } from './algorithms/bohb.ts'
import { cmaes } from './algorithms/cmaes.ts'
import { searchDefinitions } from './algorithms/definitions/index.ts'
import { evolution } from './algorithms/evolution.ts'
import { gp } from './algorithms/gp.ts'
import { gridSearch } from './algorithms/grid.ts'
import { nsga2 } from './algorithms/nsga2.ts'
import { randomSearch } from './algorithms/random.ts'
import { sobolSearch } from './algorithms/sobol.ts'
import { tpe } from './algorithms/tpe.ts'
import type { SearchAlgorithm } from './contract.ts'
import type { TrialRecord } from './history.ts'
import { draw, type Space, spaceProblems } from './space.ts'
import { algorithmCases } from './testing/index.ts'

const seeded = { seed: 7, block: 'b', mode: 'min' } as const
const makers: { readonly [name: string]: (space: Space) => SearchAlgorithm } = {
  Grid: space => gridSearch({ space }) as SearchAlgorithm,
  Random: space => randomSearch({ space, ...seeded }) as SearchAlgorithm,
  Sobol: space => sobolSearch({ space, ...seeded }) as SearchAlgorithm,
  TPE: space => tpe({ space, ...seeded, startup: 2 }) as SearchAlgorithm,
  'TPE, independent': space => tpe({ space, ...seeded, startup: 2, multivariate: false }) as SearchAlgorithm,
  GP: space => gp({ space, ...seeded, startup: 2 }) as SearchAlgorithm,
  BOHB: space => bohb({ space, ...seeded }) as SearchAlgorithm,
  NSGA2: space => nsga2({ space, ...seeded, population: 2 }) as SearchAlgorithm,
  Evolution: space => evolution({ space, ...seeded, population: 2, sample: 2 }) as SearchAlgorithm,
  CMAES: space => cmaes({ space, ...seeded }) as SearchAlgorithm,
}

for (const [name, make] of Object.entries(makers))
  describe(name, () => algorithmCases(make).forEach(c => void it(c.name, c.run)))

it('holds every algorithm that has a tag', () => {
  const tags = new Set(Object.keys(makers).map(name => name.split(',')[0]))
  expect(tags).toEqual(new Set(searchDefinitions.map(({ tag }) => tag)))
})

describe('the contract suite', () => {
  it('fails an algorithm whose draws differ between replays', () => {
    let calls = 0
    const cases = algorithmCases(() => ({
      initial: null,
      propose: () => ({ state: null, variants: [{ calls: calls++ }], done: false }),
    }))
    expect(() => cases[0]?.run()).toThrow(/expected/)
  })
})

describe('the contract suite, around every algorithm that reads results,', () => {
  // One rule broken in one way; the blind ones cannot break it.
  const broken: { readonly [rule: string]: (record: TrialRecord) => TrialRecord } = {
    'sees that an infinity is a number': record => ({
      ...record,
      reports: record.reports.map(report =>
        report.value === Number.NEGATIVE_INFINITY ? { ...report, value: -1e9 } : report,
      ),
    }),
    'sees that failed trials teach': record =>
      record.status === 'failed' ? { ...record, status: 'complete' } : record,
    'sees that lost trials teach': record => (record.status === 'lost' ? { ...record, status: 'complete' } : record),
  }
  for (const [rule, changed] of Object.entries(broken))
    it(rule, () => {
      for (const [name, make] of Object.entries(makers)) {
        if (['Grid', 'Random', 'Sobol'].includes(name)) continue
        const cases = algorithmCases(space => {
          const whole = make(space)
          return { ...whole, propose: (state, history, n) => whole.propose(state, history.map(changed), n) }
        })
        expect(
          cases.some(({ run }) => throws(run)),
          name,
        ).toBe(true)
      }
    })
})

function throws(run: () => void): boolean {
  try {
    run()
    return false
  } catch {
    return true
  }
}

describe('search', () => {
  it('gives trial 5 the same draw in any batch size (G17)', () => {
    const algorithm = randomSearch({ space: { x: { kind: 'uniform', low: 0, high: 1 } }, seed: 3, block: 'b' })
    const whole = algorithm.propose(algorithm.initial, [], 6).variants
    const before = whole.slice(0, 4).map((assignment, at) => ({
      number: at + 1,
      status: 'running' as const,
      assignment,
      reports: [],
    }))
    expect(algorithm.propose(algorithm.initial, before, 1).variants[0]).toEqual(whole[4])
  })

  it('enumerates a conditional grid once each and then ends', () => {
    const sgd = { value: 'sgd', children: { momentum: { kind: 'quniform', low: 0, high: 0.5, q: 0.25 } } } as const
    const algorithm = gridSearch({ space: { opt: { kind: 'choice', options: [{ value: 'adam' }, sgd] } } })
    const { state, variants } = algorithm.propose(algorithm.initial, [], 99)
    expect(variants).toEqual([
      { opt: 'adam' },
      { opt: 'sgd', momentum: 0 },
      { opt: 'sgd', momentum: 0.25 },
      { opt: 'sgd', momentum: 0.5 },
    ])
    expect(algorithm.propose(state, [], 1).variants).toEqual([])
  })

  it('keeps stepped and integer draws inside their range', () => {
    const space: Space = {
      a: { kind: 'quniform', low: 0.1, high: 1, q: 0.4 },
      b: { kind: 'lograndint', low: 1, high: 3 },
      c: { kind: 'qloguniform', low: 1, high: 10, q: 4 },
    }
    const seen = { a: new Set<unknown>(), b: new Set<unknown>(), c: new Set<unknown>() }
    const algorithm = randomSearch({ space, seed: 1, block: 'b' })
    for (const variant of algorithm.propose(algorithm.initial, [], 300).variants)
      for (const name of ['a', 'b', 'c'] as const) seen[name].add(variant[name])
    expect([...seen.a].sort()).toEqual([0.1, 0.5, 0.9])
    expect([...seen.b].sort()).toEqual([1, 2])
    expect([...seen.c].sort()).toEqual([1, 5, 9])
  })

  it('tells what is wrong with a space', () => {
    expect(spaceProblems({ lr: { kind: 'loguniform', low: 0, high: 1 } })).toEqual(['lr: low must be positive'])
    expect(spaceProblems({ c: { kind: 'choice', options: [] } })).toEqual(['c: a choice needs at least one option'])
    expect(() => draw({ c: { kind: 'choice', options: [] } }, () => 0)).toThrow('no options')
  })
})
