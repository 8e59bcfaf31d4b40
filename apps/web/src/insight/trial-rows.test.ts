import { expect, it } from 'vitest'
import type { TrialView } from '../api/views.ts'
import { block, trial } from '../live/testing.ts'
import { searchedBlock, trialRows } from './trial-rows.ts'

const made = (number: number, change: Partial<TrialView>): TrialView =>
  trial(number, {
    id: `e1.train.${number}`,
    epoch: 1,
    best: 0.5,
    state: 'success',
    params: { lr: number, same: 1 },
    ...change,
  })

it('takes differing parameters and metrics that count, in the order of trials', () => {
  const rows = trialRows(
    [
      made(3, { state: 'failure', best: 0.9 }),
      made(1, { best: '.nan' }),
      made(2, { state: 'running', best: 0.3 }),
      made(4, { state: 'pending', epoch: 0, best: null }),
      made(5, { state: 'pruned', best: 0.2, reason: 'stopped at 3: rank 5 of 6' }),
    ],
    true,
  )
  expect(rows.map(row => [row.number, row.metric, row.open])).toEqual([
    [1, null, false],
    [2, 0.3, true],
    [3, null, false],
    [5, 0.2, false],
  ])
  expect(rows[3]?.reason).toBe('stopped at 3: rank 5 of 6')
  expect(rows[0]?.params).toEqual({ lr: 1 })
  expect(trialRows([made(1, {}), made(5, { state: 'pruned' })], false).map(row => row.number)).toEqual([1])
})

it('takes one of several objectives as the metric', () => {
  const trials = [made(1, { metrics: { error: 0.2, size: 7 } }), made(2, { metrics: { error: 0.3, size: '.nan' } })]
  expect(trialRows(trials, true, 'size').map(row => row.metric)).toEqual([7, null])
  expect(trialRows(trials, true).map(row => row.metric)).toEqual([0.5, 0.5])
})

it('shows the block that is searched first: the one with a metric of which most trials began', () => {
  const of = (id: string, success: number, masked: number, metric: boolean) =>
    block(id, { count: success + masked, trials: { success, masked }, best: metric ? { trial: 't', metric: 1 } : null })
  const blocks = [of('data', 9, 0, false), of('train', 6, 0, true), of('tune', 2, 30, true), of('test', 6, 0, true)]
  expect(searchedBlock(blocks, '')?.id).toBe('train')
  expect(searchedBlock(blocks, 'test')?.id).toBe('test')
  expect(searchedBlock([of('data', 1, 0, false), of('train', 6, 0, false)], '')?.id).toBe('train')
})
