import { expect, it } from 'vitest'
import type { RungView } from '../api/views.ts'
import { bracketsOf, rungShape } from './rung-shape.ts'

const rung = (
  step: number,
  entries: readonly (readonly [number, number | null])[],
  change: Partial<RungView> = {},
) => ({
  bracket: 0,
  step,
  planned: null,
  last: false,
  reached: entries.length,
  promoted: 0,
  running: 0,
  paused: 0,
  stopped: 0,
  finished: 0,
  failed: 0,
  cutoff: null,
  entries: entries.map(([trial, value], i) => ({
    trial,
    step,
    value,
    rank: 1,
    of: i + 1,
    outcome: 'running' as const,
  })),
  ...change,
})
const size = { width: 400, height: 200 }
const idOf = (trial: number) => `e1.b.${trial}`

it('stands trials from left to right as they came, better ones higher, and joins a trial over its rungs', () => {
  const shape = rungShape(
    [
      rung(
        1,
        [
          [2, 0.1],
          [1, 0.9],
          [3, null],
        ],
        { cutoff: 0.5, planned: 9 },
      ),
      rung(3, [[1, 0.8]], { last: true, planned: 0 }),
    ],
    idOf,
    size,
  )
  expect(shape.dots.map(dot => dot.number)).toEqual([2, 1, 3, 1])
  const [first, second, missing, further] = shape.dots
  expect(first?.x).toBeLessThan(second?.x ?? 0)
  expect(second?.y).toBeLessThan(first?.y ?? 0)
  expect(missing?.y).toBeGreaterThan(first?.y ?? 0)
  expect(further?.x).toBeGreaterThan(shape.columns[1]?.left ?? Number.POSITIVE_INFINITY)
  expect(shape.ways.map(way => way.id)).toEqual(['e1.b.1'])
  expect(shape.columns.map(column => [column.title, column.count])).toEqual([
    ['step 1', '3 of 9 planned'],
    ['end, step 3', '1 here, 0 planned'],
  ])
  expect(shape.columns[0]?.cut).toBeGreaterThan(second?.y ?? 0)
  expect(shape.columns[0]?.cut).toBeLessThan(first?.y ?? 0)
  expect(shape.columns[1]?.cut).toBeNull()
})

it('holds for no trial, one trial, and nothing but missing values', () => {
  expect(rungShape([], idOf, size).dots).toEqual([])
  expect(rungShape([rung(1, [])], idOf, size).ys).toEqual([])
  expect(rungShape([rung(1, [])], idOf, size).columns[0]?.count).toBe('0 here')
  for (const value of [0.5, null]) {
    const [dot] = rungShape([rung(1, [[1, value]])], idOf, size).dots
    expect([dot?.x, dot?.y].every(Number.isFinite)).toBe(true)
  }
  expect(bracketsOf([rung(1, []), rung(3, []), rung(1, [], { bracket: 1 })])).toEqual([0, 1])
})
