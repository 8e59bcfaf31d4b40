/**
 * Measures the store on this machine: points appended and durable from one caller, reads of many curves, lists of many
 * trials, small commits. Prints medians of wall time, and beside the first ones processor time, which says more on a busy
 * machine. `node bench/points.ts [DIR]`; the folder is removed afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrialRow } from '@flambe/engine'
import { openStore } from '../src/index.ts'

const dir = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'flambe-bench-'))
const store = await openStore({ dir })
const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
const say = (what: string, value: string) => console.log(`${what.padEnd(62)} ${value}`)

const used = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

async function timed<T>(times: number, work: (round: number) => Promise<T>): Promise<number[]> {
  const all: number[] = []
  for (let round = 0; round < times; round++) {
    const from = performance.now()
    await work(round)
    all.push(performance.now() - from)
  }
  return all
}

const offsets = new Map<string, number>()
async function append(attempt: string, tags: number, from: number, n: number): Promise<void> {
  const steps = Array.from({ length: n }, (_, i) => from + i)
  const offset = offsets.get(attempt) ?? 0
  const data = Buffer.alloc(n * tags * 30, 120)
  const points = Array.from({ length: tags }, (_, t) => ({
    tag: `metric/${t}`,
    steps,
    times: steps.map(s => 1.7e12 + s),
    values: steps.map(s => Math.sin(s / 100 + t)),
  }))
  const [result] = await store.append([{ attempt, stream: 'records', offset, data, points, others: [] }])
  if (result?.kind !== 'stored') throw new Error('not stored')
  offsets.set(attempt, result.next)
}

// 100 series x 10,000 points, one series a trial, 100 points an append.
const seconds: number[] = []
let cpu = process.cpuUsage()
for (let round = 0; round < 10; round++) {
  const [ms = 0] = await timed(1, async () => {
    for (let trial = 1; trial <= 100; trial++)
      for (let i = 0; i < 10; i++) await append(`ex.train.${trial}.1`, 1, round * 1000 + i * 100, 100)
  })
  seconds.push(ms / 1000)
}
say('points/s, one caller awaiting each append of 100 points', (100_000 / median(seconds)).toFixed(0))
say('   per second of processor time', (1_000_000 / used(cpu)).toFixed(0))

const wide = await timed(50, round => append('ex.wide.1.1', 20, round * 100, 100))
say('points/s, one caller awaiting each append of 20 tags x 100', (2000 / (median(wide) / 1000)).toFixed(0))
say('   slowest of these appends (sealing included)', `${Math.max(...wide).toFixed(1)} ms`)

const trials = Array.from({ length: 100 }, (_, i) => `ex.train.${i + 1}`)
cpu = process.cpuUsage()
const read = await timed(7, () => store.series({ trials, tags: ['metric/0'], points: 1000 }))
say('100 series x 10,000 points to 1,000 buckets', `${median(read).toFixed(0)} ms`)
say('   processor time of one', `${((used(cpu) / 7) * 1000).toFixed(0)} ms`)
await new Promise(resolve => setTimeout(resolve, 12_000))
cpu = process.cpuUsage()
const sealed = await timed(7, () => store.series({ trials, tags: ['metric/0'], points: 1000 }))
say('   the same once sealed', `${median(sealed).toFixed(0)} ms`)
say('   processor time of one', `${((used(cpu) / 7) * 1000).toFixed(0)} ms`)

for (let i = 0; i < 100; i++) await append('ex.long.1.1', 1, i * 10_000, 10_000)
const long = await timed(5, () => store.series({ trials: ['ex.long.1'], tags: ['metric/0'], points: 1000 }))
say('one series of 1,000,000 points to 1,000 buckets', `${median(long).toFixed(0)} ms`)

const row = (number: number): TrialRow => ({
  kind: 'trial',
  id: `big.train.${number}`,
  experiment: 'big',
  block: 'train',
  number,
  variant: 'f'.repeat(64),
  variant_index: number,
  params: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`train.model.p${i}`, (number * (i + 7)) % 1013])),
  ancestors: { data: 'big.data.1' },
  seed: number,
  state: 'success',
  reason: null,
  devices: { cpu: 1, gpu: null },
  epoch: 1,
  failures: 0,
  step: 10,
  metric: (number * 7919) % 10_007,
  best: number,
  best_step: 1,
  checkpoint: null,
  kept: null,
  wish: 'run',
  created: number,
  started: number,
  ended: number + 5,
})
const event = { type: 'agent-silent', agent: 'a', state: 'lost', time: 1 } as const
const changes = Array.from({ length: 10_000 }, (_, i) => row(i + 1))
const [made = 0] = await timed(1, () => store.commit({ entries: [{ event, changes, actions: [], command: null }] }))
say('one commit of 10,000 trial rows', `${made.toFixed(0)} ms`)
const list = async (sort: 'metric' | `params.${string}`, search?: string) =>
  median(
    await timed(7, round =>
      store.trials({
        experiment: 'big',
        sort: [{ by: sort, desc: true }],
        offset: round * 100,
        limit: 100,
        ...(search === undefined ? {} : { search }),
      }),
    ),
  ).toFixed(0)
say('10,000 trials: a page sorted by metric', `${await list('metric')} ms`)
say('10,000 trials: a page sorted by a parameter', `${await list('params.train.model.p5')} ms`)
say('10,000 trials: a page sorted by a parameter, with a search', `${await list('params.train.model.p5', 'p3":77')} ms`)

const single = await timed(300, () =>
  store.commit({ entries: [{ event, changes: [row(1)], actions: [], command: null }] }),
)
say('one commit at a time: median', `${median(single).toFixed(2)} ms`)
const [together = 0] = await timed(1, () =>
  Promise.all(
    Array.from({ length: 2000 }, (_, i) =>
      store.commit({ entries: [{ event, changes: [row(i + 1)], actions: [], command: null }] }),
    ),
  ),
)
say('2,000 commits at once', `${(2000 / (together / 1000)).toFixed(0)} /s`)
const [loaded = 0] = await timed(1, () => store.load())
say('load of 10,000 trials', `${loaded.toFixed(0)} ms`)
await store.close()
const [opening = 0] = await timed(1, async () => {
  const again = await openStore({ dir })
  await again.load()
  await again.close()
})
say('open and load', `${opening.toFixed(0)} ms`)
rmSync(dir, { recursive: true })
