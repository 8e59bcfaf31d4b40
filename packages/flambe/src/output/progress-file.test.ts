/** progress.json speaks one table of states, and a run that was broken off does not go on in it. */
import type { ExperimentDetail, TrialDetail, TrialView } from '@flambe/hub'
import { expect, it } from 'vitest'
import { brokenOff, progressText } from './progress-file.ts'

const trial = (number: number, state: TrialView['state'], epoch = 1) =>
  ({
    id: `e.a.${number}`,
    block: 'a',
    number,
    variant: 'v',
    state,
    epoch,
    agent: 'one',
    params: {},
    metric: null,
  }) as TrialView
const detail = (...states: readonly string[]) =>
  ({
    attempts: states.map((state, i) => ({ epoch: i + 1, agent_name: 'one', state, failure: null })),
  }) as unknown as TrialDetail
const experiment = {
  state: 'running',
  ended: null,
  block_list: [{ id: 'a', state: 'running', trials: { running: 1 }, ended: null }],
} as unknown as ExperimentDetail

const attempts = (t: TrialView, d?: TrialDetail): string[] =>
  JSON.parse(
    progressText({ experiment, trials: [t], details: new Map(d === undefined ? [] : [[t.id, d]]) }),
  ).blocks[0].trials[0].attempts.map((a: { state: string }) => a.state)

it('gives attempts the states of trials, and their own only where trials have none', () => {
  expect(attempts(trial(1, 'success', 3), detail('failed', 'lost', 'done'))).toEqual(['failure', 'lost', 'success'])
  expect(attempts(trial(1, 'pruned'), detail('stopped'))).toEqual(['pruned'])
  expect(attempts(trial(1, 'cancelled', 2), detail('fenced', 'stopped'))).toEqual(['fenced', 'cancelled'])
  expect(attempts(trial(1, 'running'), detail('assigned'))).toEqual(['running'])
})

it('knows the newest attempt of a trial that was not read yet', () => {
  expect(attempts(trial(1, 'running'))).toEqual(['running'])
  expect(attempts(trial(1, 'pending', 0))).toEqual([])
})

it('cancels what had not ended when a run is broken off, and keeps what had', () => {
  const trials = [trial(1, 'success'), trial(2, 'stopping'), trial(3, 'pending', 0)]
  const last = JSON.parse(progressText(brokenOff({ experiment, trials, details: new Map() }, 1234)))
  expect([last.state, last.ended, last.blocks[0].state]).toEqual(['cancelled', 1234, 'cancelled'])
  expect(last.blocks[0].counts).toEqual({ success: 1, cancelled: 2 })
  expect(last.blocks[0].trials.map((t: TrialView) => t.state)).toEqual(['success', 'cancelled', 'cancelled'])
})
