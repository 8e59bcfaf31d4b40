/**
 * How many events a second `decide` + `apply` take, with few and with many trials: `node packages/engine/bench/decide.ts`.
 * The ratio says whether an event's cost grows with the number of trials; it should not.
 */
import type { Event } from '../src/event.ts'
import { apply, decide, emptyState } from '../src/index.ts'
import { sketch, sketchVariants } from '../src/testing/sketch.ts'

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

function median(trials: number): number {
  const rates = Array.from({ length: ROUNDS }, () => {
    let events = 0
    let seconds = 0
    // The same number of trials at every size.
    for (let done = 0; done < 10_000; done += trials) {
      const once = run(trials)
      events += once.events
      seconds += once.seconds
    }
    return events / seconds
  }).sort((a, b) => a - b)
  return rates[Math.floor(ROUNDS / 2)] as number
}

run(1_000)
const few = median(100)
const many = median(10_000)
const rate = (n: number): string => `${Math.round(n).toLocaleString('en')} events/s`
console.log(`100 trials: ${rate(few)}\n10,000 trials: ${rate(many)}\nratio: ${(few / many).toFixed(2)}`)
