/**
 * Resources by URL (`http`, `https`, `s3`), fetched by the agent and never by the hub (S9), hashed while they arrive and kept in the
 * cache by content. One download serves all trials of an experiment on this agent; another experiment asks the server again, since the
 * content may be another by then. Called by place.ts.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { writeDurable } from '../files.ts'
import { backOff, type Timing } from '../timing.ts'
import type { Cache } from './cache.ts'
import { folderOf, type Listed, listFolder } from './s3-folder.ts'
import { isS3, PLAIN, type Request, s3Place, s3Request } from './s3-request.ts'

export interface Urls {
  /**
   * The content, in the cache. `tell` hears how far it is, in words. Throws UrlRefused for what no other try can mend, an Error
   * when the server cannot be reached or breaks off again and again, and the signal's reason.
   */
  fetch(experiment: string, location: string, signal: AbortSignal, tell: (words: string) => void): Promise<Content>
}

export interface Content {
  /** A plain name, of a file or of a folder. */
  readonly name: string
  /** One without a path: the file itself. Paths of a folder are labels of somebody else. */
  readonly files: readonly { readonly path: string | null; readonly kept: string; readonly size: number }[]
}

/** The answer was a no, or the location cannot be asked for: the user's to mend. */
export class UrlRefused extends Error {
  readonly status: number | null
  constructor(message: string, status: number | null = null) {
    super(message)
    this.status = status
  }
}

const TRIES = 4
/** Between two words about a download, ms. */
const TELL_EVERY = 5_000
/** ms after the last download of an experiment. */
const KEEP_NOTES = 30 * 24 * 3_600_000

const known = z.object({
  files: z.array(z.object({ path: z.string().nullable(), sha256: z.string(), size: z.number() })),
})
type Note = z.infer<typeof known>

export function openUrls(options: {
  /** Same disk as the cache. */
  readonly folder: string
  readonly cache: Cache
  readonly timing: Timing
  /** Bytes of one download, at most. */
  readonly limit: number
  /** AWS_* for `s3://`. */
  readonly env: NodeJS.ProcessEnv
  /** ms without a byte after which a try is given up. */
  readonly patience?: number
}): Urls {
  const { folder, cache, limit } = options
  const patience = options.patience ?? 60_000
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  removeOld(folder)
  const running = new Map<string, { readonly content: Promise<Content>; readonly tell: Set<(words: string) => void> }>()

  async function fetchOne(key: string, written: string, signal: AbortSignal, tell: (words: string) => void) {
    const { location, pin } = pinOf(written)
    const name = nameOf(location)
    const path = join(folder, `${key}.json`)
    const before = readNote(path)
    const kept = before === null ? null : await keptOf(name, before)
    if (kept !== null) return kept
    const note = await fetchNew(key, location, pin, signal, tell)
    writeDurable(path, JSON.stringify(note), 0o600, false)
    const content = await keptOf(name, note)
    if (content === null) throw new Error(`${location} is gone from the cache again`)
    return content
  }

  async function keptOf(name: string, note: Note): Promise<Content | null> {
    const files = []
    for (const { path, sha256, size } of note.files) {
      const kept = await cache.local(sha256, size)
      if (kept === null) return null
      files.push({ path, kept, size })
    }
    return { name, files }
  }

  /** An object or a page; where S3 has no object of that key, all that lies below it (RSC-4). */
  async function fetchNew(
    key: string,
    location: string,
    pin: string | null,
    signal: AbortSignal,
    tell: (words: string) => void,
  ): Promise<Note> {
    const below = folderOf(location)
    let refused = new UrlRefused(`${location}: nothing in the bucket begins so`)
    if (below === null || !location.endsWith('/')) {
      try {
        return { files: [{ path: null, ...(await fetchFile(key, location, pin, signal, tell)) }] }
      } catch (error) {
        if (below === null || !(error instanceof UrlRefused) || error.status !== 404) throw error
        refused = error
      }
    }
    const listed = await listFolder(below, options.env, signal).catch(error => {
      signal.throwIfAborted()
      throw new UrlRefused(`${refused.message}, and as a folder: ${error.message}`)
    })
    if (listed.length === 0) throw refused
    if (pin !== null) throw new UrlRefused(`${location} is a folder: #sha256= stands for one object only`)
    const total = listed.reduce((sum, { size }) => sum + size, 0)
    if (total > limit) throw new UrlRefused(`${location} has ${total} bytes, more than ${limit}`)
    return {
      files: await fetchAll(key, listed, signal, (done, words) => tell(`${done + 1} of ${listed.length}: ${words}`)),
    }
  }

  /** Four at a time, in their order. */
  async function fetchAll(
    key: string,
    listed: readonly Listed[],
    signal: AbortSignal,
    tell: (done: number, words: string) => void,
  ): Promise<Note['files']> {
    const files: Note['files'] = []
    for (let at = 0; at < listed.length; at += 4)
      files.push(
        ...(await Promise.all(
          listed.slice(at, at + 4).map(async ({ location, path }, i) => ({
            path,
            ...(await fetchFile(`${key}.${at + i}`, location, null, signal, words => tell(at + i, words))),
          })),
        )),
      )
    return files
  }

  async function fetchFile(
    key: string,
    location: string,
    pin: string | null,
    signal: AbortSignal,
    tell: (words: string) => void,
  ): Promise<{ readonly sha256: string; readonly size: number }> {
    const part = join(folder, `${key}.part`)
    for (let tries = 1; ; tries++) {
      try {
        const { sha256, size } = await download(part, location, signal, tell)
        if (pin !== null && sha256 !== pin)
          throw new UrlRefused(`${location} has the SHA-256 ${sha256}, and the experiment asks for ${pin}`)
        await cache.adopt(part, sha256, size)
        return { sha256, size }
      } catch (error) {
        rmSync(part, { force: true })
        signal.throwIfAborted()
        const { syscall, message, cause } = error as NodeJS.ErrnoException
        if (error instanceof UrlRefused || syscall === 'write') throw error
        const why = cause instanceof Error ? cause.message : message
        if (tries >= TRIES) throw new Error(`cannot fetch ${location}: ${why} (${tries} times)`)
        tell(`fetching ${location}: ${why}; trying again`)
        await sleep(backOff(options.timing.fetch, tries), undefined, { signal })
      }
    }
  }

  async function download(part: string, location: string, signal: AbortSignal, tell: (words: string) => void) {
    const silence = new AbortController()
    const giveUp = () => silence.abort(new Error(`no byte in ${patience / 1000} s`))
    let timer = setTimeout(giveUp, patience)
    const file = await open(part, 'w', 0o600)
    try {
      const stop = AbortSignal.any([signal, silence.signal])
      const { url, headers, redirect } = requestOf(location, options.env)
      tell(`fetching ${location}`)
      const response = await fetch(url, { headers, redirect, signal: stop })
      if (response.status < 200 || response.status > 299 || response.body === null) {
        await response.body?.cancel()
        throw new UrlRefused(`${location} answered ${response.status} ${response.statusText}`.trim(), response.status)
      }
      const length = response.headers.get('content-length')
      const total = length === null ? null : Number(length)
      if (total !== null && total > limit) throw new UrlRefused(`${location} has ${total} bytes, more than ${limit}`)
      const hash = createHash('sha256')
      let size = 0
      let told = Date.now()
      for await (const chunk of response.body) {
        clearTimeout(timer)
        timer = setTimeout(giveUp, patience)
        size += chunk.byteLength
        if (size > limit) throw new UrlRefused(`${location} has more than ${limit} bytes`)
        hash.update(chunk)
        await file.appendFile(chunk)
        if (Date.now() - told < TELL_EVERY) continue
        told = Date.now()
        tell(
          `fetching ${location}: ${megabytes(size)}${total === null ? '' : ` of ${megabytes(total)} (${Math.floor((100 * size) / total)} %)`}`,
        )
      }
      const encoded = response.headers.has('content-encoding')
      if (total !== null && !encoded && size !== total) throw new Error(`${size} of ${total} bytes arrived`)
      await file.sync()
      const sha256 = hash.digest('hex')
      tell(`fetched ${location}: ${megabytes(size)}, sha256=${sha256}`)
      return { sha256, size }
    } finally {
      clearTimeout(timer)
      await file.close()
    }
  }

  return {
    async fetch(experiment, location, signal, tell) {
      const key = createHash('sha256')
        .update(JSON.stringify([experiment, location]))
        .digest('hex')
      for (;;) {
        const other = running.get(key)
        if (other === undefined) break
        other.tell.add(tell)
        try {
          return await abortable(other.content, signal)
        } catch (error) {
          signal.throwIfAborted()
          // The one who started it may have been ended; then the next one starts it again.
          if (error instanceof UrlRefused) throw error
        } finally {
          other.tell.delete(tell)
        }
      }
      const listeners = new Set([tell])
      const content = fetchOne(key, location, signal, words => {
        for (const one of listeners) one(words)
      }).finally(() => running.delete(key))
      running.set(key, { content, tell: listeners })
      return await content
    },
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function requestOf(location: string, env: NodeJS.ProcessEnv): Request {
  if (!isS3(location)) return { url: new URL(location), headers: PLAIN, redirect: 'follow' }
  const place = s3Place(location)
  if (place === null) throw new UrlRefused(`${location} is no object of a bucket`)
  return s3Request(place, env)
}

/** `#sha256=...` behind a URL says what its content must be; it is no part of what is asked for. */
function pinOf(written: string): { readonly location: string; readonly pin: string | null } {
  const found = /^(.*)#sha256=([0-9a-f]{64})$/is.exec(written)
  return { location: found?.[1] ?? written, pin: found?.[2]?.toLowerCase() ?? null }
}

/** Downloads that an ending cut off, and notes of experiments that ran long ago: without its note, a URL is asked again. */
function removeOld(folder: string): void {
  const before = Date.now() - KEEP_NOTES
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (name.endsWith('.part') || statSync(path).mtimeMs < before) rmSync(path, { force: true })
  }
}

/** The last part of the path as a plain file name (S5), so that a trial can tell `.csv` from `.json`. */
function nameOf(location: string): string {
  const last =
    location
      .replace(/[?#].*$/s, '')
      .replace(/\/+$/, '')
      .split('/')
      .slice(3)
      .at(-1) ?? ''
  const plain = last
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-100)
  return plain === '' ? 'file' : plain
}

function readNote(path: string): Note | null {
  try {
    return known.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null // never fetched, or torn
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
