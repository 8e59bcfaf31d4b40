/**
 * The life of one attempt, one loop from its folder to `ended`: prepare, start, watch, drain, tell. The same loop serves a new
 * folder and one found after a restart, which is why every step first looks at what already stands on disk. Driven by
 * attempts.ts; ended by forget(), fence() or detach(). A refusal FENCED, UNKNOWN or FORBIDDEN ends it here and now (G7).
 */
import type { ChildProcess } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Exit, type Places, type ProcessFile, type Refusal, record, type Stream } from '@flambe/protocol'
import { type Checkpoints, openCheckpoints } from './delivery/checkpoints.ts'
import { openTail, type Tail } from './delivery/tail.ts'
import type { Uploads } from './delivery/uploads.ts'
import { createExclusive, sizeOf } from './files.ts'
import type { AttemptFolder, Delivery } from './folder.ts'
import { BlobDamaged, BlobMissing, type Cache } from './inputs/cache.ts'
import { CannotPlace, place } from './inputs/place.ts'
import { type Link, Refused } from './link.ts'
import type { Log } from './log.ts'
import type { Timing } from './timing.ts'
import { bootId, isAlive } from './trial/identity.ts'
import { outOfMemoryKills } from './trial/memory.ts'
import { endSession } from './trial/session.ts'
import { startTrial } from './trial/spawn.ts'
import { fail, verdict } from './trial/verdict.ts'

export interface Attempt {
  readonly id: string
  readonly state: 'preparing' | 'running' | 'ended'
  readonly backlog: number
  /** The hub knows how it ended. */
  readonly told: boolean
  /** Durable when it returns; the rest happens in the loop. */
  end(how: 'pause' | 'stop' | 'kill'): void
  rewind(offsets: { readonly [S in Stream]: number }): void
  throttle(bytesPerSecond: number): void
  tick(): void
  /** Ends what runs, deletes the folder. */
  forget(): Promise<void>
  /** Stops the loop and leaves process and folder as they are. */
  detach(): Promise<void>
  /** Resolves when the loop is over: told and acknowledged, forgotten, or detached. */
  readonly over: Promise<void>
}

export interface AttemptContext {
  readonly link: Link
  readonly uploads: Uploads
  readonly cache: Cache
  readonly timing: Timing
  readonly log: Log
  /** The trial runtime. */
  readonly program: string
  /** Bytes of stdout, and of stderr, that are sent. */
  readonly quota: number
  about(): Pick<Places, 'agent' | 'hub' | 'backend'>
  /** The folder is gone. */
  onGone(id: string): void
}

/** A claim that keeps every later start away: no process has this number. */
const NOBODY = JSON.stringify({ pid: 0, start: '', boot: '' })
const STREAMS: readonly Stream[] = ['records', 'stdout', 'stderr']
const OVER = ['FENCED', 'UNKNOWN', 'FORBIDDEN']
/** A file is cut back to its quota when it is this much beyond it. */
const SLACK = 16 * 1024 * 1024

export function runAttempt(folder: AttemptFolder, context: AttemptContext): Attempt {
  const { link, timing } = context
  const id = folder.spec.attempt
  const log = context.log.child({ attempt: id })
  const life = new AbortController()
  const preparing = new AbortController()
  const { signal } = life
  let kept = folder.delivery()
  let state: Attempt['state'] = kept.exit === null ? (folder.process() === null ? 'preparing' : 'running') : 'ended'
  let escalated: Delivery['wish'] = 'run'
  let gone = false
  let killing: Promise<unknown> | null = null
  let running: ProcessFile | null = folder.process()
  /** Why the records or outputs are not whole. */
  let damaged: string | null = null
  let rate = 0
  let allowance = 0
  let allowedAt = performance.now()

  function keep(change: Partial<Delivery>, sync: boolean): void {
    kept = { ...kept, ...change }
    if (!gone) folder.keep(kept, sync)
  }

  const checkpoints: Checkpoints = openCheckpoints({
    attempt: id,
    folder: folder.file('checkpoints'),
    saved: kept.saved,
    link,
    uploads: context.uploads,
    log,
    signal,
    onSaved: number => keep({ saved: number }, true),
    onError: error => troubled(error),
  })

  const tails = Object.fromEntries(STREAMS.map(stream => [stream, tailOf(stream)])) as Record<Stream, Tail>

  function tailOf(stream: Stream): Tail {
    return openTail({
      attempt: id,
      stream,
      file: folder.file(stream),
      offset: Math.min(kept.offsets[stream], sizeOf(folder.file(stream))),
      quota: stream === 'records' ? Number.MAX_SAFE_INTEGER : context.quota,
      link,
      budget: () => (rate === 0 ? Number.MAX_SAFE_INTEGER : allowance),
      spent: bytes => {
        allowance -= bytes
      },
      onAck: () => keep({ offsets: offsets() }, false),
      onRecords: payloads => payloads.some(isCheckpoint) && checkpoints.wake(),
      onRefused: refusal => refused(stream, refusal),
    })
  }

  function offsets(): Delivery['offsets'] {
    return { records: tails.records.offset, stdout: tails.stdout.offset, stderr: tails.stderr.offset }
  }

  function refused(stream: Stream, refusal: Refusal): void {
    if (OVER.includes(refusal.code)) void abandon(refusal.code)
    else if (refusal.code === 'BUSY') log.warn({ stream }, refusal.message)
    else {
      log.error({ stream, code: refusal.code }, `the hub refuses this stream for good: ${refusal.message}`)
      damaged = `${stream} refused by the hub: ${refusal.code}: ${refusal.message}`
    }
  }

  function troubled(error: unknown): void {
    if (signal.aborted) return
    if (error instanceof Refused && OVER.includes(error.refusal.code)) void abandon(error.refusal.code)
    else log.error({ err: error }, `trouble with this attempt: ${(error as Error).message}`)
  }

  async function abandon(why: string): Promise<void> {
    if (gone) return
    log.warn(`attempt ended here: the hub says ${why}`)
    await forget()
  }

  async function forget(): Promise<void> {
    if (gone) return
    gone = true
    life.abort(new Error('forgotten'))
    preparing.abort(life.signal.reason)
    for (const stream of STREAMS) tails[stream].stop()
    await loop
    const process = folder.process()
    if (process !== null) await endSession(process, id, timing.lastGrace)
    await folder.remove()
    context.onGone(id)
  }

  function escalate(): void {
    if (running === null || escalated === kept.wish) return
    const process = running
    escalated = kept.wish
    if (kept.wish === 'kill') {
      log.info('ending the trial')
      killing = endSession(process, id, timing.grace)
    } else if (kept.wish === 'stop') {
      killing = sleep(timing.grace, undefined, { signal, ref: false }).then(
        () => (isAlive(process) ? endSession(process, id, timing.lastGrace) : []),
        () => [],
      )
    }
  }

  async function prepare(): Promise<Exit | null> {
    const stop = AbortSignal.any([signal, preparing.signal])
    try {
      stop.throwIfAborted()
      await place(folder, context.cache, context.about(), stop)
      return null
    } catch (error) {
      signal.throwIfAborted()
      if (preparing.signal.aborted) return { kind: kept.wish === 'pause' ? 'paused' : 'stopped' }
      if (error instanceof CannotPlace) return fail('configuration', error.message, '')
      if (error instanceof BlobMissing) return fail('hub', error.message, '')
      const message = `cannot prepare the attempt: ${(error as Error).message}`
      if (!(error instanceof BlobDamaged)) log.error({ err: error }, message)
      return fail('infrastructure', message, '')
    }
  }

  async function run(): Promise<Exit> {
    let child: ChildProcess | null = null
    const kills = outOfMemoryKills()
    const found = folder.process()
    if (found !== null) log.info({ pid: found.pid }, isAlive(found) ? 'trial found again' : 'trial has ended meanwhile')
    const unwatched = found !== null && !isAlive(found)
    if (found === null) {
      if (kept.wish !== 'run') preparing.abort(new Error(kept.wish))
      const bad = await prepare()
      // Nobody may start it any more; unless an earlier agent's start has just won, and then it runs.
      if (bad !== null && createExclusive(folder.file('process'), NOBODY)) return bad
      const started = await startTrial(folder, context.program)
      if (!('process' in started)) {
        if (started.cause !== null) return fail('infrastructure', `cannot start a process: ${started.cause}`, '')
        return verdict({ ...evidence(kills), ...started, exitFile: null, unwatched: false })
      }
      child = started.child
    }
    running = folder.process()
    if (running === null) return fail('infrastructure', 'process.json is damaged', '')
    state = 'running'
    if (found === null) log.info({ pid: running.pid }, 'trial started')
    tell(running)
    escalate()
    const { code, signal: by } = await untilGone(running, child)
    await killing
    const left = await endSession(running, id, timing.exit)
    if (left.length > 0) log.error({ left }, 'processes of this attempt cannot be killed')
    return verdict({ ...evidence(kills), code, signal: by, exitFile: folder.exit(), unwatched })
  }

  function evidence(kills: number) {
    return {
      wish: kept.wish,
      outOfMemory: outOfMemoryKills() > kills,
      rebooted: running !== null && running.boot !== bootId(),
      stderr: endOf(folder.file('stderr'), 4_000),
    }
  }

  function tell(process: ProcessFile): void {
    const environment = { node: globalThis.process.version, backend: context.about().backend }
    link.send('started', { attempt: id, pid: process.pid, environment }, signal).catch(troubled)
  }

  async function untilGone(process: ProcessFile, child: ChildProcess | null) {
    let code: number | null = null
    let by: string | null = null
    child?.once('exit', (c, s) => {
      code = c
      by = s
    })
    let written: number | null = null
    while (isAlive(process) && child?.exitCode == null && child?.signalCode == null) {
      await sleep(Math.min(timing.flush, 100), undefined, { signal })
      if (folder.exit() === null) continue
      written ??= performance.now()
      // It has said how it ended, so it must not hold its devices any longer.
      if (performance.now() - written > timing.exit && killing === null) killing = endSession(process, id, timing.exit)
    }
    return { code: code ?? child?.exitCode ?? null, signal: by ?? child?.signalCode ?? null }
  }

  async function deliver(): Promise<void> {
    for (;;) {
      await Promise.all(STREAMS.map(stream => tails[stream].drained(signal)))
      cutBack()
      if (tails.records.lost > 0) damaged ??= `records are torn: ${tails.records.lost} bytes at the end are unreadable`
      await checkpoints.drained()
      const sizes = offsets()
      const exit = kept.exit ?? { kind: 'done' as const }
      // Not counted as finished when something is missing (G3).
      const told = damaged !== null && exit.kind === 'done' ? fail('infrastructure', damaged, '') : exit
      const dropped = { stdout: dropOf('stdout'), stderr: dropOf('stderr') }
      try {
        await link.send('ended', { attempt: id, exit: told, sizes, dropped }, signal)
        log.info({ end: told.kind }, told.kind === 'failed' ? `trial failed: ${told.failure.message}` : 'trial ended')
        keep({ ended: true, offsets: sizes }, true)
        return
      } catch (error) {
        if (!(error instanceof Refused) || error.refusal.code !== 'INCOMPLETE') throw error
        log.warn({ cause: error.refusal.message }, 'the hub misses something; sending again')
        await sleep(error.refusal.after ?? 0, undefined, { signal })
        // The answer to the first batch says where the hub really is.
        for (const stream of STREAMS) tails[stream].rewind(0)
      }
    }
  }

  function dropOf(stream: 'stdout' | 'stderr'): number {
    return kept.cut[stream] + Math.max(0, sizeOf(folder.file(stream)) - context.quota)
  }

  function cutBack(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const over = sizeOf(folder.file(stream)) - context.quota
      if (over < SLACK) continue
      keep({ cut: { ...kept.cut, [stream]: kept.cut[stream] + over } }, true)
      const fd = openSync(folder.file(stream), 'r+')
      ftruncateSync(fd, context.quota)
      closeSync(fd)
    }
  }

  async function live(): Promise<void> {
    try {
      if (kept.ended) return
      const accepted = link.send('accepted', { attempt: id }, signal)
      accepted.catch(troubled)
      if (kept.exit === null) keep({ exit: await run() }, true)
      state = 'ended'
      await accepted
      await deliver()
    } catch (error) {
      troubled(error)
    }
  }

  const loop = live()
  return {
    id,
    get state() {
      return state
    },
    get told() {
      return kept.ended
    },
    get backlog() {
      return STREAMS.reduce((sum, stream) => sum + tails[stream].backlog, 0)
    },
    end(how) {
      const rank = ['run', 'pause', 'stop', 'kill']
      if (rank.indexOf(how) < rank.indexOf(kept.wish)) return
      keep({ wish: how }, true)
      if (how !== 'kill') folder.control(how)
      if (state === 'preparing') preparing.abort(new Error(how))
      escalate()
    },
    rewind(to) {
      const behind = STREAMS.some(stream => to[stream] < tails[stream].offset)
      for (const stream of STREAMS) tails[stream].rewind(to[stream])
      if (behind && kept.ended) log.warn('the hub has lost bytes of an attempt that it had taken')
    },
    throttle(bytesPerSecond) {
      rate = bytesPerSecond
      allowance = bytesPerSecond
    },
    tick() {
      const now = performance.now()
      if (rate > 0) allowance = Math.min(rate, allowance + (rate * (now - allowedAt)) / 1_000)
      allowedAt = now
      for (const stream of STREAMS) tails[stream].pump()
      if (state === 'running') cutBack()
    },
    forget,
    async detach() {
      life.abort(new Error('the agent stops'))
      for (const stream of STREAMS) tails[stream].stop()
      await loop
      if (!gone) folder.keep({ ...kept, offsets: offsets() }, true)
    },
    over: loop,
  }
}

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

function endOf(file: string, bytes: number): string {
  const size = sizeOf(file)
  if (size === 0) return ''
  const fd = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(Math.min(size, bytes))
    const read = readSync(fd, buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8', 0, read)
  } finally {
    closeSync(fd)
  }
}
