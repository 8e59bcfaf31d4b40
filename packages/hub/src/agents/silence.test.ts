import { StoreError } from '@flambe/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../clock.ts'
import { FakeAgent } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { eventually, type House, openHouse } from '../testing/house.ts'

let house: House
let agent: FakeAgent
let ahead: number
/** Commits from now on that fail as on a full disk, in front of the real store. */
let full: number
const clock: Clock = { wall: () => Date.now() + ahead, steady: () => performance.now() + ahead }

beforeEach(async () => {
  ahead = 0
  full = 0
  house = await openHouse({ clock, limits: { sweep_every: 3_600_000 } })
  const { store } = house.hub.services
  const { commit } = store
  Object.assign(store, {
    commit: async (batch: Parameters<typeof commit>[0]) => {
      if (full-- > 0) throw new StoreError('DISK_FULL', 'the disk is full')
      return await commit(batch)
    },
  })
  const { token } = await house.api.agents.joinToken.mutate()
  agent = new FakeAgent({ url: house.url, token, cpu: 1, play: { steps: 1, before: () => new Promise(() => {}) } })
  await agent.connect()
})
afterEach(async () => {
  agent.close()
  await house.close()
})

const seen = async () => (await house.api.agents.list.query()).items[0]
const beat = () =>
  agent.ask('heartbeat', {
    cpu: 0.5,
    memory: { used: 1, total: 2 },
    disk: { free: 1, total: 2 },
    gpus: [],
    backlog: 0,
    clock: clock.wall(),
  })
const quiet = async (ms: number) => {
  ahead += ms
  house.hub.services.presence.sweep()
  await house.hub.services.driver.idle()
}

describe('silence that the disk did not take', () => {
  it('is told again, so that the trials of a lost agent go elsewhere (G10, G12, G23)', async () => {
    const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
    if (!answer.ok) throw new Error('not submitted')
    await eventually(() => [...agent.folders.values()].some(f => f.state === 'running'))
    full = 1
    await quiet(300_001)
    expect((await seen())?.state).toBe('connected')
    await quiet(1_000)
    expect((await seen())?.state).toBe('lost')
    const { items } = await house.api.trials.list.query({ experiment: answer.id, offset: 0, limit: 10 })
    expect(items.map(t => t.state)).not.toContain('running')
  })

  it('and the word that an agent is back is told again with its next message', async () => {
    await quiet(25_000)
    expect((await seen())?.state).toBe('suspect')
    full = 1
    await beat()
    await house.hub.services.driver.idle()
    expect((await seen())?.state).toBe('suspect')
    await beat()
    await house.hub.services.driver.idle()
    expect((await seen())?.state).toBe('connected')
  })
})

it('shows with every heartbeat when an agent was last heard', async () => {
  const before = (await seen())?.seen ?? 0
  ahead += 10_000
  await beat()
  expect((await seen())?.seen).toBeGreaterThanOrEqual(before + 10_000)
})
