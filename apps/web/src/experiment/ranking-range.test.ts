import { expect, it } from 'vitest'
import { placeOf, rangeOf } from './ranking-range.ts'

const ranking = [{ metric: 3 }, { metric: '.nan' as const }, { metric: null }, { metric: 1 }, { metric: 2 }]

it('places metrics between the smallest and the largest finite one', () => {
  const range = rangeOf(ranking)
  expect(ranking.map(({ metric }) => placeOf(metric, range))).toEqual([1, null, null, 0, 0.5])
})

it('gives no place where all are equal or none is a number', () => {
  expect(rangeOf([{ metric: 2 }, { metric: 2 }])).toBe(null)
  expect(rangeOf([{ metric: '.inf' }])).toBe(null)
  expect(placeOf(2, null)).toBe(null)
})
