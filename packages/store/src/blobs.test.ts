import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync } from 'node:fs'
import * as files from 'node:fs/promises'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { Files } from './blobs.ts'
import type { OpenStore } from './contract.ts'
import { entry, experiment, folder, manifestOf, opened, plan, sha, trial } from './testing/sample.ts'

const MB = 1024 * 1024

async function upload(store: OpenStore, data: Buffer, to = data.length): Promise<void> {
  const name = sha(data)
  let { offset } = await store.blobBegin(name, data.length)
  while (offset < to)
    offset = (await store.blobChunk(name, offset, data.subarray(offset, Math.min(offset + MB, to)))).next
}

/** Commits a checkpoint of trial ex.train.1. */
async function save(store: OpenStore, number: number, data: Buffer, best = false): Promise<void> {
  const checkpoint = { attempt: 'ex.train.1.1', number, step: number, manifest: manifestOf(data) }
  const row = trial('ex', 1, { checkpoint, step: number, ...(best ? { best_step: number, best: 1 } : {}) })
  await store.commit({
    entries: [entry({ type: 'attempt-saved', attempt: 'ex.train.1.1', checkpoint, time: 5 }, { changes: [row] })],
  })
}

describe('uploads', () => {
  it('makes a blob visible when it is whole, and answers a second upload with its size', async () => {
    const store = await opened()
    const data = randomBytes(3 * MB + 5)
    await upload(store, data)
    expect(await store.blob(sha(data))).toBeNull()
    await store.blobEnd(sha(data), data.length)
    const found = await store.blob(sha(data))
    expect(found?.size).toBe(data.length)
    expect(readFileSync(found?.path ?? '').equals(data)).toBe(true)
    expect(await store.blobBegin(sha(data), data.length)).toEqual({ offset: data.length })
    await store.blobEnd(sha(data), data.length)
  })

  it('G21: goes on where it was after the hub was replaced in the middle', async () => {
    const dir = folder()
    const data = randomBytes(3 * MB)
    const first = await opened(dir)
    await upload(first, data, 2 * MB)
    await first.close()
    const second = await opened(dir)
    expect(await second.blobBegin(sha(data), data.length)).toEqual({ offset: 2 * MB })
    await expect(second.blobEnd(sha(data), data.length)).rejects.toMatchObject({ code: 'INCOMPLETE' })
    await upload(second, data)
    await second.blobEnd(sha(data), data.length)
    expect(readFileSync((await second.blob(sha(data)))?.path ?? '').equals(data)).toBe(true)
  })

  it('skips bytes that it has, and asks for the ones before a gap', async () => {
    const store = await opened()
    const data = Buffer.from('hello world')
    await store.blobBegin(sha(data), data.length)
    expect(await store.blobChunk(sha(data), 5, data.subarray(5))).toEqual({ next: 0 })
    expect(await store.blobChunk(sha(data), 0, data.subarray(0, 5))).toEqual({ next: 5 })
    expect(await store.blobChunk(sha(data), 0, data.subarray(0, 5))).toEqual({ next: 5 })
    expect(await store.blobChunk(sha(data), 3, data.subarray(3))).toEqual({ next: 11 })
    await store.blobEnd(sha(data), data.length)
    expect(await textOf(await store.openBlob(sha(data), { start: 6, end: 8 }))).toBe('wor')
  })

  it('G20: never shows content under a wrong name, and takes the right one afterwards', async () => {
    const store = await opened()
    const right = Buffer.from('right content')
    await store.blobBegin(sha(right), right.length)
    await store.blobChunk(sha(right), 0, Buffer.from('wrong content'))
    await expect(store.blobEnd(sha(right), right.length)).rejects.toMatchObject({ code: 'MISMATCH' })
    expect(await store.blob(sha(right))).toBeNull()
    expect(await store.blobBegin(sha(right), right.length)).toEqual({ offset: 0 })
    await upload(store, right)
    await store.blobEnd(sha(right), right.length)
  })

  it('G20: notices when the file of a resumed upload lost bytes or was damaged', async () => {
    const dir = folder()
    const data = randomBytes(1000)
    const partial = join(dir, 'blobs', 'partial', sha(data))
    const first = await opened(dir)
    await upload(first, data, 600)
    await first.close()
    truncateSync(partial, 300)
    await files.writeFile(partial, Buffer.alloc(10), { flag: 'r+' })
    const second = await opened(dir)
    expect(await second.blobBegin(sha(data), data.length)).toEqual({ offset: 300 })
    await upload(second, data)
    await expect(second.blobEnd(sha(data), data.length)).rejects.toMatchObject({ code: 'MISMATCH' })
  })

  it('G20: takes a damaged blob away, so that the checkpoint before it is the newest', async () => {
    const store = await opened()
    for (const [index, content] of ['first', 'second'].entries()) {
      const data = Buffer.from(content)
      await upload(store, data)
      await store.blobEnd(sha(data), data.length)
      await save(store, index + 1, data)
      expect(await store.verifyBlob(sha(data))).toBe(true)
    }
    const second = Buffer.from('second')
    await files.writeFile((await store.blob(sha(second)))?.path ?? '', 'sEcond')
    expect(await store.verifyBlob(sha(second))).toBe(false)
    expect(await store.blob(sha(second))).toBeNull()
    expect((await store.checkpoints('ex.train.1')).map(c => c.number)).toEqual([1])
    await upload(store, second)
    await store.blobEnd(sha(second), second.length)
    expect((await store.checkpoints('ex.train.1')).map(c => c.number)).toEqual([1, 2])
    expect(await store.verifyBlob(sha('never'))).toBe(false)
  })

  it('lets several connections send the same blob at once', async () => {
    const store = await opened()
    const data = randomBytes(2 * MB + 1)
    const send = async () => {
      await upload(store, data)
      await store.blobEnd(sha(data), data.length)
    }
    await Promise.all([send(), send(), send()])
    expect((await store.blob(sha(data)))?.size).toBe(data.length)
  })

  it('G1: checks, syncs the file, renames, syncs the folder, commits the row, and only then answers', async () => {
    const dir = folder()
    const calls: string[] = []
    const written: Files = {
      ...files,
      async open(path, flags, mode) {
        const handle = await files.open(path, flags, mode)
        const sync = handle.sync.bind(handle)
        handle.sync = async () => {
          await sync()
          calls.push(statSync(String(path)).isDirectory() ? 'sync folder' : 'sync file')
        }
        return handle
      },
      async rename(from, to) {
        expect(await store.blob(name)).toBeNull()
        await files.rename(from, to)
        calls.push('rename')
      },
    }
    const store = await opened(dir, {}, { files: written })
    const data = Buffer.from('weights')
    const name = sha(data)
    await upload(store, data)
    expect(calls).toEqual([])
    await store.blobEnd(name, data.length)
    // The second folder is `blobs/` itself, which got the new entry `ab/`.
    expect(calls).toEqual(['sync file', 'rename', 'sync folder', 'sync folder'])
    expect(await store.blob(name)).not.toBeNull()
  })

  it('S5: takes nothing but a SHA-256 for a name', async () => {
    const store = await opened()
    for (const name of ['../../etc/passwd', 'A'.repeat(64), sha('x').slice(1)])
      await expect(store.blobBegin(name, 1)).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('stores a whole body, refuses other content and more than the limit, and leaves nothing behind', async () => {
    const dir = folder()
    const store = await opened(dir)
    const body = async function* () {
      yield Buffer.from('abc')
      yield Buffer.from('def')
    }
    expect(await store.putBlob(body())).toEqual({ sha256: sha('abcdef'), size: 6 })
    expect(await store.putBlob(body(), { sha256: sha('abcdef'), size: 6 })).toEqual({ sha256: sha('abcdef'), size: 6 })
    await expect(store.putBlob(body(), { sha256: sha('other') })).rejects.toMatchObject({ code: 'MISMATCH' })
    await expect(store.putBlob(body(), { size: 7 })).rejects.toMatchObject({ code: 'MISMATCH' })
    await expect(store.putBlob(body(), { limit: 5 })).rejects.toMatchObject({ code: 'TOO_LARGE' })
    const broken = async function* () {
      yield Buffer.from('abc')
      throw new Error('connection lost')
    }
    await expect(store.putBlob(broken())).rejects.toThrow('connection lost')
    expect(readdirSync(join(dir, 'blobs', 'partial'))).toEqual([])
  })

  it('stores an empty file', async () => {
    const store = await opened()
    const name = createHash('sha256').digest('hex')
    await store.blobBegin(name, 0)
    await store.blobEnd(name, 0)
    expect((await store.blob(name))?.size).toBe(0)
  })
})

describe('clean-up', () => {
  const HOUR = 3_600_000

  it('G22: removes what nothing refers to after the delay, and nothing else', async () => {
    let now = 1_000_000
    const store = await opened(folder(), { now: () => now })
    const [needed, resource, idle] = [Buffer.from('needed'), Buffer.from('resource'), Buffer.from('idle')]
    for (const data of [needed, resource, idle]) {
      await upload(store, data)
      await store.blobEnd(sha(data), data.length)
    }
    const row = experiment('ex', { resources: { data: { kind: 'blobs', manifest: manifestOf(resource) } } })
    await store.commit({
      entries: [entry({ type: 'agent-silent', agent: 'a', state: 'lost', time: 1 }, { changes: [row] })],
    })
    await save(store, 1, needed)
    const path = (await store.blob(sha(idle)))?.path ?? ''
    now += HOUR - 1
    expect(await store.pruneBlobs()).toEqual({ checkpoints: 0, blobs: 0, bytes: 0 })
    now += 2
    expect(await store.pruneBlobs()).toEqual({ checkpoints: 0, blobs: 1, bytes: 4 })
    expect(existsSync(path)).toBe(false)
    expect(await store.missingBlobs(manifestOf(needed, resource, idle))).toEqual([sha(idle)])
    await upload(store, idle)
    await store.blobEnd(sha(idle), idle.length)
    expect(existsSync(path)).toBe(true)
  })

  it('G22: asking for a manifest keeps its idle blobs for another delay, so that it can be committed', async () => {
    let now = 1_000_000
    const store = await opened(folder(), { now: () => now })
    const data = Buffer.from('sent before')
    await upload(store, data)
    await store.blobEnd(sha(data), data.length)
    now += HOUR + 1
    expect(await store.missingBlobs(manifestOf(data))).toEqual([])
    expect((await store.pruneBlobs()).blobs).toBe(0)
    await save(store, 1, data)
    now += 2 * HOUR
    expect((await store.pruneBlobs()).blobs).toBe(0)
  })

  it('gives up checkpoints beyond the newest and the best, and their blobs, but not what another one shares', async () => {
    let now = 1_000_000
    const store = await opened(folder(), { now: () => now })
    const row = experiment('ex', { plan: plan('ex', { checkpoint: { steps: null, seconds: 30, keep: 2 } }) })
    await store.commit({
      entries: [entry({ type: 'agent-silent', agent: 'a', state: 'lost', time: 1 }, { changes: [row] })],
    })
    const contents = ['shared', 'best', 'gone', 'newer', 'shared'].map(c => Buffer.from(c))
    for (const [index, data] of contents.entries()) {
      await upload(store, data)
      await store.blobEnd(sha(data), data.length)
      await save(store, index + 1, data, index <= 1)
    }
    // The trial's best step is 2; rows that came later carry none, so say it again.
    const checkpoint = (await store.checkpoints('ex.train.1')).at(-1)
    expect(checkpoint).toMatchObject({ number: 5, bytes: 6 })
    const newest = { attempt: 'ex.train.1.1', number: 5, step: 5, manifest: manifestOf(Buffer.from('shared')) }
    await store.commit({
      entries: [
        entry(
          { type: 'agent-silent', agent: 'a', state: 'lost', time: 1 },
          { changes: [trial('ex', 1, { best_step: 2, checkpoint: newest })] },
        ),
      ],
    })
    expect((await store.pruneBlobs()).checkpoints).toBe(2)
    expect((await store.checkpoints('ex.train.1')).map(c => c.number)).toEqual([2, 4, 5])
    now += HOUR + 1
    expect(await store.pruneBlobs()).toEqual({ checkpoints: 0, blobs: 1, bytes: 4 })
    expect(await store.missingBlobs(manifestOf(...contents))).toEqual([sha('gone')])
  })

  it('sweeps uploads that were given up and files without a row, once they are old', async () => {
    const dir = folder()
    const store = await opened(dir)
    const data = Buffer.from('half an upload')
    await upload(store, data, 4)
    const orphan = join(dir, 'blobs', 'ab', 'c'.repeat(62))
    await files.mkdir(join(dir, 'blobs', 'ab'), { recursive: true })
    await files.writeFile(orphan, 'x')
    await store.pruneBlobs()
    const partial = join(dir, 'blobs', 'partial', sha(data))
    expect([existsSync(partial), existsSync(orphan)]).toEqual([true, true])
    const old = new Date(Date.now() - 2 * HOUR)
    for (const path of [partial, orphan]) utimesSync(path, old, old)
    await store.pruneBlobs()
    expect([existsSync(partial), existsSync(orphan)]).toEqual([false, false])
    await upload(store, data)
    await store.blobEnd(sha(data), data.length)
  })
})
