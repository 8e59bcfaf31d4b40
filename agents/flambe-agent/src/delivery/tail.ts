/**
 * The loop that ships one growing file of an attempt: reads from the last acknowledged byte, sends, waits for the cumulative
 * ack, goes on. One batch in flight; pumped by the attempt's tick; waits for the file to grow and the link to be ready;
 * ended by drained() after the process is gone, or by stop(). Holds at most one batch in memory.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { isFinal, MAX_BATCH_BYTES, type Refusal, type Stream, unframe } from '@flambe/protocol'
import { sizeOf } from '../files.ts'
import type { Link } from '../link.ts'
import type { Mask } from './mask.ts'

export interface Tail {
  /** Everything before this byte is stored on the hub. */
  readonly offset: number
  /** Bytes still to send. */
  readonly backlog: number
  /** Bytes that cannot be sent: torn or damaged records at the end. Known once drained. */
  readonly lost: number
  /** Ships what there is, unless it is at it already. Never throws. */
  pump(): void
  /** Resolves when all is acknowledged. To be called when nothing writes any more. */
  drained(signal: AbortSignal): Promise<void>
  /** The hub wants the stream from here, whatever we believed. */
  rewind(offset: number): void
  stop(): void
}

export interface TailOptions {
  readonly attempt: string
  readonly stream: Stream
  readonly file: string
  readonly offset: number
  /** Bytes of the file that are sent, at most. */
  readonly quota: number
  /** Null: there are no secrets. */
  readonly mask: Mask | null
  readonly link: Link
  /** Bytes that may be sent now, and a word that they were (flow control). */
  budget(): number
  spent(bytes: number): void
  /** After each ack. */
  onAck(): void
  /** Payloads of records, before they are sent. */
  onRecords(payloads: readonly Uint8Array[]): void
  /** The file cannot be read; tried again in a second. */
  onUnreadable(error: Error): void
  /** A final refusal: the tail has stopped. */
  onRefused(refusal: Refusal): void
}

export function openTail(options: TailOptions): Tail {
  const { attempt, stream, file, link, quota, mask } = options
  let offset = options.offset
  let seen = offset
  let busy = false
  let finishing = false
  let stopped = false
  /** Nothing more is sent: the hub has other bytes, or more of them. Only where it ends there still matters. */
  let givenUp: 'no' | 'yes' | 'asking' = 'no'
  let empty = false
  let rewinds = 0
  let notBefore = 0
  let done: (() => void) | null = null

  const goal = () => Math.min(sizeOf(file), quota)

  async function ship(): Promise<void> {
    for (let first = true; !stopped && link.ready && performance.now() >= notBefore; first = false) {
      if (givenUp === 'yes') return
      if (givenUp === 'asking') return await askWhere()
      const waiting = goal() - offset
      empty = waiting <= 0
      if (empty) return
      // What trickles in waits for the next tick, so that each flush is one batch.
      if (!first && !finishing && waiting < MAX_BATCH_BYTES) return
      const budget = Math.floor(options.budget())
      if (budget <= 0) return
      // As it was before reading: what is read while somebody still writes says nothing about the end.
      const last = finishing
      // What may be the start of a secret is held back, so a batch is always longer than one.
      const least = mask === null ? 0 : mask.reach + 8
      const most = Math.min(waiting, MAX_BATCH_BYTES, stream === 'records' ? MAX_BATCH_BYTES : Math.max(budget, least))
      const data = read(most, last)
      if (data.length === 0) {
        empty = last
        return
      }
      const mark = rewinds
      const outcome = await link.ask('append', { attempt, stream, offset, data })
      if (stopped) return
      if (mark !== rewinds) continue
      if (outcome.kind === 'lost') return
      if (outcome.kind === 'refused') {
        if (!isFinal(outcome.refusal)) notBefore = performance.now() + (outcome.refusal.after ?? 1_000)
        else {
          givenUp = 'yes'
          options.onRefused(outcome.refusal)
        }
        return
      }
      options.spent(data.length)
      if (!moveTo(outcome.answer.next)) return
      options.onAck()
    }
  }

  /**
   * False when the hub has more than the file: a power loss took the end of it. The hub's word stands then, so that the
   * attempt can end (G12); nothing is to be sent any more.
   */
  function moveTo(next: number): boolean {
    offset = next
    const size = sizeOf(file)
    if (next <= size) return true
    givenUp = 'yes'
    options.onRefused({ code: 'CONFLICT', message: `the hub has ${next} bytes of ${stream}, this machine ${size}` })
    return false
  }

  /** What the hub got meanwhile over a connection that this agent has given up: an append of nothing is answered with it. */
  async function askWhere(): Promise<void> {
    const outcome = await link.ask('append', { attempt, stream, offset: 0, data: new Uint8Array(0) })
    if (stopped || outcome.kind === 'lost') return
    if (outcome.kind === 'refused') {
      if (!isFinal(outcome.refusal)) notBefore = performance.now() + (outcome.refusal.after ?? 1_000)
      else {
        givenUp = 'yes'
        options.onRefused(outcome.refusal)
      }
      return
    }
    givenUp = 'yes'
    offset = outcome.answer.next
    options.onAck()
  }

  /** `last`: nothing is written any more, so that the rest of a torn character never comes. */
  function read(length: number, last: boolean): Uint8Array<ArrayBuffer> {
    // What was just written is in memory: handing three calls to other threads costs many times what they take.
    const fd = openSync(file, 'r')
    try {
      // A secret may have begun before.
      const before = stream === 'records' ? 0 : Math.min(offset, mask?.reach ?? 0)
      const buffer = new Uint8Array(before + length)
      const bytesRead = Math.max(0, readSync(fd, buffer, 0, before + length, offset - before) - before)
      const data = buffer.subarray(before, before + bytesRead)
      if (stream !== 'records') {
        const whole = wholeCharacters(data)
        const atEnd = last && (whole.length === 0 || offset + bytesRead === goal())
        const shown = atEnd ? data : whole
        if (mask === null || shown.length === 0) return shown
        const masked = mask.bytes(buffer.subarray(0, before + bytesRead)).subarray(before, before + shown.length)
        // The rest of a secret may still come; where a quota cuts, it never does.
        const open = Math.min(shown.length, mask.open(buffer.subarray(0, before + shown.length)))
        if (!atEnd) return masked.subarray(0, shown.length - open)
        return offset + bytesRead < sizeOf(file) ? masked.fill(0x2a, shown.length - open) : masked
      }
      const frames = unframe(data)
      if (offset + frames.end > seen) {
        seen = offset + frames.end
        options.onRecords(frames.payloads)
      }
      return mask === null ? data.subarray(0, frames.end) : mask.records(frames.payloads)
    } finally {
      closeSync(fd)
    }
  }

  function pump(): void {
    if (busy || stopped) return
    busy = true
    ship()
      .catch((error: Error) => {
        notBefore = performance.now() + 1_000
        options.onUnreadable(error)
      })
      .finally(() => {
        busy = false
        if (finishing && (empty || stopped || givenUp === 'yes')) done?.()
      })
  }

  return {
    get offset() {
      return offset
    },
    get backlog() {
      return Math.max(0, goal() - offset)
    },
    get lost() {
      return stream === 'records' ? Math.max(0, goal() - offset) : 0
    },
    pump,
    async drained(signal) {
      signal.throwIfAborted()
      finishing = true
      empty = false
      if (stopped || givenUp === 'yes') return
      await new Promise<void>((resolve, reject) => {
        const stop = () => reject(signal.reason)
        signal.addEventListener('abort', stop, { once: true })
        done = () => {
          signal.removeEventListener('abort', stop)
          resolve()
        }
        pump()
      })
    },
    rewind(to) {
      rewinds++
      empty = false
      if (givenUp !== 'no') givenUp = 'asking'
      else if (!stopped) moveTo(to)
    },
    stop() {
      stopped = true
      done?.()
    },
  }
}

/** Without a UTF-8 character that is cut off at the end, so that a page can show each batch as it comes. */
export function wholeCharacters<T extends Uint8Array>(data: T): T {
  for (let back = 1; back <= Math.min(3, data.length); back++) {
    const byte = data[data.length - back] as number
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return byte < 0xf8 && length > back ? (data.subarray(0, data.length - back) as T) : data
  }
  return data
}
