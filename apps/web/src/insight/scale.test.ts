import { expect, it } from 'vitest'
import { axisTicks, rangeOf, rangeTicks, roundTicks } from './scale.ts'

it('puts ticks at round numbers within the range', () => {
  expect(roundTicks({ low: 0, high: 1 }, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(roundTicks({ low: -3, high: 7 }, 4)).toEqual([0, 5])
  expect(roundTicks({ low: 0.05, high: 0.35 }, 3)).toEqual([0.1, 0.2, 0.3])
  expect(roundTicks({ low: 1, high: 1 }, 3)).toEqual([])
})

it('gives a range air, and one value alone a range too', () => {
  expect(rangeOf([0, 1, Number.NaN])).toEqual({ low: -0.04, high: 1.04 })
  expect(rangeOf([0])).toEqual({ low: -1, high: 1 })
  expect(rangeOf([Number.NaN])).toBe(null)
  expect(rangeTicks({ low: -1, high: 1 }, 2)).toEqual([
    { place: 0, text: '-1' },
    { place: 0.5, text: '0' },
    { place: 1, text: '1' },
  ])
})

it('marks choices by name and logarithmic axes by powers of ten', () => {
  const choice = axisTicks({ name: 'a', kind: 'choice', values: ['relu', [8, 16]] }, 4)
  expect(choice).toEqual([
    { place: 0.25, text: 'relu' },
    { place: 0.75, text: '[8,16]' },
  ])
  const log = { name: 'lr', kind: 'number', log: true, low: 1e-4, high: 1e-1 } as const
  expect(axisTicks(log, 6).map(tick => tick.text)).toEqual(['0.0001', '0.001', '0.01', '0.1'])
  expect(axisTicks(log, 6).at(-1)?.place).toBe(1)
  expect(axisTicks(log, 6, [0.1, 3e-4, 3e-4, undefined]).map(tick => tick.text)).toEqual(['0.0003', '0.1'])
  const short = { name: 'lr', kind: 'number', log: true, low: 2, high: 8 } as const
  expect(axisTicks(short, 6).map(tick => tick.text)).toEqual(['2', '8'])
})
