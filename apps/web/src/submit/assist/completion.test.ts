import { expect, it } from 'vitest'
import { fitted } from './completion.ts'

it('writes no second colon, bracket or blank where one stands', () => {
  expect(fitted('width: ', ': 3')).toEqual({ text: 'width', over: 2 })
  expect(fitted('width: ', ':\n')).toEqual({ text: 'width', over: 1 })
  expect(fitted('width: ', '\n')).toEqual({ text: 'width: ', over: 0 })
  expect(fitted('width]', ']"')).toEqual({ text: 'width', over: 1 })
  expect(fitted('width]', '"')).toEqual({ text: 'width]', over: 0 })
  expect(fitted('g ', ' [1]')).toEqual({ text: 'g', over: 1 })
  expect(fitted('Trainer', ' {')).toEqual({ text: 'Trainer', over: 0 })
})
