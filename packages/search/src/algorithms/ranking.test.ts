import { expect, it } from 'vitest'
import { bestOf } from './ranking.ts'
import type { Trial } from './trials.ts'

const trial = (number: number, more: Partial<Trial>): Trial => ({
  number,
  code: new Float64Array(1),
  standing: 'complete',
  scores: [0],
  step: 1,
  reports: [],
  violation: 0,
  ...more,
})

it('fills the good set with complete, then stopped by depth, then valueless, then infeasible trials', () => {
  const trials = [
    trial(1, { violation: 0.5, scores: [9] }),
    trial(2, { scores: [Number.NEGATIVE_INFINITY] }),
    trial(3, { standing: 'stopped', step: 2, scores: [8] }),
    trial(4, { standing: 'stopped', step: 5, scores: [1] }),
    trial(5, { scores: [3] }),
    trial(6, { scores: [3] }),
    trial(7, { standing: 'stopped', step: 5, scores: [2] }),
  ]
  const order = trials.map((_, count) => bestOf(trials, count + 1).map(at => trials[at]?.number))
  expect(order).toEqual([
    [5],
    [5, 6],
    [5, 6, 7],
    [4, 5, 6, 7],
    [3, 4, 5, 6, 7],
    [2, 3, 4, 5, 6, 7],
    [1, 2, 3, 4, 5, 6, 7],
  ])
})

it('fills by fronts, and the last front by the volume that it covers', () => {
  const scores = [
    [1, 1],
    [10, 1],
    [9.9, 1.01],
    [1, 10],
    [6, 6],
  ]
  const trials = scores.map((pair, at) => trial(at + 1, { scores: pair }))
  expect(bestOf(trials, 3)).toEqual([1, 3, 4])
  expect(bestOf(trials, 4)).toEqual([1, 2, 3, 4])
})
