/**
 * Makes a data folder of a hub that has seen much: `node packages/store/scripts/seed-large.ts DIR [--trials 10000] [--points
 * 10000]` (points of each trial, over five tags). The engine itself decides all rows and events, so the folder is one that a
 * hub could have left. For `pnpm bench startup` and for looking at pages with real amounts; takes some minutes and gigabytes.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { apply, decide, type Event, emptyState, FINAL } from '@flambe/engine'
import { sketch, sketchVariants } from '@flambe/engine/testing'
import Database from 'better-sqlite3'
import { type CommitEntry, openStore } from '../src/index.ts'

const { values, positionals } = parseArgs({
  options: { trials: { type: 'string', default: '10000' }, points: { type: 'string', default: '10000' } },
  allowPositionals: true,
})
const [dir] = positionals
const [trials, points] = [Number(values.trials), Number(values.points)]
if (dir === undefined || !(trials > 0) || !(points >= 0) || existsSync(join(dir, 'store.sqlite'))) {
  console.error('seed-large.ts DIR [--trials N] [--points N]: DIR must not hold a store yet')
  process.exit(2)
}

const TAGS = ['train/loss', 'train/accuracy', 'val/loss', 'val/accuracy', 'learning_rate']
const EACH = 1_000 // trials of an experiment
const REPORTS = 10
const store = await openStore({ dir })
const state = emptyState()
const begun = performance.now()
let entries: CommitEntry[] = []
let time = Date.now() - 30 * 86_400_000

async function flush(): Promise<void> {
  if (entries.length > 0) await store.commit({ entries })
  entries = []
}

async function tell(event: Record<string, unknown> & { readonly type: Event['type'] }): Promise<void> {
  time += 20
  const whole = { ...event, time } as unknown as Event
  const { changes, refused, why } = decide(state, whole, sketchVariants)
  if (refused !== null) throw new Error(`${event.type}: ${why}`)
  apply(state, changes)
  // Nothing is left to do: no agent waits for this hub.
  entries.push({ event: whole, changes, actions: [], command: null })
  if (entries.length >= 500) await flush()
}

async function run(attempt: string, number: number): Promise<void> {
  await tell({ type: 'attempt-started', attempt, environment: { backend: 'cpu', node: process.version } })
  for (let step = 1; step <= REPORTS; step++)
    await tell({ type: 'attempt-reported', attempt, step, metric: Math.sin(number) + step / 10 })
  await flush() // what is appended below belongs to an attempt that the store knows
  const n = Math.floor(points / TAGS.length)
  const steps = Array.from({ length: n }, (_, i) => i + 1)
  const times = steps.map(step => time + step)
  const batches = TAGS.map((tag, t) => ({
    tag,
    steps,
    times,
    values: steps.map(step => Math.exp(-step / 500) * (t + 1) + Math.sin(step * (number + t)) / 50),
  }))
  const line = `trial ${number} is done\n`
  await store.append([
    { attempt, stream: 'records', offset: 0, data: Buffer.alloc(1), points: batches, others: [] },
    { attempt, stream: 'stdout', offset: 0, data: Buffer.from(line.repeat(20)), points: [], others: [] },
  ])
  await tell({ type: 'attempt-ended', attempt, exit: { kind: 'done' } })
}

await tell({ type: 'agent-connected', agent: 'a0', name: 'large', cpu: 4, gpus: [], backends: ['cpu'], attempts: [] })
for (let first = 0; first < trials; first += EACH) {
  const experiment = `e${String(first / EACH).padStart(3, '0')}`
  const plan = { ...sketch([{ id: 'train', options: Math.min(EACH, trials - first) }]), name: `large-${experiment}` }
  await tell({ type: 'experiment-submitted', experiment, user: 'seed', plan, resources: {}, paused: false })
  for (;;) {
    const live = [...state.attempts.values()].filter(a => a.experiment === experiment && !FINAL.attempt(a.state))
    if (live.length === 0) break
    for (const { id } of live) await run(id, first + Number(id.split('.')[2]))
  }
  await flush()
  console.log(`${Math.min(first + EACH, trials)} trials, ${((performance.now() - begun) / 1000).toFixed(0)} s`)
}
await tell({ type: 'agent-silent', agent: 'a0', state: 'lost' })
await flush()

// The store seals in the background; a folder that a hub left long ago has nothing open.
const look = new Database(join(dir, 'store.sqlite'), { readonly: true })
const open = look.prepare<[], number>('SELECT count(*) FROM batches WHERE payload IS NOT NULL').pluck()
while ((open.get() ?? 0) > 0) await new Promise(resolve => setTimeout(resolve, 1_000))
look.close()
await store.close()
console.log(`${trials} trials with ${trials * points} points in ${((performance.now() - begun) / 1000).toFixed(0)} s`)
