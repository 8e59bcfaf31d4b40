/** Limits of retrying (G14). The stories are in testdata/retry-from-checkpoint.txt and breaker.txt. */
import { expect, it } from 'vitest'
import { FRUITLESS } from './failure.ts'
import type { TrialRow } from './rows.ts'
import { sketch, type World, world } from './testing/index.ts'

/** One trial whose agent is lost and comes back, again and again, until it is final or `times` are over. */
function loseAgain(hub: World, times: number, save: boolean): TrialRow {
  const trial = (): TrialRow => hub.state.trials.get('e.a.1') as TrialRow
  for (let i = 0; i < times && trial().state !== 'failure'; i++) {
    hub.send({ type: 'agent-connected', time: 0, agent: 'g', name: 'g', cpu: 1, gpus: [], backends: [], attempts: [] })
    const attempt = `e.a.1.${trial().epoch}`
    hub.send({ type: 'attempt-started', time: 0, attempt, environment: {} })
    const checkpoint = { attempt, number: trial().epoch, step: i, manifest: { kind: 'folder', files: [] } } as const
    if (save) hub.send({ type: 'attempt-saved', time: 0, attempt, checkpoint })
    hub.send({ type: 'agent-silent', time: 0, agent: 'g', state: 'lost' })
  }
  return trial()
}

function submitted(): World {
  const hub = world()
  const plan = sketch([{ id: 'a' }], { max_failures: 0 })
  hub.send({ type: 'experiment-submitted', time: 0, experiment: 'e', user: 'u', plan, resources: {}, paused: false })
  return hub
}

it('does not count a lost agent against max_failures, but gives up after twenty in a row without a checkpoint', () => {
  const hub = submitted()
  const trial = loseAgain(hub, 100, false)
  expect(trial.epoch).toBe(FRUITLESS)
  expect(trial.failures).toBe(0)
  expect(trial.reason).toBe(
    "given up after 20 attempts in a row that failed by no fault of the trial's code (20 on g); the last: agent g was lost",
  )
  expect(hub.state.experiments.get('e')?.state).toBe('failure')
})

it('goes on for as long as each attempt saves', () => {
  expect(loseAgain(submitted(), 50, true)).toMatchObject({ state: 'queued', epoch: 50, failures: 0 })
})

it('gives a retry by hand as many attempts again', () => {
  const hub = submitted()
  loseAgain(hub, 100, false)
  hub.send({ type: 'trial-commanded', time: 0, trial: 'e.a.1', command: 'retry' })
  expect(loseAgain(hub, 100, false)).toMatchObject({ state: 'failure', epoch: 2 * FRUITLESS })
})

it('takes an end that nobody asked for as the machine going down, not as a failure of the user', () => {
  const hub = submitted()
  hub.send({ type: 'agent-connected', time: 0, agent: 'g', name: 'g', cpu: 1, gpus: [], backends: [], attempts: [] })
  hub.send({ type: 'attempt-ended', time: 0, attempt: 'e.a.1.1', exit: { kind: 'stopped' } })
  expect(hub.state.attempts.get('e.a.1.1')).toMatchObject({ state: 'stopped', failure: { class: 'preempted' } })
  expect(hub.state.trials.get('e.a.1')).toMatchObject({ state: 'preparing', epoch: 2, failures: 0 })
})
