import { expect, it } from 'vitest'
import { slotFills } from './slots.ts'

it('fills squares from the left, the last one in part', () => {
  expect(slotFills(4, 2.5)).toEqual([1, 1, 0.5, 0])
  expect(slotFills(2, 0)).toEqual([0, 0])
  expect(slotFills(0, 0)).toEqual([])
})

it('never draws more squares than fit', () => {
  expect(slotFills(256, 256)).toHaveLength(64)
})
