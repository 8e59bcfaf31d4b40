import { expect, it } from 'vitest'
import { randomStream } from '../random.ts'
import { orderOf } from './order.ts'

it('orders as comparing does, equal numbers as they stand', () => {
  const random = randomStream(1, 'order', 1)
  for (const levels of [3, 2 ** 32])
    for (const n of [0, 1, 2, 300]) {
      const values = Float64Array.from({ length: n }, () => -2 + (5 * Math.floor(random() * levels)) / levels)
      const expected = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b)
      expect([...orderOf(values, -2, 3)]).toEqual(expected)
    }
  expect([...orderOf(Float64Array.of(3, -2, 3), -2, 3)]).toEqual([1, 0, 2])
})
