/**
 * The three growing files of an attempt on their way to the hub: a tail each, the quota of stdout and stderr, flow control,
 * and the count of what was not sent (G4). Called by attempt.ts, which ticks it.
 */
import { type Refusal, record, type Stream } from '@flambe/protocol'
import { cutFile, sizeOf } from '../files.ts'
import type { AttemptFolder, Delivery } from '../folder.ts'
import type { Link } from '../link.ts'
import type { Mask } from './mask.ts'
import { openTail, type Tail } from './tail.ts'

export interface Streams {
  readonly backlog: number
  /** What the hub has. */
  readonly offsets: Delivery['offsets']
  tick(): void
  /** When nothing writes any more: resolves when the hub has all that will ever be sent. */
  drained(signal: AbortSignal): Promise<{
    readonly sizes: Delivery['offsets']
    readonly dropped: Delivery['cut']
    /** Why something is missing that is no matter of quotas. */
    readonly damage: string | null
  }>
  rewind(to: Delivery['offsets']): void
  /** 0 = as fast as it goes. */
  throttle(bytesPerSecond: number): void
  stop(): void
}

const STREAMS: readonly Stream[] = ['records', 'stdout', 'stderr']
const OUTPUTS = ['stdout', 'stderr'] as const
/** A file is cut back to its quota when it is this much beyond it, so that a chatty trial does not fill the disk. */
const SLACK = 16 * 1024 * 1024
/** ms before a file that could not be cut is looked at again. */
const RETRY = 1_000

export function openStreams(options: {
  readonly folder: AttemptFolder
  readonly quota: number
  readonly mask: Mask | null
  readonly link: Link
  readonly from: Delivery
  onAck(offsets: Delivery['offsets']): void
  /** Bytes were cut off a file: to be kept before they are. */
  onCut(cut: Delivery['cut']): void
  onCheckpoint(): void
  onUnreadable(stream: Stream, error: Error): void
  onRefused(stream: Stream, refusal: Refusal): void
}): Streams {
  const { folder, quota, mask, link, from } = options
  let cut = from.cut
  let damage: string | null = null
  let rate = 0
  let allowance = 0
  let allowedAt = performance.now()
  let cutAfter = 0

  const tails = { records: tailOf('records'), stdout: tailOf('stdout'), stderr: tailOf('stderr') }
  const each = (act: (tail: Tail) => void) => {
    for (const stream of STREAMS) act(tails[stream])
  }

  function tailOf(stream: Stream): Tail {
    return openTail({
      attempt: folder.spec.attempt,
      stream,
      file: folder.file(stream),
      offset: Math.min(from.offsets[stream], sizeOf(folder.file(stream))),
      quota: stream === 'records' ? Number.MAX_SAFE_INTEGER : quota,
      mask,
      link,
      budget: () => (rate === 0 ? Number.MAX_SAFE_INTEGER : allowance),
      spent(bytes) {
        allowance -= bytes
      },
      onAck: () => options.onAck(offsets()),
      onRecords: payloads => payloads.some(isCheckpoint) && options.onCheckpoint(),
      onUnreadable: error => options.onUnreadable(stream, error),
      onRefused(refusal) {
        damage ??= `${stream} is refused by the hub: ${refusal.code}: ${refusal.message}`
        options.onRefused(stream, refusal)
      },
    })
  }

  function offsets(): Delivery['offsets'] {
    return { records: tails.records.offset, stdout: tails.stdout.offset, stderr: tails.stderr.offset }
  }

  function cutBack(): void {
    for (const stream of OUTPUTS) {
      const over = sizeOf(folder.file(stream)) - quota
      if (over < SLACK) continue
      const next = { ...cut, [stream]: cut[stream] + over }
      try {
        options.onCut(next)
        cut = next
        cutFile(folder.file(stream), quota)
      } catch (error) {
        // A full disk, which is what cutting is for; nothing may be cut that is not written down.
        cutAfter = performance.now() + RETRY
        options.onUnreadable(stream, error as Error)
      }
    }
  }

  const droppedOf = (stream: 'stdout' | 'stderr') => cut[stream] + Math.max(0, sizeOf(folder.file(stream)) - quota)

  return {
    get backlog() {
      return STREAMS.reduce((sum, stream) => sum + tails[stream].backlog, 0)
    },
    get offsets() {
      return offsets()
    },
    tick() {
      const now = performance.now()
      // Never less than a character, or a very low rate would send none.
      if (rate > 0) allowance = Math.min(Math.max(rate, 4), allowance + (rate * (now - allowedAt)) / 1_000)
      allowedAt = now
      if (now >= cutAfter) cutBack()
      each(tail => tail.pump())
    },
    async drained(signal) {
      await Promise.all(STREAMS.map(stream => tails[stream].drained(signal)))
      const { lost } = tails.records
      if (lost > 0) damage ??= `the last ${lost} bytes of the records are torn or damaged`
      return { sizes: offsets(), dropped: { stdout: droppedOf('stdout'), stderr: droppedOf('stderr') }, damage }
    },
    rewind(to) {
      for (const stream of STREAMS) tails[stream].rewind(to[stream])
    },
    throttle(bytesPerSecond) {
      rate = bytesPerSecond
      allowance = bytesPerSecond
    },
    stop: () => each(tail => tail.stop()),
  }
}

/** Only a wake-up: the folder `checkpoints` says which there are. */
function isCheckpoint(payload: Uint8Array): boolean {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  if (!text.includes('"checkpoint"')) return false
  try {
    const parsed = record.safeParse(JSON.parse(text.toString('utf8')))
    return parsed.success && parsed.data.t === 'checkpoint'
  } catch {
    return false // the hub will say what it thinks of a record that is no JSON
  }
}
