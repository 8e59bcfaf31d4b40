import { describe, expect, it } from 'vitest'
import { indexAt, indexNear, isBucketed, joinBySteps, smooth } from './series.ts'

describe('smoothing', () => {
  it('keeps a constant series constant from its first point on', () => {
    expect(smooth([2, 2, 2], 0.9).map(v => Number(v?.toFixed(9)))).toEqual([2, 2, 2])
  })

  it('changes nothing at weight 0 and skips missing values', () => {
    expect(smooth([1, null, 3], 0)).toEqual([1, null, 3])
    expect(smooth([1, null, 3], 0.5)).toEqual([1, null, (0.5 * 0.5 + 0.5 * 3) / 0.75])
  })
})

describe('reading a curve at a step', () => {
  it('finds the step at or before x', () => {
    expect([0, 1, 2.5, 9, 100].map(x => indexAt([1, 2, 9], x))).toEqual([-1, 0, 1, 2, 2])
  })

  it('finds the nearest step', () => {
    expect([0, 1.4, 6, 100].map(x => indexNear([1, 2, 9], x))).toEqual([0, 0, 2, 2])
    expect(indexNear([], 1)).toBe(-1)
  })
})

it('knows a band from exact points', () => {
  expect(isBucketed({ mins: [1, null], maxs: [1, null] })).toBe(false)
  expect(isBucketed({ mins: [1, 2], maxs: [1, 3] })).toBe(true)
})

it('joins curves with different steps', () => {
  expect(
    joinBySteps([
      { steps: [1, 3], values: [10, 30] },
      { steps: [1, 2], values: [11, null] },
    ]),
  ).toEqual([
    { step: 1, values: [10, 11] },
    { step: 2, values: [null, null] },
    { step: 3, values: [30, null] },
  ])
})
