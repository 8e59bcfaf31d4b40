/** Values as people read them. */
import { expect, it } from 'vitest'
import { duration, shortMetric, shortValue } from './values.ts'

it('shows four significant digits and no noise', () => {
  expect([0.97653, 1 / 3, 1e-5, 12345678, 100, 0].map(n => shortValue(n))).toEqual([
    '0.9765',
    '0.3333',
    '0.00001',
    '12350000',
    '100',
    '0',
  ])
  expect([null, '.nan', '-.inf', 2].map(m => shortMetric(m as never))).toEqual(['–', 'nan', '-inf', '2'])
})

it('names components and links, and cuts long JSON', () => {
  expect(shortValue({ tag: 'Adam', index: 0 })).toBe('!Adam')
  expect(shortValue({ link: 'a.x' })).toBe('!@ a.x')
  expect(shortValue([1, 2])).toBe('[1,2]')
  expect(shortValue('x'.repeat(40))).toBe('x'.repeat(40))
  expect(shortValue(Array.from({ length: 40 }, () => 1)).length).toBe(24)
})

it('writes durations by their size', () => {
  expect([900, 61_000, 3_723_000].map(duration)).toEqual(['0.9 s', '1:01', '1:02:03'])
})
