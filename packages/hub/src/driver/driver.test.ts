import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Row } from '@flambe/engine'
import { type OpenStore, openStore, StoreError } from '@flambe/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { createDriver, type Driver, type EventBody } from './driver.ts'

let dir: string
let store: OpenStore
let driver: Driver
let committed: Row[]
let reloads: number
let fatal: unknown[]
let errors: unknown[]
/** Thrown by the next commits, one each: a disk that fails, in front of the real store. */
let failures: Error[]
let commits: number
let wall: number

const hello = (agent: string, name = agent): EventBody => ({
  type: 'agent-connected',
  agent,
  name,
  cpu: 2,
  gpus: [],
  backends: ['cpu'],
  attempts: [],
})

beforeEach(async () => {
  wall = 1_000_000
  dir = await mkdtemp(join(tmpdir(), 'flambe-hub-'))
  store = await openStore({ dir })
  committed = []
  reloads = 0
  fatal = []
  errors = []
  failures = []
  commits = 0
  driver = await open()
})

const open = async (): Promise<Driver> =>
  createDriver({
    store: {
      ...store,
      commit: async batch => {
        commits++
        const failure = failures.shift()
        if (failure !== undefined) throw failure
        return await store.commit(batch)
      },
    },
    clock: { ...systemClock, wall: () => wall },
    rows: await store.load(),
    newest: await store.lastTime(),
    maxEvents: 100,
    onCommit: changes => committed.push(...changes),
    onReload: () => reloads++,
    onFatal: error => fatal.push(error),
    onError: error => errors.push(error),
  })

afterEach(async () => {
  await driver.close()
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

describe('the driver', () => {
  it('answers only after the commit, and commits what comes at once together', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => driver.record(hello(`a${i}`))))
    expect(committed.length).toBe(50)
    expect((await store.load()).length).toBe(50)
    expect(commits).toBe(1)
  })

  it('is never left standing by what comes in the moment when it has done everything (G12)', async () => {
    // However many turns of the queue of promises lie between an answer and the next event.
    for (let turns = 0; turns < 12; turns++) {
      await driver.record(hello('a'))
      for (let i = 0; i < turns; i++) await null
      await driver.record(hello('b'))
    }
    expect(commits).toBe(24)
  })

  it('refuses with "later" when the disk is full, forgets what it had decided, and goes on (G23)', async () => {
    await driver.record(hello('a'))
    failures.push(new StoreError('DISK_FULL', 'the disk is full'))
    await expect(driver.record(hello('b'))).rejects.toMatchObject({ refusal: { code: 'DISK_FULL', after: 10_000 } })
    expect(reloads).toBe(1)
    expect(committed.map(row => (row.kind === 'agent' ? row.id : row.kind))).toEqual(['a'])
    await driver.record(state => {
      expect([...state.agents.keys()]).toEqual(['a'])
      return hello('b')
    })
    expect((await store.load()).length).toBe(2)
    expect(fatal).toEqual([])
  })

  it('ends the hub when the disk failed: nothing is acknowledged any more (G1)', async () => {
    failures.push(new StoreError('FAILED', 'fsync failed'))
    await expect(driver.record(hello('a'))).rejects.toMatchObject({ refusal: { code: 'BUSY' } })
    expect(fatal.length).toBe(1)
  })

  it('takes a command once, also when both come at the same time (G15)', async () => {
    const command = { id: 'command-1', result: { n: 1 } }
    const both = await Promise.all([driver.record(hello('a'), command), driver.record(hello('b'), command)])
    expect(both).toEqual([
      { repeat: false, result: { n: 1 } },
      { repeat: true, result: { n: 1 } },
    ])
    expect(await driver.record(hello('c'), { id: 'command-1', result: { n: 2 } })).toEqual({
      repeat: true,
      result: { n: 1 },
    })
    expect((await store.load()).length).toBe(1)
  })

  it('passes on what the engine refuses, and other events of the batch are not touched', async () => {
    const [bad, good] = await Promise.allSettled([
      driver.record({ type: 'attempt-ended', attempt: 'e1.a.1.1', exit: { kind: 'done' } }),
      driver.record(hello('a')),
    ])
    expect(bad).toMatchObject({ status: 'rejected', reason: { refusal: { code: 'UNKNOWN' } } })
    expect(good.status).toBe('fulfilled')
    expect(errors).toEqual([])
  })

  it('survives an event that makes a decision throw', async () => {
    const broken = driver.record(() => {
      throw new Error('a bug')
    })
    await expect(broken).rejects.toThrow('a bug')
    expect(errors.length).toBe(1)
    await driver.record(hello('a'))
    expect(committed.length).toBe(1)
  })

  it('lets no event go back in time, though the clock was set back, over a restart too (G18)', async () => {
    await driver.record(hello('a'))
    wall = 500_000
    await driver.record(hello('b'))
    await driver.close()
    driver = await open()
    await driver.record(hello('c'))
    wall = 1_000_001
    await driver.record(hello('d'))
    const log = await store.log({ after: 0, limit: 10 })
    expect(log.map(entry => entry.event.time)).toEqual([1_000_000, 1_000_000, 1_000_000, 1_000_001])
  })

  it('takes nothing after it was closed', async () => {
    const last = driver.record(hello('a'))
    await driver.close()
    await last
    await expect(driver.record(hello('b'))).rejects.toMatchObject({ refusal: { code: 'STARTING' } })
  })
})
