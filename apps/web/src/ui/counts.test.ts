import { expect, it } from 'vitest'
import { addCounts, countsText, doneCount, runCount, segments, totalCount } from './counts.ts'

it('puts what is done at the left of the bar', () => {
  expect(segments({ queued: 2, success: 3, running: 1, failure: 0 }).map(s => s.state)).toEqual([
    'success',
    'running',
    'queued',
  ])
})

it('counts pruned, failed and cancelled trials as done, and masked ones neither as done nor to do', () => {
  const counts = { success: 3, pruned: 2, masked: 4, cancelled: 1, failure: 1, running: 5, paused: 1 }
  expect(doneCount(counts)).toBe(7)
  expect(runCount(counts, 13)).toBe(13)
  expect(runCount({ success: 2 }, 6)).toBe(6)
  expect(totalCount(counts)).toBe(17)
})

it('adds and describes counts', () => {
  expect(addCounts([{ success: 1, running: 1 }, { success: 2 }, {}])).toEqual({ success: 3, running: 1 })
  expect(countsText({ running: 2, success: 1 })).toBe('1 success, 2 running')
  expect(countsText({})).toBe('no trials')
})
