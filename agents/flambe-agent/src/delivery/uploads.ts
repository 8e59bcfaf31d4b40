/**
 * The upload connection: blobs in chunks with a window of UPLOAD_CREDITS, one blob after the other, on a socket of its own so
 * that a large checkpoint never delays a heartbeat or a metric. Called by checkpoints.ts. Dials when there is work, hangs up
 * when idle. A cut costs at most the chunks in flight (G21): `blob-begin` says where to go on.
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

export function openUploads(options: { hub: string; timing: Timing; token(): string }): Uploads {
  const { timing } = options
  let socket: Socket | null = null
  let idle: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()

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
    let wrong = 0
    for (let tries = 0; ; tries++) {
      signal.throwIfAborted()
      const on = await connected(signal)
      const put = <K extends keyof Upload>(event: K, message: Upload[K]) => question(on, event, message, timing)
      let wait = backOff(timing.reconnect, tries)
      const begin = await put('blob-begin', { sha256, size })
      if (begin.kind === 'answer') {
        const sent = await chunks(sha256, size, begin.answer.offset, file, put, signal)
        if (sent.kind === 'answer') {
          const end = await put('blob-end', { sha256, size })
          if (end.kind === 'answer') return
          // The hub has hashed other bytes and thrown them away. Ours may be fine: the way may be what is not.
          if (end.kind === 'refused' && isFinal(end.refusal) && ++wrong >= 3) {
            if (end.refusal.code === 'CONFLICT') throw new FileChanged(end.refusal.message)
            throw new Refused('blob-end', end.refusal)
          }
        } else if (sent.kind === 'refused' && isFinal(sent.refusal) && ++wrong >= 3) {
          throw new Refused('blob-chunk', sent.refusal)
        }
      } else if (begin.kind === 'refused') {
        if (isFinal(begin.refusal)) throw new Refused('blob-begin', begin.refusal)
        wait = begin.refusal.after ?? wait
      }
      await sleep(wait, undefined, { signal })
    }
  }

  return {
    blob(sha256, size, path, signal) {
      clearTimeout(idle)
      const mine = last.then(async () => {
        const file = await open(path, 'r').catch(() => {
          throw new FileChanged(`${path} is gone`)
        })
        try {
          if ((await file.stat()).size !== size)
            throw new FileChanged(`${path} has another size than its manifest says`)
          await send(sha256, size, file, signal)
        } finally {
          await file.close()
          clearTimeout(idle)
          idle = setTimeout(() => socket?.disconnect(), IDLE)
          idle.unref()
        }
      })
      last = mine.catch(() => undefined)
      return mine
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

/** From `from` to the end, at most UPLOAD_CREDITS unanswered. Stops at the first answer that is not the expected one. */
async function chunks(
  sha256: string,
  size: number,
  from: number,
  file: FileHandle,
  put: Put,
  signal: AbortSignal,
): Promise<Outcome<object>> {
  const flight: Promise<void>[] = []
  let stop: Outcome<object> | null = null
  for (let at = from; at < size && stop === null && !signal.aborted; ) {
    const buffer = new Uint8Array(Math.min(MAX_CHUNK_BYTES, size - at))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) throw new FileChanged('the file became shorter')
    const next = at + bytesRead
    const one = put('blob-chunk', { sha256, offset: at, data: buffer.subarray(0, bytesRead) }).then(outcome => {
      if (outcome.kind !== 'answer') stop ??= outcome
      else if (outcome.answer.next !== next) stop ??= { kind: 'lost' }
    })
    flight.push(one)
    at = next
    if (flight.length >= UPLOAD_CREDITS) await flight.shift()
  }
  await Promise.all(flight)
  signal.throwIfAborted()
  return stop ?? { kind: 'answer', answer: {} }
}
