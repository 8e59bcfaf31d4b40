import { describe, expect, it } from 'vitest'
import { randomStream } from '../random.ts'
import type { Space } from '../space.ts'
import { cmaDraw, cmaStart, cmaUpdate, populationOf } from './cma-core.ts'
import { cmaes, cmaesProblems } from './cmaes.ts'
import { eigen } from './symmetric.ts'
import { bestSoFar, mixed, type Objective, rosenbrock, sphere } from './testing/objectives.ts'

describe('eigen', () => {
  it('rebuilds its matrix', () => {
    const matrix = [
      [4, 1, 0.5],
      [1, 3, -0.2],
      [0.5, -0.2, 2],
    ]
    const { values, vectors } = eigen(matrix)
    const back = matrix.map((_, i) =>
      matrix.map((_, j) =>
        values.reduce((sum, value, k) => sum + value * (vectors[k]?.[i] ?? 0) * (vectors[k]?.[j] ?? 0), 0),
      ),
    )
    back.forEach((row, i) => {
      row.forEach((value, j) => void expect(value).toBeCloseTo(matrix[i]?.[j] ?? 0, 12))
    })
  })
})

describe('CMA-ES', () => {
  it('follows a badly scaled ellipsoid to its optimum', () => {
    const value = (x: readonly number[]) => x.reduce((sum, xi, at) => sum + 10 ** (2 * at) * (xi - 0.3) ** 2, 0)
    let cma = cmaStart([0.5, 0.5, 0.5], 1 / 6)
    for (let generation = 0; generation < 120; generation++) {
      const points = Array.from({ length: populationOf(3) }, (_, at) =>
        cmaDraw(cma, randomStream(1, 'cma', generation * 100 + at), []),
      )
      cma = cmaUpdate(
        cma,
        points.sort((a, b) => value(a) - value(b)),
      )
    }
    expect(value(cma.mean)).toBeLessThan(1e-12)
  })

  it('finds a shifted sphere and a curved valley', () => {
    const ends = [sphere(5, 0.5), rosenbrock(2)].map(objective => {
      const runs = [1, 2, 3, 4, 5].map(seed =>
        bestSoFar(cmaes({ space: objective.space, seed, block: 'b', mode: 'min' }), objective, 300),
      )
      return Math.max(...runs.map(run => run[299] ?? Number.NaN))
    })
    expect(ends[0]).toBeLessThan(0.02)
    expect(ends[1]).toBeLessThan(1.5)
  })

  it('draws what it cannot search independently, and still finds the optimum', () => {
    const runs = [1, 2, 3].map(
      seed => bestSoFar(cmaes({ space: mixed.space, seed, block: 'b', mode: 'min' }), mixed, 250)[249],
    )
    for (const best of runs) expect(best).toBeLessThan(0.09)
  })

  it('does not freeze on whole numbers', () => {
    const space: Space = {
      a: { kind: 'randint', low: 0, high: 100 },
      b: { kind: 'randint', low: 0, high: 4 },
    }
    const objective: Objective = {
      name: 'ints',
      space,
      optimum: 0,
      value: p => Math.abs(Number(p.a) - 83) + 10 * Math.abs(Number(p.b) - 3),
    }
    for (const seed of [1, 2, 3, 4])
      expect(bestSoFar(cmaes({ space, seed, block: 'b', mode: 'min' }), objective, 200)[199]).toBeLessThan(2)
  })

  it('goes on with the first finished trials of a generation when others never end', () => {
    const algorithm = cmaes({ space: sphere(2).space, seed: 1, block: 'b', mode: 'min' })
    const size = populationOf(2)
    const { state, variants } = algorithm.propose(algorithm.initial, [], size + 3)
    const history = variants.map((assignment, at) => ({
      number: at + 1,
      status: at < 3 ? ('running' as const) : ('complete' as const),
      assignment,
      reports: at < 3 ? [] : [{ step: 1, value: at }],
    }))
    expect(algorithm.propose(state, history, 1).state.cma.generation).toBe(1)
    expect(algorithm.propose(state, history.slice(0, size + 2), 1).state.cma.generation).toBe(0)
  })

  it('says which algorithm can when there is no number to search', () => {
    expect(cmaesProblems({ act: { kind: 'choice', options: [{ value: 1 }, { value: 2 }] } })).toEqual([
      'CMAES needs a number that is always active; use TPE instead',
    ])
  })
})
