// A schedule that a population found, run again.

import { expect, it } from 'vitest'
import { createScheduler, createSearch, schedulerProblems } from '../catalogue/registry.ts'
import { drive } from '../simulate/drive.ts'
import type { Space } from '../space.ts'

const space: Space = {
  'm.lr': { kind: 'uniform', low: 0, high: 1 },
  'm.opt': {
    kind: 'choice',
    options: [{ value: 'adam' }, { value: 'sgd', children: { 'm.momentum': { kind: 'uniform', low: 0, high: 1 } } }],
  },
}
const context = { mode: 'max', seed: 3, block: 'm', space } as const
const schedule = [
  { step: 3, params: { lr: 0.5 } },
  { step: 6, params: { lr: 0.25, opt: 'sgd', momentum: 0.9 } },
]

it('applies each change at its step, to the trial itself, and leaves the rest as it was', () => {
  const search = createSearch('Random', { n_trials: 1, initial: [{ lr: 0.1, opt: 'adam' }] }, context)
  const scheduler = createScheduler('Replay', { schedule, max_t: 9 }, context)
  const { trials } = drive({ search, scheduler, slots: 2, curves: { steps: 99, value: (_, __, step) => step } })
  expect(trials.map(({ status, step, ran }) => ({ status, step, ran }))).toEqual([
    { status: 'complete', step: 9, ran: 9 },
  ])
  expect(trials[0]?.assignment).toEqual({ 'm.lr': 0.1, 'm.opt': 'adam' })
  expect(trials[0]?.donors).toEqual([
    { at: 3, donor: 1, assignment: { 'm.lr': 0.5, 'm.opt': 'adam' } },
    { at: 6, donor: 1, assignment: { 'm.lr': 0.25, 'm.opt': 'sgd', 'm.momentum': 0.9 } },
  ])
})

it('applies a change whose step was never reported at the next report, the last of several that are due', () => {
  const scheduler = createScheduler('Replay', { schedule }, context)
  const trial = { number: 1, assignment: { 'm.lr': 0.1, 'm.opt': 'adam' }, status: 'running', reports: [] } as const
  const first = scheduler.judge(scheduler.initial, { trial: 1, step: 7, value: 1 }, [trial])
  expect(first.verdict).toMatchObject({ kind: 'exploit', donor: 1, assignment: { 'm.lr': 0.25, 'm.momentum': 0.9 } })
  const changed = { ...trial, earlier: [{ until: 7, assignment: trial.assignment }] }
  expect(scheduler.judge(first.state, { trial: 1, step: 8, value: 1 }, [changed]).verdict.kind).toBe('continue')
  // It did not come true: the trial was lost before it had saved.
  expect(scheduler.judge(first.state, { trial: 1, step: 8, value: 1 }, [trial]).verdict).toMatchObject(
    first.verdict.kind === 'exploit' ? { assignment: first.verdict.assignment } : {},
  )
})

it('says what is wrong with a schedule', () => {
  const wrong = (changes: object[], within: Space | null = space) =>
    schedulerProblems('Replay', { schedule: changes as never }, within)
  expect(wrong(schedule)).toEqual([])
  expect(wrong([schedule[1] as object, schedule[0] as object])).toEqual([
    'schedule: step 3 does not come after the one before it',
  ])
  expect(wrong([{ step: 2, params: { lr: 3, rate: 1 } }])).toEqual([
    'schedule, step 2: lr: 3 is outside of 0 to 1',
    expect.stringContaining('schedule, step 2: rate: there is no such option'),
  ])
  expect(wrong(schedule, null)).toEqual([expect.stringContaining('a search is needed')])
  expect(wrong([{ step: 0, params: {} }, { step: 2 }])).toEqual([
    expect.stringContaining('schedule, change 1: step must be a whole number from 1 on'),
    'schedule, change 2: params must be a map of values',
  ])
})
