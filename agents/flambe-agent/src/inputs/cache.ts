/**
 * Blobs by their SHA-256, fetched from the hub by ranged GET, each once however many attempts want it. Called by place.ts.
 * A blob stands under its name only after its hash was right; what a cut left is gone on with; what is wrong is fetched again.
 */
import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { chmod, open, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sizeOf } from '../files.ts'
import type { Log } from '../log.ts'
import { backOff, type Timing } from '../timing.ts'

export interface Cache {
  /** Path of the blob, verified. Throws BlobMissing, BlobDamaged, or what the disk throws. Waits while the hub is away. */
  fetch(sha256: string, size: number, signal: AbortSignal): Promise<string>
  /** Path of the blob when it is here, verified; nobody is asked for it. */
  local(sha256: string, size: number): Promise<string | null>
  /** Takes a synced file of the same disk, whose hash this is, as the blob. */
  adopt(file: string, sha256: string, size: number): Promise<string>
}

/** The hub does not have it. */
export class BlobMissing extends Error {}
/** Wrong bytes, again and again. */
export class BlobDamaged extends Error {}

/** Every verified blob carries this time of change: one that differs was written to through a link, and is not trusted. */
const SEALED = 1_000_000_000
const TRIES_DAMAGED = 4
const TRIES_MISSING = 5

export function openCache(options: {
  readonly folder: string
  readonly hub: string
  readonly timing: Timing
  readonly log: Log
  /** Bytes to keep, at most; what no attempt uses goes first, oldest first. */
  readonly limit: number
  token(): string
}): Cache {
  const { folder, log, timing } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const running = new Map<string, Promise<string>>()

  async function fetchOne(sha256: string, size: number, signal: AbortSignal): Promise<string> {
    const path = join(folder, sha256.slice(0, 2), sha256)
    mkdirSync(join(folder, sha256.slice(0, 2)), { recursive: true })
    if (await sealed(path, sha256, size)) return path
    rmSync(path, { force: true })
    sweep(folder, options.limit - size)
    let damaged = 0
    let missing = 0
    for (let tries = 0; ; tries++) {
      const got = await download(path, sha256, size, signal)
      if (got === 'good') return path
      if (got === 'damaged' && ++damaged >= TRIES_DAMAGED)
        throw new BlobDamaged(`blob ${sha256} arrived damaged ${damaged} times`)
      if (got === 'missing' && ++missing >= TRIES_MISSING) throw new BlobMissing(`the hub has no blob ${sha256}`)
      if (tries % 10 === 0) log.warn({ blob: sha256.slice(0, 12), cause: got }, 'download goes on after a pause')
      await sleep(backOff(timing.fetch, tries), undefined, { signal })
    }
  }

  async function download(path: string, sha256: string, size: number, signal: AbortSignal) {
    const part = `${path}.part`
    const hash = createHash('sha256')
    let at = Math.min(sizeOf(part), size)
    if (at > 0) for await (const chunk of createReadStream(part, { end: at - 1 })) hash.update(chunk)
    const file = await open(part, 'a', 0o600)
    try {
      await file.truncate(at)
      if (at < size) {
        const url = `${options.hub.replace(/\/+$/, '')}/api/blobs/${sha256}`
        const headers = { authorization: `Bearer ${options.token()}`, ...(at > 0 ? { range: `bytes=${at}-` } : {}) }
        const response = await fetch(url, { headers, signal, redirect: 'error' }).catch(cut(signal))
        if (response === null) return 'cut'
        if (response.status === 404 || response.status === 403) return 'missing'
        if (response.status === 416 || (at > 0 && response.status === 200)) {
          await response.body?.cancel()
          await file.truncate(0)
          return 'cut'
        }
        if (!response.ok || response.body === null) return 'cut'
        try {
          for await (const chunk of response.body) {
            at += chunk.byteLength
            if (at > size) break
            hash.update(chunk)
            await file.appendFile(chunk)
          }
        } catch (error) {
          signal.throwIfAborted()
          if ((error as NodeJS.ErrnoException).syscall === 'write') throw error
          return 'cut'
        }
        if (at < size) return 'cut'
      }
      if (at > size || hash.digest('hex') !== sha256) {
        await file.truncate(0)
        return 'damaged'
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await seal(part, path)
    return 'good'
  }

  const placeOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256)

  return {
    fetch(sha256, size, signal) {
      const known = running.get(sha256)
      // The one who started it may be ended; then the next one starts it again.
      if (known !== undefined) return known.catch(() => this.fetch(sha256, size, signal))
      const mine = fetchOne(sha256, size, signal).finally(() => running.delete(sha256))
      running.set(sha256, mine)
      return mine
    },
    local: async (sha256, size) => ((await sealed(placeOf(sha256), sha256, size)) ? placeOf(sha256) : null),
    async adopt(file, sha256, size) {
      const path = placeOf(sha256)
      mkdirSync(join(folder, sha256.slice(0, 2)), { recursive: true })
      if (await sealed(path, sha256, size)) rmSync(file)
      else {
        sweep(folder, options.limit - size)
        await seal(file, path)
      }
      return path
    },
  }
}

async function seal(part: string, path: string): Promise<void> {
  await chmod(part, 0o444)
  await utimes(part, Date.now() / 1000, SEALED)
  renameSync(part, path)
}

/** For a rejected fetch: null when the network is the reason, so that only an abort is thrown. */
const cut = (signal: AbortSignal) => (): null => {
  signal.throwIfAborted()
  return null
}

async function sealed(path: string, sha256: string, size: number): Promise<boolean> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined || stat.size !== size) return false
  if (stat.mtimeMs !== SEALED * 1_000) {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk)
    if (hash.digest('hex') !== sha256) return false
  }
  await utimes(path, Date.now() / 1000, SEALED)
  return true
}

/** Removes the least recently used blobs that no attempt folder links to, until at most `limit` bytes stand here. */
function sweep(folder: string, limit: number): void {
  const blobs = readdirSync(folder).flatMap(shard =>
    readdirSync(join(folder, shard)).flatMap(name => {
      const stat = statSync(join(folder, shard, name), { throwIfNoEntry: false })
      return stat === undefined ? [] : [{ path: join(folder, shard, name), stat }]
    }),
  )
  let total = blobs.reduce((sum, b) => sum + b.stat.size, 0)
  for (const blob of blobs.sort((a, b) => a.stat.atimeMs - b.stat.atimeMs)) {
    if (total <= limit) return
    if (blob.stat.nlink > 1 || blob.path.endsWith('.part')) continue
    rmSync(blob.path, { force: true })
    total -= blob.stat.size
  }
}
