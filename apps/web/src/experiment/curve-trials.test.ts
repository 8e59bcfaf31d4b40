import { expect, it } from 'vitest'
import type { TrialView } from '../api/views.ts'
import { curveTrials } from './curve-trials.ts'

const trial = (block: string, number: number, epoch = 1) =>
  ({ id: `e.${block}.${number}`, block, number, epoch, params: { 'train.lr': number / 10 } }) as unknown as TrialView

it('leaves out trials that never ran and shares the places over the blocks', () => {
  const rows = [trial('a', 1, 0), trial('a', 2), trial('a', 3), trial('a', 4), trial('b', 1)]
  expect(curveTrials(rows, 2, ['train.lr'], true).map(one => one.label)).toEqual([
    'a #2 · lr 0.2',
    'a #3 · lr 0.3',
    'b #1 · lr 0.1',
  ])
})

it('never names more trials than one read takes', () => {
  const rows = Array.from({ length: 300 }, (_, i) => trial('a', i + 1))
  expect(curveTrials(rows, 1000, [], false)).toHaveLength(100)
})
