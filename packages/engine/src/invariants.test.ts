/** The guards of the simulator, shown failing: each on a state that breaks one of them. */
import { expect, it } from 'vitest'
import type { AttemptRow, TrialRow } from './rows.ts'
import { apply, type EngineState } from './state.ts'
import { checkInvariants, sketch, world } from './testing/index.ts'

/** Two of three trials run on an agent with two CPUs; the third waits. */
function busy(): EngineState {
  const hub = world()
  hub.send({ type: 'agent-connected', time: 0, agent: 'g1', name: 'g1', cpu: 2, gpus: [], backends: [], attempts: [] })
  const plan = sketch([{ id: 'a', options: 3 }])
  hub.send({ type: 'experiment-submitted', time: 0, experiment: 'e', user: 'u', plan, resources: {}, paused: false })
  return hub.state
}

const trial = (state: EngineState, id: string): TrialRow => state.trials.get(id) as TrialRow
const attempt = (state: EngineState, id: string): AttemptRow => state.attempts.get(id) as AttemptRow

it('finds nothing wrong with a busy hub', () => {
  expect(checkInvariants(busy())).toEqual([])
})

it('finds two live attempts of a trial (G7)', () => {
  const state = busy()
  apply(state, [{ ...attempt(state, 'e.a.1.1'), id: 'e.a.1.2', epoch: 2 }])
  expect(checkInvariants(state)).toContain('trial e.a.1 has two live attempts')
})

it('finds an agent that gives more than it has', () => {
  const state = busy()
  apply(state, [
    { ...attempt(state, 'e.a.1.1'), id: 'e.a.3.1', trial: 'e.a.3' },
    { ...trial(state, 'e.a.3'), state: 'running', epoch: 1 },
  ])
  expect(checkInvariants(state)).toEqual(['agent g1 gives more CPUs than it has'])
})

it('finds a trial that nobody owns (G12)', () => {
  const state = busy()
  apply(state, [{ ...trial(state, 'e.a.3'), state: 'paused' }])
  expect(checkInvariants(state)).toEqual(['trial e.a.3 is paused and nobody wants it'])
  apply(state, [{ ...trial(state, 'e.a.3'), state: 'pending' }])
  expect(checkInvariants(state)).toEqual(['trial e.a.3 is pending and does not say why'])
})

it('finds a trial that waits though there is room', () => {
  const state = busy()
  const agent = state.agents.get('g1')
  if (agent) apply(state, [{ ...agent, cpu: 3 }])
  expect(checkInvariants(state)).toEqual(['trial e.a.3 is first in the queue and fits on g1, but waits'])
})

it('finds an experiment that ended too early, and one in which nothing will happen', () => {
  const state = busy()
  const experiment = state.experiments.get('e')
  if (experiment) apply(state, [{ ...experiment, state: 'success' }])
  expect(checkInvariants(state)).toContain('experiment e ended with active trials')
  const stuck = busy()
  for (const t of stuck.trials.values()) apply(stuck, [{ ...t, state: 'pending', reason: 'x' }])
  for (const a of stuck.attempts.values()) apply(stuck, [{ ...a, state: 'done' }])
  expect(checkInvariants(stuck)).toEqual(['experiment e is running and nothing will happen'])
})
