import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import * as files from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withBallast } from './ballast.ts'
import type { Files } from './blobs.ts'
import { openDatabase } from './database.ts'
import { openStore } from './open.ts'
import { folder, opened, sha } from './testing/sample.ts'
import { writer } from './writer.ts'

describe('a full disk', () => {
  it('G23: SQLite full rejects the whole group, keeps nothing of it, and works again when there is room', async () => {
    const raw = openDatabase(folder(), 0)
    onTestFinished(() => void raw.close())
    const queue = writer(raw, false)
    const add = raw.prepare('INSERT INTO audit (time, who, what, "from", result) VALUES (0, ?, ?, 0, 0)')
    const entries = raw.prepare('SELECT who FROM audit').pluck()
    raw.pragma(`max_page_count = ${Number(raw.pragma('page_count', { simple: true })) + 2}`)
    const write = (who: string, size: number) => queue.write(() => void add.run(who, 'x'.repeat(size)))
    const results = await Promise.allSettled([write('small', 1), write('large', 1_000_000), write('after', 1)])
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'DISK_FULL' } })
    expect(entries.all()).toEqual([])
    raw.pragma('max_page_count = 1000000')
    await write('again', 1_000_000)
    expect(entries.all()).toEqual(['again'])
  })

  it('G23: refuses an upload with a typed error, which goes on when there is room', async () => {
    let full = false
    // The kernel's own ENOSPC, whenever the file was opened.
    const noRoom = await files.open('/dev/full', 'w')
    onTestFinished(() => noRoom.close())
    const sometimesFull: Files = {
      ...files,
      async open(path, flags, mode) {
        const handle = await files.open(path, flags, mode)
        const write = handle.write.bind(handle)
        handle.write = ((...args: Parameters<typeof write>) =>
          full ? noRoom.write(...args) : write(...args)) as typeof handle.write
        return handle
      },
    }
    const store = await opened(folder(), {}, { files: sometimesFull })
    const data = Buffer.from('first half second half')
    await store.blobBegin(sha(data), data.length)
    await store.blobChunk(sha(data), 0, data.subarray(0, 10))
    full = true
    await expect(store.blobChunk(sha(data), 10, data.subarray(10))).rejects.toMatchObject({ code: 'DISK_FULL' })
    full = false
    expect(await store.blobBegin(sha(data), data.length)).toEqual({ offset: 10 })
    await store.blobChunk(sha(data), 10, data.subarray(10))
    await store.blobEnd(sha(data), data.length)
  })

  it('G23: gives up the ballast to clean up, and takes it back', async () => {
    const dir = folder()
    await opened(dir)
    const ballast = join(dir, 'ballast')
    const size = statSync(ballast).size
    expect(size).toBeGreaterThan(1_000_000)
    let tries = 0
    const work = async () => {
      tries++
      await files.writeFile(existsSync(ballast) ? '/dev/full' : join(dir, 'cleaned'), 'x')
      return 'done'
    }
    expect(await withBallast(dir, work)).toBe('done')
    expect([tries, existsSync(join(dir, 'cleaned')), statSync(ballast).size]).toEqual([2, true, size])
  })
})

describe('a failing disk', { timeout: 60_000 }, () => {
  it('G1: ends all acknowledgements, and what was acknowledged before is there', async () => {
    const dir = folder()
    const script = fileURLToPath(new URL('./testing/writer-to-kill.ts', import.meta.url))
    // A limit on the size of files makes the writes of SQLite's log fail, as a broken disk does.
    const shell = `trap '' XFSZ; ulimit -f 12000; exec "$0" "$1" "$2" 500`
    const child = spawn('bash', ['-c', shell, process.execPath, script, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = await Promise.all([text(child.stdout), once(child, 'close')])
    const lines = said.trim().split('\n')
    expect(lines.pop()).toBe('FAILED FAILED')
    const [events = 0, offset = 0] = (lines.pop() ?? '').split(' ').map(Number)
    expect(events).toBeGreaterThan(10)
    const store = await openStore({ dir })
    expect(await store.lastEvent()).toBeGreaterThanOrEqual(events)
    expect((await store.offsets(['ex.train.1.1']))['ex.train.1.1']?.records).toBeGreaterThanOrEqual(offset)
    await store.close()
  })
})
