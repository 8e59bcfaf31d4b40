/**
 * A search whose hub dies: a real hub process, killed -9 at drawn moments and between a commit and its answers, while trials of an
 * ASHA and TPE run report. What it decided must be what an undisturbed engine decides when the same events arrive in the same order.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apply, decide, emptyState, keyOf, type Row } from '@flambe/engine'
import type { Spec } from '@flambe/protocol'
import { openStore } from '@flambe/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeAgent } from './testing/fake-agent.ts'
import { eventually } from './testing/house.ts'
import { type HubProcess, startHubProcess } from './testing/killed-hub.ts'

let dir: string
let hub: HubProcess | null = null
let agent: FakeAgent | null = null

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'flambe-hub-'))
})
afterEach(async () => {
  agent?.close()
  await hub?.kill()
  await rm(dir, { recursive: true, force: true })
})

const text = (mode: string) => `!Experiment
name: searched
seed: 7
pipeline:
  b: !Adam {lr: !uniform [0.0, 1.0]}
  c: !SGD {lr: !@ b.lr}
search: {b: !TPE {n_trials: 12, startup: 3}}
schedulers: {b: !ASHA {mode: ${mode}, max_t: 9, grace: 1, factor: 3}}
reduce: {b: {k: 1, mode: max}}
`
/** Better near 0.3, and with every step. */
const metric = (spec: Spec, step: number): number => 1 - Math.abs((spec.params['b.lr'] as number) - 0.3) - 0.1 / step

/** Rows as the log of events alone gives them, by key. */
function decidedAnew(log: Awaited<ReturnType<Awaited<ReturnType<typeof openStore>>['log']>>): Map<string, Row> {
  const state = emptyState()
  const rows = new Map<string, Row>()
  for (const { event } of log) {
    const { changes } = decide(state, event)
    apply(state, changes)
    for (const row of changes) rows.set(`${row.kind} ${keyOf(row)}`, row)
  }
  return rows
}

for (const mode of ['stop', 'promote'])
  it(`decides in ${mode} mode what an undisturbed hub decides when the same arrives in the same order (G16, G17)`, async () => {
    hub = await startHubProcess(dir)
    const { token } = await hub.api.agents.joinToken.mutate()
    let steps = 0
    const fake = new FakeAgent({
      url: hub.url,
      token,
      cpu: 2,
      play: { steps: 9, save: 1, metric, before: () => void steps++ },
    })
    agent = fake
    await fake.connect()
    const answer = await hub.api.experiments.submit.mutate({ text: text(mode), resources: {}, command: 'command-1' })
    if (!answer.ok) throw new Error(JSON.stringify(answer))
    for (let kills = 1; kills <= 3; kills++) {
      const until = kills * 7
      await eventually(() => steps >= until)
      await hub.kill()
      fake.cut()
      hub = await startHubProcess(dir, hub.port)
      await fake.connect()
    }
    // And where a verdict is on the disk, but nobody has heard it: these commits are the hello, reports and ends.
    for (let commit = 5; commit <= 9; commit += 2) {
      await hub.kill()
      fake.cut()
      hub = await startHubProcess(dir, hub.port, `commit:${commit}`)
      await fake.connect().catch(() => undefined)
      expect(await hub.ended).toBe('SIGKILL')
    }
    hub = await startHubProcess(dir, hub.port)
    fake.cut()
    await fake.connect()
    const { id } = answer
    const { api } = hub
    const standing = async () => {
      const { items } = await api.trials.list.query({ experiment: id, offset: 0, limit: 100 })
      const trials = items.map(t => `${t.block}.${t.number} ${t.state} ${t.step}: ${t.reason}`)
      return { state: (await api.experiments.get.query({ id })).state, trials, problems: fake.problems }
    }
    const end = performance.now() + 60_000
    for (let now = await standing(); now.state !== 'success'; now = await standing()) {
      if (performance.now() > end) throw new Error(`it does not end: ${JSON.stringify(now, null, 1)}`)
      await new Promise(resolve => setTimeout(resolve, 200))
    }
    expect(fake.problems).toEqual([])
    await hub.kill()

    const store = await openStore({ dir, readonly: true })
    const log = await store.log({ after: 0, limit: 100_000 })
    const kept = (await store.load()).filter(row => row.kind !== 'agent')
    await store.close()
    const anew = decidedAnew(log)
    for (const row of kept) expect(anew.get(`${row.kind} ${keyOf(row)}`)).toEqual(row)
    const trials = kept.filter(row => row.kind === 'trial' && row.block === 'b')
    expect(trials.length).toBe(12)
    expect(trials.some(row => row.kind === 'trial' && row.state === 'pruned')).toBe(true)
    // The journal itself is gone from what a start reads once the search is over: the log gives it back, each report once.
    const reported = [...anew.values()].flatMap(row =>
      row.kind === 'journal' && row.what === 'reported' ? [`${row.trial} ${row.step}`] : [],
    )
    expect(new Set(reported).size).toBe(reported.length)
    if (mode === 'promote')
      expect([...anew.values()].some(row => row.kind === 'journal' && row.what === 'resumed')).toBe(true)
  }, 180_000)
