/**
 * How many events a second `decide` + `apply` take, with few and with many trials: `node packages/engine/bench/decide.ts`.
 * The ratio says whether an event's cost grows with the number of trials; it should not.
 */
import type { Event } from '../src/event.ts'
import { apply, decide, emptyState } from '../src/index.ts'
import { sketch } from '../src/testing/sketch.ts'
import { sketchVariants } from '../src/testing/sketch-variants.ts'

const STEPS = 8
const ROUNDS = 7
const AGENTS = 8

function run(trials: number): { events: number; seconds: number } {
  const state = emptyState()
  const running: string[] = []
  let counted = 0
  let spent = 0
  const send = (event: Event, measured = true): void => {
    const before = performance.now()
    const decision = decide(state, event, sketchVariants)
    apply(state, decision.changes)
    if (measured) {
      spent += performance.now() - before
      counted++
    }
    if (decision.refused) throw new Error(decision.why ?? '')
    for (const action of decision.actions) if (action.type === 'assign') running.push(action.attempt)
  }
  for (let i = 0; i < AGENTS; i++)
    send(
      { type: 'agent-connected', time: 0, agent: `g${i}`, name: `g${i}`, cpu: 4, gpus: [], backends: [], attempts: [] },
      false,
    )
  const plan = sketch([
    { id: 'a', options: trials, reduce: 1 },
    { id: 'b', after: ['a'] },
  ])
  send({ type: 'experiment-submitted', time: 0, experiment: 'e', user: 'u', plan, resources: {}, paused: false }, false)
  for (let attempt = running.shift(); attempt !== undefined; attempt = running.shift()) {
    if (attempt.startsWith('e.b.')) break
    send({ type: 'attempt-started', time: 1, attempt, environment: {} })
    for (let step = 1; step <= STEPS; step++)
      send({ type: 'attempt-reported', time: 2, attempt, step, metric: step / 7 })
    const checkpoint = { attempt, number: 1, step: STEPS, manifest: { kind: 'folder', files: [] } } as const
    send({ type: 'attempt-saved', time: 3, attempt, checkpoint })
    // The last one also reduces, and makes the rows of the next block: once per block, so not what is measured here.
    const last = state.index.sum('e.a', ['queued', 'preparing', 'running']) === 1
    send({ type: 'attempt-ended', time: 4, attempt, exit: { kind: 'done' } }, !last)
  }
  return { events: counted, seconds: spent / 1000 }
}

/** Events a second over 10,000 trials, in experiments of this size. */
function rate(trials: number): number {
  let events = 0
  let seconds = 0
  for (let done = 0; done < 10_000; done += trials) {
    const once = run(trials)
    events += once.events
    seconds += once.seconds
  }
  return events / seconds
}

const median = (rates: number[]): number => rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)] as number
const shown = (n: number): string => `${Math.round(n).toLocaleString('en')} events/s`

run(1_000)
const few: number[] = []
const many: number[] = []
// By turns, so that a busy machine slows down both.
for (let i = 0; i < ROUNDS; i++) {
  few.push(rate(100))
  many.push(rate(10_000))
}
console.log(`100 trials: ${shown(median(few))}\n10,000 trials: ${shown(median(many))}`)
console.log(`ratio: ${(median(few) / median(many)).toFixed(2)}`)
