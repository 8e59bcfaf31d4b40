/** What a retry brings about is what would have come without the failure. The stories are in testdata/retry-further-up.txt. */
import { expect, it } from 'vitest'
import { random, sketch, type World, world } from './testing/index.ts'

const PIPELINE = [
  { id: 'a', options: 3, reduce: 2 },
  { id: 'b', after: ['a'], options: 2, reduce: 2 },
  { id: 'c', options: 2 },
  { id: 'd', after: ['b', 'c'], reduce: 1 },
  { id: 'e', after: ['d'] },
]

/** Brings every attempt to its end, in an order of the seed; `fails`: the chance of a first attempt. */
function runOut(hub: World, draw: ReturnType<typeof random>, fails: number): void {
  for (;;) {
    const live = [...hub.state.attempts.values()].filter(a => a.ended === null)
    if (live.length === 0) return
    const { id: attempt, trial, epoch } = draw.pick(live)
    const row = hub.state.trials.get(trial)
    // A function of the variant alone, as training with a seed is.
    const metric = random(row?.seed ?? 1).next()
    if (epoch === 1 && draw.chance(fails)) {
      const failure = { class: 'user-code', message: 'boom', stack: null } as const
      hub.send({ type: 'attempt-ended', time: 0, attempt, exit: { kind: 'failed', failure } })
      continue
    }
    hub.send({ type: 'attempt-reported', time: 0, attempt, step: 1, metric })
    const stops = row?.state === 'stopping'
    hub.send({ type: 'attempt-ended', time: 0, attempt, exit: { kind: stops ? 'stopped' : 'done' } })
  }
}

function submitted(overlap: 'blocks' | 'trials' | 'none', stop_on_failure: boolean): World {
  const hub = world()
  hub.send({ type: 'agent-connected', time: 0, agent: 'g', name: 'g', cpu: 3, gpus: [], backends: [], attempts: [] })
  const plan = sketch(PIPELINE, { max_failures: 0, stop_on_failure, overlap })
  hub.send({ type: 'experiment-submitted', time: 0, experiment: 'e1', user: 'u', plan, resources: {}, paused: false })
  return hub
}

const outcome = ({ state }: World): string =>
  [
    ...[...state.experiments.values()].map(e => `${e.state} ${e.reason}`),
    ...[...state.blocks.values()].map(b => `${b.id} ${b.state} ${b.reason} ${JSON.stringify(b.ranking)}`),
    ...[...state.trials.values()].map(t => `${t.id} ${t.state} ${t.reason} ${t.kept}`),
  ]
    .sort()
    .join('\n')

it('ends an experiment whose failed trials are retried, in any order, as if none had failed', () => {
  const calm = submitted('blocks', true)
  runOut(calm, random(1), 0)
  const expected = outcome(calm)
  expect(expected).toContain('success null')
  let retried = 0
  for (let seed = 1; seed <= 150; seed++) {
    const draw = random(seed)
    const hub = submitted(draw.pick(['blocks', 'trials', 'none'] as const), draw.chance(0.5))
    for (;;) {
      runOut(hub, draw, 0.3)
      const failed = [...hub.state.trials.values()].filter(t => t.state === 'failure')
      if (failed.length === 0) break
      retried++
      hub.send({ type: 'trial-commanded', time: 0, trial: draw.pick(failed).id, command: 'retry' })
    }
    expect(outcome(hub), `seed ${seed}`).toBe(expected)
  }
  expect(retried).toBeGreaterThan(200)
})
