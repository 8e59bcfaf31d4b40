/**
 * The files behind blobs (see contract-blobs.ts): partial uploads in `blobs/partial/<sha256>`, whole ones in
 * `blobs/ab/cdef...`. A blob becomes visible in this order, which `blobs.test.ts` holds: content checked, file synced,
 * renamed, folder synced, row committed. One operation at a time for each blob. Names come in as checked hex only, never as
 * paths (S5).
 */

import { createHash, type Hash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import * as node from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Manifest } from '@flambe/engine'
import { cleanUp, ignoreMissing } from './blob-cleanup.ts'
import type { BlobRows } from './blob-rows.ts'
import type { Blobs } from './contract-blobs.ts'
import { failpoint } from './failpoint.ts'
import { asStoreError, StoreError } from './store-error.ts'

/** The part of node:fs/promises that changes files; a test passes one that also writes down the order of calls. */
export type Files = Pick<typeof node, 'open' | 'rename' | 'mkdir' | 'unlink' | 'stat' | 'readdir'>

interface Upload {
  /** Over the first `hashed` bytes; what an earlier life of the hub wrote is hashed at the end. */
  readonly hash: Hash
  hashed: number
  size: number
  synced: number
  /** Open while chunks come. */
  file: node.FileHandle | null
  /** A flush that runs beside the next chunks. */
  syncing: Promise<void> | null
  idle: NodeJS.Timeout | null
}

/** Bytes between flushes of an upload. One may be under way: a power loss costs a resumed upload at most two (G21: 8 MiB). */
const SYNC_EVERY = 4 * 1024 * 1024
/** ms after the last chunk until the file is closed. */
const IDLE = 10_000
const DELAY = 60 * 60 * 1000

export function blobsIn(
  dir: string,
  rows: BlobRows,
  files: Files = node,
): { readonly blobs: Blobs; close(): Promise<void> } {
  const root = join(dir, 'blobs')
  const partials = join(root, 'partial')
  const uploads = new Map<string, Upload>()
  const locks = new Map<string, Promise<unknown>>()

  /** In turn for each blob; turns what the disk says into StoreError. */
  function locked<T>(sha256: string, work: () => Promise<T>): Promise<T> {
    const mine = (locks.get(sha256) ?? Promise.resolve()).then(work).catch(error => {
      throw asStoreError(error)
    })
    const settled = mine.then(
      () => undefined,
      () => undefined,
    )
    locks.set(sha256, settled)
    void settled.then(() => locks.get(sha256) === settled && locks.delete(sha256))
    return mine
  }

  async function begin(sha256: string, size: number): Promise<{ readonly offset: number }> {
    const whole = await rows.touch(sha256)
    if (whole !== null) return { offset: whole }
    await files.mkdir(partials, { recursive: true })
    const there = await sizeOf(partial(sha256))
    if (there !== null && there > size) await files.unlink(partial(sha256))
    const offset = there === null || there > size ? 0 : there
    const open = uploads.get(sha256)
    if (open?.size !== offset) {
      await shut(open)
      const fresh = { hash: createHash('sha256'), hashed: 0, size: offset, synced: offset }
      uploads.set(sha256, { ...fresh, file: null, syncing: null, idle: null })
    }
    return { offset }
  }

  async function chunk(sha256: string, offset: number, data: Uint8Array): Promise<{ readonly next: number }> {
    const whole = rows.size(sha256)
    if (whole !== null) return { next: whole }
    if (!uploads.has(sha256)) await begin(sha256, Number.POSITIVE_INFINITY)
    const upload = uploads.get(sha256) as Upload
    if (offset > upload.size) return { next: upload.size }
    const fresh = data.subarray(Math.min(upload.size - offset, data.length))
    if (fresh.length === 0) return { next: upload.size }
    // What a failed call wrote lies beyond `size`: the next chunk writes over it, and `end` looks at the file's own size.
    upload.file ??= await files.open(partial(sha256), upload.size === 0 ? 'w' : 'r+')
    await writeAll(upload.file, fresh, upload.size)
    idleLater(sha256, upload)
    if (upload.hashed === upload.size) {
      upload.hash.update(fresh)
      upload.hashed += fresh.length
    }
    upload.size += fresh.length
    await flushBeside(sha256, upload, upload.file)
    return { next: upload.size }
  }

  /** Writing goes on while the disk flushes; only one flush behind is waited for. */
  async function flushBeside(sha256: string, upload: Upload, file: node.FileHandle): Promise<void> {
    if (upload.size - upload.synced < SYNC_EVERY) return
    if (upload.syncing !== null) {
      if (upload.size - upload.synced < 2 * SYNC_EVERY) return
      await upload.syncing
    }
    const to = upload.size
    upload.syncing = file.datasync().then(
      () => {
        upload.synced = to
        upload.syncing = null
      },
      async error => {
        // What the disk did not take may be gone: begun anew, and whoever waits for this flush is told.
        if (uploads.get(sha256) === upload) uploads.delete(sha256)
        throw error
      },
    )
    upload.syncing.catch(() => undefined)
  }

  function idleLater(sha256: string, upload: Upload): void {
    if (upload.idle !== null) upload.idle.refresh()
    else {
      upload.idle = setTimeout(() => {
        locked(sha256, () => shut(upload)).catch(() => undefined) // a failed close: the next chunk opens the file anew
      }, IDLE)
      upload.idle.unref()
    }
  }

  /** Waits for the flush that is under way; throws when it failed. */
  async function shut(upload: Upload | undefined): Promise<void> {
    if (upload === undefined) return
    if (upload.idle !== null) clearTimeout(upload.idle)
    const { file, syncing } = upload
    upload.idle = null
    upload.file = null
    try {
      await syncing
    } finally {
      await file?.close()
    }
  }

  async function end(sha256: string, size: number): Promise<void> {
    if (rows.size(sha256) !== null) return
    if (!uploads.has(sha256)) await begin(sha256, size)
    const upload = uploads.get(sha256) as Upload
    if (upload.size < size)
      throw new StoreError('INCOMPLETE', `${sha256}: ${upload.size} of ${size} bytes are there: go on from there`)
    await shut(upload)
    if (size === 0) await (await files.open(partial(sha256), 'w')).close()
    const digest = upload.hashed === size ? upload.hash.digest('hex') : await hashFile(partial(sha256))
    uploads.delete(sha256)
    if (digest !== sha256 || (await sizeOf(partial(sha256))) !== size) {
      await files.unlink(partial(sha256))
      throw new StoreError('MISMATCH', `what was sent as ${sha256} is ${digest}: send it again`)
    }
    await publish(partial(sha256), sha256, size)
  }

  async function put(
    body: AsyncIterable<Uint8Array>,
    expected: { readonly sha256?: string; readonly size?: number; readonly limit?: number },
  ): Promise<{ readonly sha256: string; readonly size: number }> {
    await files.mkdir(partials, { recursive: true })
    const path = join(partials, `${randomUUID()}.put`)
    const hash = createHash('sha256')
    let size = 0
    try {
      const file = await files.open(path, 'wx')
      try {
        for await (const data of body) {
          if (size + data.length > (expected.limit ?? expected.size ?? Number.POSITIVE_INFINITY))
            throw new StoreError('TOO_LARGE', `more than ${expected.limit ?? expected.size} bytes`)
          hash.update(data)
          await writeAll(file, data, size)
          size += data.length
        }
      } finally {
        await file.close()
      }
      const sha256 = hash.digest('hex')
      if (expected.sha256 !== undefined && expected.sha256 !== sha256)
        throw new StoreError('MISMATCH', `what was sent as ${expected.sha256} is ${sha256}`)
      if (expected.size !== undefined && expected.size !== size)
        throw new StoreError('MISMATCH', `${size} bytes were sent, not ${expected.size}`)
      await locked(sha256, async () => {
        if ((await rows.touch(sha256)) === null) await publish(path, sha256, size)
        else await files.unlink(path)
      })
      return { sha256, size }
    } catch (error) {
      await files.unlink(path).catch(ignoreMissing)
      throw asStoreError(error)
    }
  }

  /** From a whole, checked file to a visible blob. */
  async function publish(from: string, sha256: string, size: number): Promise<void> {
    await sync(from, 'r+')
    const target = pathOf(sha256)
    const made = await files.mkdir(dirname(target), { recursive: true })
    failpoint('blob')
    await files.rename(from, target)
    await sync(dirname(target), 'r')
    if (made !== undefined) await sync(root, 'r')
    await rows.add(sha256, size)
  }

  async function verify(sha256: string): Promise<boolean> {
    if (rows.size(sha256) === null) return false
    const digest = await hashFile(pathOf(sha256)).catch(error => {
      ignoreMissing(error)
      return null
    })
    if (digest === sha256) return true
    await rows.drop(sha256)
    await files.unlink(pathOf(sha256)).catch(ignoreMissing)
    return false
  }

  async function sync(path: string, flags: string): Promise<void> {
    const file = await files.open(path, flags)
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async function sizeOf(path: string): Promise<number | null> {
    try {
      return (await files.stat(path)).size
    } catch (error) {
      ignoreMissing(error)
      return null
    }
  }

  async function giveUp(sha256: string): Promise<void> {
    const upload = uploads.get(sha256)
    uploads.delete(sha256)
    await shut(upload)
  }

  const pathOf = (sha256: string) => join(root, sha256.slice(0, 2), sha256.slice(2))
  const partial = (sha256: string) => join(partials, sha256)

  const blobs: Blobs = {
    blobBegin: async (sha256, size) => locked(checked(sha256), () => begin(sha256, size)),
    blobChunk: async (sha256, offset, data) => locked(checked(sha256), () => chunk(sha256, offset, data)),
    blobEnd: async (sha256, size) => locked(checked(sha256), () => end(sha256, size)),
    putBlob: (body, expected = {}) => put(body, expected),
    async blob(sha256) {
      const size = rows.size(checked(sha256))
      return size === null ? null : { path: pathOf(sha256), size }
    },
    async openBlob(sha256, range) {
      if (rows.size(checked(sha256)) === null) throw new StoreError('UNKNOWN', `there is no blob ${sha256}`)
      return createReadStream(pathOf(sha256), range)
    },
    verifyBlob: async sha256 => locked(checked(sha256), () => verify(sha256)),
    missingBlobs: async (manifest: Manifest) => rows.missing(manifest.files.map(file => checked(file.sha256))),
    pruneBlobs: (options = {}) => cleanUp({ dir, root, rows, files, locked, giveUp }, options.delay ?? DELAY),
  }
  return {
    blobs,
    close: async () => {
      for (const upload of uploads.values()) await shut(upload)
    },
  }
}

function checked(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new StoreError('INVALID', 'not a SHA-256 in hex')
  return sha256
}

async function writeAll(file: node.FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < data.length; ) {
    const { bytesWritten } = await file.write(data, at, data.length - at, position + at)
    at += bytesWritten
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const data of createReadStream(path)) hash.update(data as Buffer)
  return hash.digest('hex')
}
