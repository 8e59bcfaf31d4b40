/**
 * An ASHA experiment: 10,000 simulated trials that would report 27 results each, through `decide` + `apply`:
 * `node packages/engine/bench/asha.ts`. Prints results a second by tenths of the experiment; the rate should stay flat.
 */
import type { Event } from '../src/event.ts'
import { apply, decide, emptyState } from '../src/index.ts'
import { sketch } from '../src/testing/sketch.ts'
import { sketchVariants } from '../src/testing/sketch-variants.ts'

const TRIALS = 10_000
const STEPS = 27
const AGENTS = 8
const SLOTS = 8

interface Told {
  readonly results: number
  readonly seconds: number
}

/** Without `scheduler` every trial reports all of its results. */
function run(trials: number, search: string, scheduler: boolean): readonly Told[] {
  const state = emptyState()
  const running: { attempt: string; step: number }[] = []
  const ending: string[] = []
  const tenths: Told[] = []
  let results = 0
  let seconds = 0
  const send = (event: Event): void => {
    const before = performance.now()
    const decision = decide(state, event, sketchVariants)
    apply(state, decision.changes)
    seconds += (performance.now() - before) / 1000
    if (decision.refused) throw new Error(decision.why ?? '')
    for (const action of decision.actions) {
      if (action.type === 'assign') running.push({ attempt: action.attempt, step: 0 })
      else if (action.type === 'end') ending.push(action.attempt)
    }
  }
  for (let i = 0; i < AGENTS; i++) {
    const agent = `g${i}`
    send({ type: 'agent-connected', time: 0, agent, name: agent, cpu: SLOTS, gpus: [], backends: [], attempts: [] })
  }
  const asha = { tag: 'ASHA', params: { max_t: STEPS, grace: 1, factor: 3 } }
  const plan = sketch(
    [{ id: 'b', search: { tag: search, n_trials: trials }, ...(scheduler ? { scheduler: asha } : {}) }],
    { max_trials: trials },
  )
  send({ type: 'experiment-submitted', time: 0, experiment: 'e', user: 'u', plan, resources: {}, paused: false })
  while (running.length > 0) {
    // By turns, as on a busy cluster.
    const next = running.shift() as (typeof running)[number]
    const { attempt } = next
    const step = ++next.step
    const x = hash(attempt)
    send({ type: 'attempt-reported', time: 1, attempt, step, metric: 1 - Math.abs(x - 0.3) - 0.2 / step })
    results++
    const stopped = ending.indexOf(attempt)
    if (stopped === -1 && step < STEPS) {
      running.push(next)
    } else {
      if (stopped !== -1) ending.splice(stopped, 1)
      const checkpoint = { attempt, number: 1, step, manifest: { kind: 'folder', files: [] } } as const
      send({ type: 'attempt-saved', time: 1, attempt, checkpoint })
      send({ type: 'attempt-ended', time: 1, attempt, exit: { kind: stopped === -1 ? 'done' : 'stopped' } })
    }
    const begun = state.index.total('e.b')
    if (begun >= (trials / 10) * (tenths.length + 1)) {
      tenths.push({ results, seconds })
      results = 0
      seconds = 0
    }
  }
  const last = tenths.at(-1) as Told
  tenths[tenths.length - 1] = { results: last.results + results, seconds: last.seconds + seconds }
  return tenths
}

/** In [0, 1), from a text. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return (h >>> 0) / 2 ** 32
}

const rate = ({ results, seconds }: Told): number => Math.round(results / seconds)

for (const [name, search, scheduler] of [
  ['ASHA + Random', 'Random', true],
  ['Random alone, every result reported', 'Random', false],
] as const) {
  const tenths = run(TRIALS, search, scheduler)
  const all = tenths.reduce((a, b) => ({ results: a.results + b.results, seconds: a.seconds + b.seconds }))
  console.log(`${name}: ${all.results.toLocaleString('en')} results, ${rate(all).toLocaleString('en')} a second`)
  console.log(`  by tenths of the trials: ${tenths.map(t => rate(t).toLocaleString('en')).join('  ')}`)
}
