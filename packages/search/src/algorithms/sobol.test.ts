import { describe, expect, it } from 'vitest'
import { randomStream } from '../random.ts'
import type { Space } from '../space.ts'
import { joeKuo } from './joe-kuo.ts'
import { sobolSearch } from './sobol.ts'
import { SOBOL_DIMENSIONS, scrambleOf, sobol } from './sobol-points.ts'

describe('Sobol', () => {
  it('starts as the published sequence does', () => {
    const points = [0, 1, 2, 3, 4, 5].map(index => [0, 1, 2].map(axis => sobol(index, axis, null)))
    // In Gray code order these are the points of the reference program; here they come in binary order.
    expect(points).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.25, 0.75, 0.75],
      [0.75, 0.25, 0.25],
      [0.125, 0.625, 0.375],
      [0.625, 0.125, 0.875],
    ])
  })

  it('has one point in each of 2^k slices of every axis, scrambled too', () => {
    for (const scramble of [null, scrambleOf(randomStream(4, 'b', 0))])
      for (let axis = 0; axis < SOBOL_DIMENSIONS; axis++) {
        const slices = Array.from({ length: 64 }, (_, index) => Math.floor(sobol(index, axis, scramble) * 64))
        expect(new Set(slices).size).toBe(64)
      }
  })

  it('rests on primitive polynomials, no two alike, and on odd numbers', () => {
    for (const { a, m } of joeKuo) {
      const polynomial = 2 ** m.length + 2 * a + 1
      let power = 1
      let order = 0
      do {
        power <<= 1
        if (power >= 2 ** m.length) power ^= polynomial
        order++
      } while (power !== 1 && order < 300)
      expect(order).toBe(2 ** m.length - 1)
      m.forEach((value, at) => {
        expect(value % 2).toBe(1)
        expect(value).toBeLessThan(2 ** (at + 1))
      })
    }
    expect(new Set(joeKuo.map(({ a, m }) => `${m.length}:${a}`)).size).toBe(joeKuo.length)
  })

  it('gives each of two equal halves of a choice, with what it brings, half of the trials', () => {
    const space: Space = {
      x: { kind: 'uniform', low: 0, high: 1 },
      opt: {
        kind: 'choice',
        options: [{ value: 'sgd', children: { m: { kind: 'uniform', low: 0, high: 1 } } }, { value: 'adam' }],
      },
    }
    const algorithm = sobolSearch({ space, seed: 1, block: 'b', mode: 'min' })
    const points = algorithm.propose(algorithm.initial, [], 64).variants
    expect(points.filter(point => point.opt === 'sgd')).toHaveLength(32)
    expect(points.filter(point => 'm' in point)).toHaveLength(32)
    expect(points.filter(point => Number(point.x) < 0.25)).toHaveLength(16)
  })

  it('searches more names than it has direction numbers', () => {
    const space = Object.fromEntries(
      Array.from({ length: 45 }, (_, at) => [`x${at}`, { kind: 'uniform', low: 0, high: 1 } as const]),
    )
    const algorithm = sobolSearch({ space, seed: 1, block: 'b', mode: 'min' })
    expect(Object.keys(algorithm.propose(algorithm.initial, [], 1).variants[0] ?? {})).toHaveLength(45)
  })
})
