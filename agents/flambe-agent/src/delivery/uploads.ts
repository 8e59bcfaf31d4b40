/**
 * The upload connection: blobs in chunks, a few blobs side by side that share one window of UPLOAD_CREDITS, on a socket of its own
 * so that a large checkpoint delays neither a heartbeat nor a metric, nor the small checkpoints of other trials. Called by
 * checkpoints.ts. Dials when there is work, hangs up when idle. A cut costs at most the chunks in flight (G21): `blob-begin` says
 * where to go on.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  isFinal,
  MAX_CHUNK_BYTES,
  UPLOAD_CREDITS,
  UPLOAD_PATH,
  type Upload,
  type UploadAnswer,
  upload,
} from '@flambe/protocol'
import type { Socket } from 'socket.io-client'
import { Refused } from '../link.ts'
import { ask, dial, type Outcome, refusalOf } from '../socket.ts'
import { backOff, type Timing } from '../timing.ts'

export interface Uploads {
  /**
   * Resolves when the hub has the blob durably. Throws FileChanged when the file is not what was promised, Refused for other
   * final refusals, and the signal's reason.
   */
  blob(sha256: string, size: number, file: string, signal: AbortSignal): Promise<void>
  close(): void
}

/** Not the bytes that the manifest promised: gone, other size, or other hash. */
export class FileChanged extends Error {}

const IDLE = 30_000
/** Blobs side by side: what one of many small ones costs is mostly waiting, for the hub's answer and its disk. */
const LANES = 8
/** Bytes. A blob up to this size is sent with its question whether it is needed: one wait instead of three. */
const SMALL = 64 * 1024

export function openUploads(options: { hub: string; timing: Timing; token(): string }): Uploads {
  const { timing } = options
  let socket: Socket | null = null
  let idle: NodeJS.Timeout | undefined
  let dialling: Promise<unknown> = Promise.resolve()
  const lanes = turnstile(LANES)
  const credits = turnstile(UPLOAD_CREDITS)

  /** One at a time: those that wait find it connected. */
  function connect(signal: AbortSignal): Promise<Socket> {
    const mine = dialling.then(() => connected(signal))
    dialling = mine.catch(() => undefined)
    return mine
  }

  async function connected(signal: AbortSignal): Promise<Socket> {
    socket ??= dial(options.hub, UPLOAD_PATH, options.token, timing)
    const mine = socket
    for (let tries = 0; !mine.connected; tries++) {
      const error = await new Promise<Error | null>((resolve, reject) => {
        const stop = () => reject(signal.reason)
        const settle = (value: Error | null) => {
          signal.removeEventListener('abort', stop)
          mine.off('connect', good).off('connect_error', bad)
          resolve(value)
        }
        const good = () => settle(null)
        const bad = (e: Error) => settle(e)
        signal.throwIfAborted()
        signal.addEventListener('abort', stop, { once: true })
        mine.on('connect', good).on('connect_error', bad)
        if (mine.connected) good()
        else mine.connect()
      })
      if (error === null) break
      const refusal = refusalOf(error)
      if (refusal !== null && isFinal(refusal)) throw new Refused('upload', refusal)
      await sleep(refusal?.after ?? backOff(timing.reconnect, tries), undefined, { signal })
    }
    return mine
  }

  async function send(sha256: string, size: number, file: FileHandle, signal: AbortSignal): Promise<void> {
    const way = size <= SMALL ? atOnce : inParts
    let wrong = 0
    for (let tries = 0; ; tries++) {
      signal.throwIfAborted()
      const on = await connect(signal)
      const put: Put = (event, message) => question(on, event, message, timing)
      const failed = await way(sha256, size, file, put, credits, signal)
      if (failed === null) return
      const { event, outcome } = failed
      if (outcome.kind === 'refused' && isFinal(outcome.refusal)) {
        // Other bytes than the hub's hash says were thrown away there. Ours may be fine: the way may be what is not.
        if (event === 'blob-end' && outcome.refusal.code === 'CONFLICT' && wrong >= 2)
          throw new FileChanged(outcome.refusal.message)
        if (event === 'blob-begin' || ++wrong >= 3) throw new Refused(event, outcome.refusal)
      }
      const asked = event === 'blob-begin' && outcome.kind === 'refused' ? outcome.refusal.after : undefined
      await sleep(asked ?? backOff(timing.reconnect, tries), undefined, { signal })
    }
  }

  return {
    async blob(sha256, size, path, signal) {
      clearTimeout(idle)
      const leave = await lanes.enter()
      try {
        signal.throwIfAborted()
        const file = await open(path, 'r').catch(() => {
          throw new FileChanged(`${path} is gone`)
        })
        try {
          if ((await file.stat()).size !== size)
            throw new FileChanged(`${path} has another size than its manifest says`)
          await send(sha256, size, file, signal)
        } finally {
          await file.close()
        }
      } finally {
        leave()
        clearTimeout(idle)
        if (lanes.empty) {
          idle = setTimeout(() => socket?.disconnect(), IDLE)
          idle.unref()
        }
      }
    },
    close() {
      clearTimeout(idle)
      socket?.disconnect()
    },
  }
}

type Put = <K extends keyof Upload>(event: K, message: Upload[K]) => ReturnType<typeof question<K>>

function question<K extends keyof Upload>(socket: Socket, event: K, message: Upload[K], timing: Timing) {
  return ask<UploadAnswer[K]>(socket, event, message, upload[event].answer, timing.answer)
}

/** Which message did not get the answer that was expected, or null: the hub has the blob. */
type Failed = { readonly event: keyof Upload; readonly outcome: Exclude<Outcome<object>, { kind: 'answer' }> } | null
type Way = (
  sha256: string,
  size: number,
  file: FileHandle,
  put: Put,
  credits: Turnstile,
  signal: AbortSignal,
) => Promise<Failed>

/** All messages of a small blob without waiting in between: the hub takes them in order, and passes over what it has. */
const atOnce: Way = async (sha256, size, file, put, credits) => {
  const data = new Uint8Array(size)
  const { bytesRead } = await file.read(data, 0, size, 0)
  if (bytesRead < size) throw new FileChanged('the file became shorter')
  const leave = await credits.enter()
  try {
    const sent = [
      ['blob-begin', put('blob-begin', { sha256, size })],
      ...(size > 0 ? [['blob-chunk', put('blob-chunk', { sha256, offset: 0, data })] as const] : []),
      ['blob-end', put('blob-end', { sha256, size })],
    ] as const
    const outcomes = await Promise.all(sent.map(async ([event, answer]) => ({ event, outcome: await answer })))
    return firstFailed(outcomes)
  } finally {
    leave()
  }
}

const inParts: Way = async (sha256, size, file, put, credits, signal) => {
  const begin = await put('blob-begin', { sha256, size })
  if (begin.kind !== 'answer') return { event: 'blob-begin', outcome: begin }
  const sent = await chunks(sha256, size, begin.answer.offset, file, put, credits, signal)
  if (sent.kind !== 'answer') return { event: 'blob-chunk', outcome: sent }
  return firstFailed([{ event: 'blob-end', outcome: await put('blob-end', { sha256, size }) }])
}

function firstFailed(outcomes: readonly { event: keyof Upload; outcome: Outcome<object> }[]): Failed {
  for (const { event, outcome } of outcomes) if (outcome.kind !== 'answer') return { event, outcome }
  return null
}

/** From `from` to the end, in the common window. Stops at the first answer that is not the expected one. */
async function chunks(
  sha256: string,
  size: number,
  from: number,
  file: FileHandle,
  put: Put,
  credits: Turnstile,
  signal: AbortSignal,
): Promise<Outcome<object>> {
  const flight = new Set<Promise<void>>()
  let stop: Outcome<object> | null = null
  for (let at = from; at < size; ) {
    const leave = await credits.enter()
    if (stop !== null || signal.aborted) {
      leave()
      break
    }
    const buffer = new Uint8Array(Math.min(MAX_CHUNK_BYTES, size - at))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at).catch((error: Error) => {
      leave()
      throw error
    })
    if (bytesRead === 0) {
      leave()
      throw new FileChanged('the file became shorter')
    }
    const next = at + bytesRead
    const one = put('blob-chunk', { sha256, offset: at, data: buffer.subarray(0, bytesRead) }).then(outcome => {
      leave()
      flight.delete(one)
      if (outcome.kind !== 'answer') stop ??= outcome
      // More than was sent here is fine: another attempt sends the same blob.
      else if (outcome.answer.next < next) stop ??= { kind: 'lost' }
    })
    flight.add(one)
    at = next
  }
  await Promise.all(flight)
  signal.throwIfAborted()
  return stop ?? { kind: 'answer', answer: {} }
}

interface Turnstile {
  readonly empty: boolean
  /** In turn, at most so many inside; resolves with what leaves again. */
  enter(): Promise<() => void>
}

function turnstile(places: number): Turnstile {
  let inside = 0
  const waiting: (() => void)[] = []
  return {
    get empty() {
      return inside === 0
    },
    async enter() {
      if (inside >= places) await new Promise<void>(resolve => waiting.push(resolve))
      else inside++
      let left = false
      return () => {
        if (left) return
        left = true
        const next = waiting.shift()
        if (next === undefined) inside--
        else next()
      }
    },
  }
}
