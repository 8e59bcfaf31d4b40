// Every algorithm under the contract suite, and the suite under a rule breaker. Schedulers: `schedulers/contract.test.ts`.

import { describe, expect, it } from 'vitest'
import { bohb } from './algorithms/bohb.ts'
import { cmaes } from './algorithms/cmaes.ts'
import { evolution } from './algorithms/evolution.ts'
import { gp } from './algorithms/gp.ts'
import { gridSearch } from './algorithms/grid.ts'
import { nsga2 } from './algorithms/nsga2.ts'
import { randomSearch } from './algorithms/random.ts'
import { sobolSearch } from './algorithms/sobol.ts'
import { tpe } from './algorithms/tpe.ts'
import { draw, type Space, spaceProblems } from './space.ts'
import { algorithmCases, type ContractCase } from './testing/index.ts'

const suites: Record<string, ContractCase[]> = {
  Grid: algorithmCases(space => gridSearch({ space })),
  Random: algorithmCases(space => randomSearch({ space, seed: 7, block: 'b' })),
  Sobol: algorithmCases(space => sobolSearch({ space, seed: 7, block: 'b', mode: 'min' })),
  TPE: algorithmCases(space => tpe({ space, seed: 7, block: 'b', mode: 'min', startup: 2 })),
  'TPE, independent': algorithmCases(space =>
    tpe({ space, seed: 7, block: 'b', mode: 'min', startup: 2, multivariate: false }),
  ),
  GP: algorithmCases(space => gp({ space, seed: 7, block: 'b', mode: 'min', startup: 2 })),
  BOHB: algorithmCases(space => bohb({ space, seed: 7, block: 'b', mode: 'min' })),
  NSGA2: algorithmCases(space => nsga2({ space, seed: 7, block: 'b', mode: 'min', population: 2 })),
  Evolution: algorithmCases(space => evolution({ space, seed: 7, block: 'b', mode: 'min', population: 2, sample: 2 })),
  CMAES: algorithmCases(space => cmaes({ space, seed: 7, block: 'b', mode: 'min' })),
}

for (const [name, cases] of Object.entries(suites)) describe(name, () => cases.forEach(c => void it(c.name, c.run)))

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
