/** The engine on plans of the language, from YAML text: what the sketches of the other tests stand for. */
import { parse, plan } from '@flambe/language'
import { expect, it } from 'vitest'
import { apply, decide, type EngineState, type Event, emptyState, trialCounts } from './index.ts'

const TEXT = `!Experiment
name: words
seed: 3
pipeline:
  data: !Any {size: 10}
  train: !Any
    data: !@ data
    rate: !g [0.1, 0.2, 0.3]
    model: !g [!Any {width: !g [1, 2]}, !Any {depth: 5}]
  eval: !Any {model: !@ train.model}
reduce: {train: {k: 2, mode: min}}
`

const CATALOGUE = {
  components: {
    Any: {
      tag: 'Any',
      description: '',
      params: [],
      open: true,
      factories: {},
      attributes: '*',
      callable: [],
      lower_is_better: false,
      kinds: ['Component'],
    },
  },
} as const

/** Everything that is assigned ends at once, with the metric that `metric` gives. */
function runAll(state: EngineState, metric: (attempt: string) => number): void {
  const assigned: string[] = []
  const send = (event: Event): void => {
    const { changes, actions, refused } = decide(state, event)
    expect(refused).toBeNull()
    apply(state, changes)
    for (const action of actions) if (action.type === 'assign') assigned.push(action.attempt)
  }
  const parsed = parse(TEXT)
  expect(parsed.problems).toEqual([])
  const made = parsed.experiment && plan(parsed.experiment, { catalogue: CATALOGUE })
  expect(made?.problems).toEqual([])
  if (!made?.plan) throw new Error('no plan')
  send({ type: 'agent-connected', time: 0, agent: 'g', name: 'g', cpu: 4, gpus: [], backends: [], attempts: [] })
  send({
    type: 'experiment-submitted',
    time: 0,
    experiment: 'e',
    user: 'u',
    plan: made.plan,
    resources: {},
    paused: false,
  })
  for (let attempt = assigned.shift(); attempt !== undefined; attempt = assigned.shift()) {
    send({ type: 'attempt-reported', time: 1, attempt, step: 1, metric: metric(attempt) })
    send({ type: 'attempt-ended', time: 1, attempt, exit: { kind: 'done' } })
  }
}

it('runs an experiment file to its end: grids over components, links, reduce', () => {
  const state = emptyState()
  runAll(state, attempt => Number(attempt.split('.')[2]) % 5)
  expect(state.experiments.get('e')).toMatchObject({ state: 'success', reason: null })
  expect(trialCounts(state, 'e', 'data')).toEqual({ success: 1 })
  expect(trialCounts(state, 'e', 'train')).toEqual({ success: 9 })
  expect(trialCounts(state, 'e', 'eval')).toEqual({ success: 2, masked: 7 })
  // Lowest first; trial 5 reported 0, trials 1 and 6 reported 1, and the earlier is kept.
  expect(
    state.blocks
      .get('e.train')
      ?.ranking?.slice(0, 3)
      .map(r => [r.trial, r.kept]),
  ).toEqual([
    ['e.train.5', true],
    ['e.train.1', true],
    ['e.train.6', false],
  ])
  expect(state.trials.get('e.eval.5')).toMatchObject({
    state: 'success',
    ancestors: { data: 'e.data.1', train: 'e.train.5' },
  })
  expect(state.trials.get('e.eval.6')?.reason).toBe('train 6 was not kept by reduce')
  const variants = [...state.trials.values()].map(t => t.variant)
  expect(new Set(variants).size).toBe(variants.length)
})
