import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@flambe/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeAgent } from './testing/fake-agent.ts'
import { SMALL } from './testing/files.ts'
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

it('loses and repeats nothing when the hub is killed again and again in the middle (G1, G2, G3, G16)', async () => {
  hub = await startHubProcess(dir)
  const { token } = await hub.api.agents.joinToken.mutate()
  let steps = 0
  const fake = new FakeAgent({ url: hub.url, token, cpu: 2, play: { steps: 12, before: () => void steps++ } })
  agent = fake
  await fake.connect()
  const answer = await hub.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  for (let kills = 1; kills <= 3; kills++) {
    const until = kills * 11
    await eventually(() => steps >= until)
    await hub.kill()
    fake.cut()
    hub = await startHubProcess(dir, hub.port)
    await fake.connect()
  }
  const id = answer.id
  const { api } = hub
  await eventually(async () => (await api.experiments.get.query({ id })).state === 'success')
  expect(fake.problems).toEqual([])
  const { items } = await api.trials.list.query({ experiment: id, offset: 0, limit: 100 })
  expect(items.map(t => [t.block, t.number, t.state, t.step, t.metric, t.epoch])).toEqual([
    ['a', 1, 'success', 12, 22, 1],
    ['a', 2, 'success', 12, 32, 1],
    ...items
      .filter(t => t.block === 'b')
      .map(t =>
        t.state === 'masked'
          ? ['b', t.number, 'masked', 0, null, 0]
          : ['b', t.number, 'success', 12, t.number * 10 + 12, 1],
      ),
  ])
  const done = items.filter(t => t.state === 'success')
  expect(done.length).toBe(4)
  const { series } = await api.series.read.query({ trials: done.map(t => t.id), tags: ['loss'], points: 100 })
  for (const one of series) expect(one.steps).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
  for (const t of done) {
    const output = await api.output.read.query({ attempt: `${t.id}.1`, stream: 'stdout', bytes: 10_000 })
    expect(output.text).toBe(Array.from({ length: 12 }, (_, i) => `step ${i + 1}\n`).join(''))
  }
}, 60_000)

it('takes each result once when the hub dies between a commit and its answer, wherever that is (G1, G2, G16)', async () => {
  hub = await startHubProcess(dir)
  const { token } = await hub.api.agents.joinToken.mutate()
  const fake = new FakeAgent({ url: hub.url, token, cpu: 2, play: { steps: 40 } })
  agent = fake
  const answer = await hub.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  await fake.connect()
  await hub.kill()
  // The hello alone is some commits; then every place in the life of a step comes by.
  for (let commit = 4; commit <= 12; commit += 2) {
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
  await eventually(async () => (await api.experiments.get.query({ id })).state === 'success')
  expect(fake.problems).toEqual([])
  await hub.kill()
  const store = await openStore({ dir, readonly: true })
  const log = await store.log({ after: 0, limit: 10_000 })
  await store.close()
  const reports = log.flatMap(({ event }) =>
    event.type === 'attempt-reported' ? [`${event.attempt} ${event.step}`] : [],
  )
  expect(reports.length).toBe(4 * 40)
  expect(new Set(reports).size).toBe(reports.length)
}, 60_000)
