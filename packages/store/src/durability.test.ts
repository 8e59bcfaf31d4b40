import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openDatabase } from './database.ts'
import { openStore } from './open.ts'
import { folder, opened } from './testing/sample.ts'

const SCRIPT = fileURLToPath(new URL('./testing/writer-to-kill.ts', import.meta.url))

/** Starts the writer, kills it with signal 9 after `acks` acknowledgements, and returns the last one that it printed. */
async function killed(
  dir: string,
  size: number,
  acks: number,
): Promise<{ events: number; offset: number; step: number }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT, dir, String(size)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = ''
  let seen = 0
  const lines = createInterface({ input: child.stdout })
  lines.on('line', line => {
    last = line
    if (++seen === acks) child.kill('SIGKILL')
  })
  const [[, signal]] = await Promise.all([once(child, 'close'), once(lines, 'close')])
  expect(signal).toBe('SIGKILL')
  const [events = 0, offset = 0, step = 0] = last.split(' ').map(Number)
  return { events, offset, step }
}

// Starting processes takes its time where other tests run beside.
describe('kill -9', { timeout: 120_000 }, () => {
  it('G1: everything that was acknowledged is there afterwards, and nothing half', async () => {
    const dir = folder()
    for (const acks of [3, 200, 77]) {
      const told = await killed(dir, 1, acks)
      const store = await openStore({ dir })
      const events = await store.lastEvent()
      const { records } = (await store.offsets(['ex.train.1.1']))['ex.train.1.1'] ?? { records: 0 }
      const [series] = await store.series({ trials: ['ex.train.1'], tags: ['loss'], points: 1 })
      expect(events).toBeGreaterThanOrEqual(told.events)
      expect(records).toBeGreaterThanOrEqual(told.offset)
      expect(series?.total).toBeGreaterThanOrEqual(told.step)
      expect(await store.outbox()).toHaveLength(events)
      expect((await store.log({ after: 0, limit: 10_000 })).map(l => l.seq)).toEqual(
        Array.from({ length: events }, (_, i) => i + 1),
      )
      await store.close()
    }
  })

  it('G2: in the middle of sealing leaves each point once, in payloads or in chunks', async () => {
    const dir = folder()
    let told = { events: 0, offset: 0, step: 0 }
    for (const acks of [9, 11, 40]) {
      told = await killed(dir, 1000, acks)
      const store = await opened(dir)
      for (const tag of ['loss', 'rate']) {
        const [series] = await store.series({ trials: ['ex.train.1'], tags: [tag], points: 1000 })
        expect(series?.total).toBeGreaterThanOrEqual(told.step)
        expect((series?.total ?? 1) % 1000).toBe(0)
        const total = series?.total ?? 0
        expect([series?.min, series?.max, series?.last?.step]).toEqual([0, total - 1, total - 1])
        for (const from of [0, 7_500, total - 900]) {
          const [part] = await store.series({
            trials: ['ex.train.1'],
            tags: [tag],
            points: 2000,
            from_step: from,
            to_step: from + 899,
          })
          expect(part?.steps).toEqual(Array.from({ length: 900 }, (_, i) => from + i))
        }
      }
      await store.close()
    }
    const raw = new Database(join(dir, 'store.sqlite'), { readonly: true })
    const sealed = raw.prepare('SELECT sum(count) FROM chunks').pluck().get() as number
    const open = raw.prepare('SELECT sum(count) FROM batches WHERE payload IS NOT NULL').pluck().get() as number
    raw.close()
    expect(sealed).toBeGreaterThan(0)
    expect(sealed + open).toBeGreaterThanOrEqual(told.step * 2)
  })
})

describe('kill -9 inside a slice of sealing', { timeout: 60_000 }, () => {
  const script = fileURLToPath(new URL('./testing/seal-to-kill.ts', import.meta.url))
  for (const change of ['INSERT ON main.chunks', 'INSERT ON main.chunk_points', 'UPDATE OF payload ON main.batches'])
    it(`G2: at ${change} leaves each point once`, async () => {
      const dir = folder()
      const child = spawn(process.execPath, [script, dir, change], { stdio: 'inherit' })
      const [, signal] = await once(child, 'close')
      expect(signal).toBe('SIGKILL')
      const raw = new Database(join(dir, 'store.sqlite'))
      expect(raw.prepare('SELECT count(*) FROM chunks').pluck().get()).toBe(0)
      expect(raw.prepare('SELECT sum(count) FROM batches WHERE payload IS NOT NULL').pluck().get()).toBe(20_000)
      raw.close()
      const store = await opened(dir)
      const [whole] = await store.series({ trials: ['ex.train.1'], tags: ['loss'], points: 1000 })
      expect(whole).toMatchObject({ total: 20_000, min: 0, max: 19_999 })
    })
})

describe('the data folder', { timeout: 60_000 }, () => {
  it('G24: is refused to a second hub, in the same process and in another, and free again after kill -9', async () => {
    const dir = folder()
    const first = await openStore({ dir })
    await expect(openStore({ dir })).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    await first.close()
    const child = spawn(process.execPath, [SCRIPT, dir, '1'], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    await expect(openStore({ dir })).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`process ${child.pid}`),
    })
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
    await opened(dir)
  })

  it('can be read beside a running hub, but not written', async () => {
    const dir = folder()
    const hub = await opened(dir)
    await hub.createUser({ name: 'ada', role: 'admin' })
    const reader = await opened(dir, { readonly: true })
    expect(await reader.users()).toHaveLength(1)
    await hub.createUser({ name: 'bob', role: 'viewer' })
    expect(await reader.users()).toHaveLength(2)
    await expect(reader.createUser({ name: 'eve', role: 'admin' })).rejects.toMatchObject({ code: 'READONLY' })
  })

  it('G1: the log is flushed at every commit', async () => {
    const raw = openDatabase(folder(), 0)
    expect([raw.pragma('journal_mode', { simple: true }), raw.pragma('synchronous', { simple: true })]).toEqual([
      'wal',
      2,
    ])
    raw.close()
  })
})
