/** Events that make no sense, in any order: each is refused or taken, the engine never throws and the invariants hold. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Event, Exit } from './event.ts'
import type { FailureClass, MetricValue } from './rows.ts'
import { sketch, world } from './testing/index.ts'

const CLASSES: readonly FailureClass[] = [
  'user-code',
  'configuration',
  'out-of-memory',
  'agent-lost',
  'agent-restarted',
  'hub',
  'preempted',
  'infrastructure',
  'fenced',
]
const PLANS = [
  sketch(
    [
      {
        id: 'a',
        search: { tag: 'Random', n_trials: 4 },
        scheduler: { tag: 'ASHA', params: { max_t: 9, grace: 1, factor: 2, mode: 'promote' } },
        reduce: 2,
      },
      { id: 'b', after: ['a'], options: 2, scheduler: { tag: 'ASHA', params: { max_t: 4, grace: 1, factor: 2 } } },
      {
        id: 'c',
        search: { tag: 'Random', n_trials: 3 },
        scheduler: { tag: 'ASHA', params: { max_t: 9, grace: 1, factor: 2 } },
      },
    ],
    { max_failures: 0, stop_on_failure: false, overlap: 'trials', budget: { trials: 9, hours: null } },
  ),
  sketch(
    [
      { id: 'a', options: 3, reduce: 1 },
      { id: 'b', after: ['a'], cpu: 2 },
      { id: 'c', options: 2 },
    ],
    { max_failures: 0 },
  ),
  sketch(
    [
      { id: 'a', options: 3, gpu: 0.5 },
      { id: 'b', after: ['a'], cpu: 2 },
      { id: 'c', options: 2 },
    ],
    {
      max_failures: 1,
      stop_on_failure: false,
      overlap: 'none',
    },
  ),
]

const experiment = fc.constantFrom('e1', 'e1', 'e2', 'e3')
const trial = fc.tuple(experiment, fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 3 })).map(t => t.join('.'))
const attempt = fc.tuple(trial, fc.integer({ min: 1, max: 4 })).map(t => t.join('.'))
const agent = fc.constantFrom('g1', 'g2')
const metric = fc.oneof(
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.constantFrom<MetricValue | null>('.nan', '.inf', '-.inf', null),
)
const exit: fc.Arbitrary<Exit> = fc.oneof(
  fc.constantFrom<Exit>({ kind: 'done' }, { kind: 'done' }, { kind: 'paused' }, { kind: 'stopped' }),
  fc
    .constantFrom(...CLASSES)
    .map(c => ({ kind: 'failed', failure: { class: c, message: 'boom', stack: null } }) as const),
)

const time = fc.constant(0)
const connected: fc.Arbitrary<Event> = fc.record({
  type: fc.constant('agent-connected'),
  time,
  agent,
  name: fc.constant('g'),
  cpu: fc.constant(8),
  gpus: fc.constant([{ index: 0, name: 'X', memory: 1 }]),
  backends: fc.constant([]),
  attempts: fc.uniqueArray(attempt, { maxLength: 6 }),
})
const submitted = (id: string, plan: (typeof PLANS)[number]): fc.Arbitrary<Event> =>
  fc
    .boolean()
    .map(paused => ({ type: 'experiment-submitted', time: 0, experiment: id, user: 'u', plan, resources: {}, paused }))

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 1, arbitrary: submitted('e1', PLANS[0] as (typeof PLANS)[number]) },
  { weight: 1, arbitrary: submitted('e2', PLANS[1] as (typeof PLANS)[number]) },
  { weight: 3, arbitrary: connected },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('agent-silent'),
      time,
      agent,
      state: fc.constantFrom('suspect', 'disconnected', 'lost'),
    }) as fc.Arbitrary<Event>,
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('agent-commanded'),
      time,
      agent,
      command: fc.constantFrom('enable', 'disable'),
      note: fc.constant(null),
    }) as fc.Arbitrary<Event>,
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('experiment-commanded'),
      time,
      experiment,
      command: fc.constantFrom('pause', 'resume', 'resume', 'cancel'),
    }) as fc.Arbitrary<Event>,
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('trial-commanded'),
      time,
      trial,
      command: fc.constantFrom('pause', 'resume', 'cancel', 'retry'),
    }) as fc.Arbitrary<Event>,
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('attempt-started'),
      time,
      attempt,
      environment: fc.constant({}),
    }) as fc.Arbitrary<Event>,
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('attempt-reported'),
      time,
      attempt,
      step: fc.integer({ min: 1, max: 9 }),
      metric,
    }) as fc.Arbitrary<Event>,
  },
  {
    weight: 2,
    arbitrary: fc.tuple(attempt, fc.integer({ min: 1, max: 5 })).map(
      ([a, n]) =>
        ({
          type: 'attempt-saved',
          time: 0,
          attempt: a,
          checkpoint: { attempt: a, number: n, step: n, manifest: { kind: 'folder', files: [] } },
        }) as const,
    ),
  },
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constant('attempt-ended'), time, attempt, exit }) as fc.Arbitrary<Event>,
  },
)

it('survives any events in any order (G7, G12)', () => {
  const met = new Set<string>()
  fc.assert(
    fc.property(fc.array(event, { minLength: 40, maxLength: 120 }), events => {
      const hub = world()
      // So that most of what follows has something to act on.
      hub.send({
        type: 'agent-connected',
        time: 0,
        agent: 'g1',
        name: 'g',
        cpu: 8,
        gpus: [],
        backends: [],
        attempts: [],
      })
      for (const [i, plan] of PLANS.entries())
        hub.send({
          type: 'experiment-submitted',
          time: 0,
          experiment: `e${i + 1}`,
          user: 'u',
          plan,
          resources: {},
          paused: false,
        })
      for (const e of events) met.add(`${e.type} ${hub.send(e).refused ?? 'taken'}`)
      for (const trial of hub.state.trials.values()) {
        met.add(trial.state)
        if (trial.held && trial.state === 'paused') met.add('held by its scheduler')
      }
    }),
    { numRuns: 400, seed: 20_260_101 },
  )
  for (const state of ['queued', 'preparing', 'running', 'paused', 'unreachable', 'stopping', 'pending'])
    expect(met).toContain(state)
  for (const state of ['success', 'failure', 'cancelled', 'masked']) expect(met).toContain(state)
  for (const state of ['pruned', 'held by its scheduler']) expect(met).toContain(state)
  for (const answer of ['taken', 'FENCED', 'UNKNOWN', 'ILLEGAL']) expect(met).toContain(`attempt-ended ${answer}`)
})
