import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { eventually, type House, openHouse } from '../testing/house.ts'

let house: House
let agent: FakeAgent

beforeEach(async () => {
  house = await openHouse()
  const { token } = await house.api.agents.joinToken.mutate()
  agent = new FakeAgent({ url: house.url, token, cpu: 2, play: { steps: 100, before: () => new Promise(() => {}) } })
  await agent.connect()
})
afterEach(async () => {
  agent.close()
  await house.close()
})

it('a checkpoint that was damaged on the disk is found out, and the one before is used (G20)', async () => {
  const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  const attempt = (epoch: number) => eventually(() => agent.folders.get(`${answer.id}.a.1.${epoch}`))
  const end = async (epoch: number, message: string) => {
    const told = await agent.ask('ended', {
      attempt: `${answer.id}.a.1.${epoch}`,
      exit: { kind: 'failed', failure: { class: 'infrastructure', message, stack: null } },
      sizes: { records: 0, stdout: 0, stderr: 0 },
      dropped: { stdout: 0, stderr: 0 },
    })
    expect(told).toEqual({ ok: true })
  }
  const first = await attempt(1)
  await eventually(() => first.state === 'running')
  const older = await agent.save(first, 1, 10)
  const newer = await agent.save(first, 2, 20)
  await end(1, 'the first one ends here')
  expect((await attempt(2)).spec.resume).toEqual({ number: 2, step: 20, manifest: newer })

  const { store } = house.hub.services
  const blob = await store.blob(newer.files[0]?.sha256 ?? '')
  if (blob === null) throw new Error('no blob')
  const bytes = await readFile(blob.path)
  await writeFile(blob.path, bytes.fill(0, 0, 1))
  await end(2, 'the blob arrived damaged')
  // Numbers go on after the damaged one: what is saved next is newer than it.
  expect((await attempt(3)).spec.resume).toEqual({ number: 2, step: 10, manifest: older })
})

it('a damaged input of an earlier block ends the trial at once and says what to do (G14, G20)', async () => {
  agent.close()
  await house.close()
  house = await openHouse()
  const { token } = await house.api.agents.joinToken.mutate()
  const before = (spec: { block: string }) => (spec.block === 'b' ? new Promise<void>(() => {}) : undefined)
  agent = new FakeAgent({ url: house.url, token, cpu: 2, play: { steps: 1, before } })
  await agent.connect()
  const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  const held = await eventually(() =>
    [...agent.folders.values()].find(f => f.spec.block === 'b' && f.state === 'running'),
  )
  const { store } = house.hub.services
  const input = held.spec.inputs.a?.manifest.files[0]?.sha256 ?? ''
  const blob = await store.blob(input)
  if (blob === null) throw new Error('no blob')
  await writeFile(blob.path, (await readFile(blob.path)).fill(0, 0, 1))
  const { trial, attempt } = held.spec
  await agent.ask('ended', {
    attempt,
    exit: { kind: 'failed', failure: { class: 'hub', message: 'the input arrived damaged', stack: null } },
    sizes: { records: 0, stdout: 0, stderr: 0 },
    dropped: { stdout: 0, stderr: 0 },
  })
  const row = await eventually(async () => {
    const seen = await house.api.trials.get.query({ id: trial })
    return seen.state === 'failure' && seen
  })
  expect(row.epoch).toBe(2)
  expect(row.reason).toMatch(/is damaged on the hub's disk: run .*\.a\.\d+ again/)
})
