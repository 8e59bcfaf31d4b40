/**
 * The life of one attempt, one loop from its folder to `ended`: prepare, run, drain, tell. The same loop serves a new folder
 * and one found after a restart, so every step first looks at what already stands on disk. Driven by attempts.ts; ended by
 * forget() or detach(). A refusal FENCED, UNKNOWN or FORBIDDEN ends it here and now (G7).
 */
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit } from '@flambe/protocol'
import { openCheckpoints } from './delivery/checkpoints.ts'
import type { Mask } from './delivery/mask.ts'
import { openStreams } from './delivery/streams.ts'
import type { Uploads } from './delivery/uploads.ts'
import type { Extensions } from './extensions/install.ts'
import type { AttemptFolder, Delivery } from './folder.ts'
import { CannotPlace } from './inputs/blobs.ts'
import { BlobDamaged, BlobMissing, type Cache } from './inputs/cache.ts'
import { place, type Surroundings } from './inputs/place.ts'
import type { Urls } from './inputs/urls.ts'
import { type Link, NOT_OURS, Refused } from './link.ts'
import type { Log } from './log.ts'
import { backOff, type Timing } from './timing.ts'
import { endSession } from './trial/session.ts'
import type { Starting } from './trial/spawn.ts'
import { openTrial } from './trial/trial.ts'
import { fail } from './trial/verdict.ts'

export interface Attempt {
  readonly id: string
  readonly state: 'preparing' | 'running' | 'ended'
  /** Bytes that the hub does not have yet. */
  readonly backlog: number
  /** The hub knows how it ended. */
  readonly told: boolean
  /** Durable when it returns; the rest happens in the loop. A weaker wish than the one before changes nothing. */
  end(how: 'pause' | 'stop' | 'kill'): void
  rewind(offsets: Delivery['offsets']): void
  throttle(bytesPerSecond: number): void
  tick(): void
  /** Ends what runs, deletes the folder. */
  forget(): Promise<void>
  /** Stops the loop and leaves process and folder as they are. */
  detach(): Promise<void>
  /** Resolves when the loop is over: told, forgotten, or detached. */
  readonly over: Promise<void>
}

export interface AttemptContext {
  readonly link: Link
  readonly uploads: Uploads
  readonly cache: Cache
  readonly urls: Urls
  readonly extensions: Extensions
  readonly timing: Timing
  readonly log: Log
  readonly starting: Starting
  /** Bytes of stdout, and of stderr, that are sent. */
  readonly quota: number
  /** Null: there are no secrets. */
  readonly mask: Mask | null
  about(): Surroundings
  /** The folder is gone. */
  onGone(id: string): void
}

const STRENGTH: readonly Delivery['wish'][] = ['run', 'pause', 'stop', 'kill']

export function runAttempt(folder: AttemptFolder, context: AttemptContext): Attempt {
  const { link, timing } = context
  const id = folder.spec.attempt
  const log = context.log.child({ attempt: id })
  const life = new AbortController()
  const preparing = new AbortController()
  const { signal } = life
  let kept = folder.delivery()
  let state: Attempt['state'] = kept.exit === null ? (folder.process() === null ? 'preparing' : 'running') : 'ended'
  let gone = false

  /**
   * `durable`: the hub or a later start relies on it. `in memory`: it saves work after a restart at most, since the hub says at
   * hello how far it is, and takes everything a second time; so it is written with what comes next.
   */
  function keep(change: Partial<Delivery>, how: 'durable' | 'in memory'): void {
    kept = { ...kept, ...change }
    if (!gone && how === 'durable') folder.keep(kept, true)
  }

  const trial = openTrial({
    folder,
    starting: context.starting,
    timing,
    log,
    signal,
    onRunning({ pid }) {
      state = 'running'
      // The trial process tells its environment itself, in its first record.
      link.send('started', { attempt: id, pid, environment: {} }, signal).catch(troubled)
    },
  })
  const checkpoints = openCheckpoints({
    attempt: id,
    folder: folder.file('checkpoints'),
    saved: kept.saved,
    link,
    uploads: context.uploads,
    log,
    signal,
    onSaved: number => keep({ saved: number }, 'in memory'),
    onError: troubled,
  })
  const streams = openStreams({
    folder,
    quota: context.quota,
    mask: context.mask,
    link,
    from: kept,
    onAck: offsets => keep({ offsets }, 'in memory'),
    onCut: cut => keep({ cut }, 'durable'),
    onCheckpoint: () => checkpoints.wake(),
    onUnreadable: (stream, error) =>
      log.error({ err: error, stream }, `cannot read what the trial wrote: ${error.message}`),
    onRefused(stream, refusal) {
      if (NOT_OURS.includes(refusal.code)) void abandon(refusal.code)
      else log.error({ stream, code: refusal.code }, `nothing more of this stream is sent: ${refusal.message}`)
    },
  })

  function troubled(error: unknown): void {
    if (signal.aborted) return
    if (error instanceof Refused && NOT_OURS.includes(error.refusal.code)) void abandon(error.refusal.code)
    else log.error({ err: error }, `trouble with this attempt: ${(error as Error).message}`)
  }

  async function abandon(why: string): Promise<void> {
    if (gone) return
    log.warn(`the hub says ${why}: this attempt ends here`)
    await forget().catch(error => log.error({ err: error }, 'cannot end this attempt'))
  }

  async function forget(): Promise<void> {
    if (gone) return
    gone = true
    leave('forgotten')
    await loop
    // Whoever has not claimed it by now comes too late.
    const process = folder.claimForNobody() ? null : folder.process()
    if (process !== null) await endSession(process, folder.path, timing.lastGrace)
    await folder.remove()
    context.onGone(id)
  }

  function leave(why: string): void {
    life.abort(new Error(why))
    streams.stop()
  }

  /** What takes long before the trial runs stands in its output, where its reader looks. */
  function tell(words: string): void {
    log.info(words)
    if (!gone) appendFileSync(folder.file('stderr'), `flambe-agent: ${words}\n`, { mode: 0o600 })
  }

  /** Null: everything is in place. */
  async function prepare(): Promise<Exit | null> {
    const stop = AbortSignal.any([signal, preparing.signal])
    try {
      stop.throwIfAborted()
      await place(folder, context, context.about(), stop, tell)
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
    if (folder.process() === null) {
      if (kept.wish !== 'run') preparing.abort(new Error(kept.wish))
      const failed = await prepare()
      // From now on nobody may start it; unless the start of an earlier agent has won just now, and then it runs.
      if (failed !== null && folder.claimForNobody()) return failed
    }
    trial.end(kept.wish)
    return trial.run()
  }

  function masked(exit: Exit): Exit {
    if (exit.kind !== 'failed' || context.mask === null) return exit
    const { text } = context.mask
    const { message, stack } = exit.failure
    return { ...exit, failure: { ...exit.failure, message: text(message), stack: stack === null ? null : text(stack) } }
  }

  async function deliver(exit: Exit): Promise<void> {
    for (;;) {
      const [{ sizes, dropped, damage }, unsaved] = await Promise.all([streams.drained(signal), checkpoints.drained()])
      const missing = damage ?? unsaved
      // Not counted as finished when something is missing (G3).
      const told = masked(missing !== null && exit.kind === 'done' ? fail('infrastructure', missing, '') : exit)
      try {
        await link.send('ended', { attempt: id, exit: told, sizes, dropped }, signal)
        keep({ ended: true, offsets: sizes }, 'in memory')
        log.info({ end: told.kind }, told.kind === 'failed' ? `trial failed: ${told.failure.message}` : 'trial ended')
        return
      } catch (error) {
        if (!(error instanceof Refused) || error.refusal.code !== 'INCOMPLETE') throw error
        log.warn({ cause: error.refusal.message }, 'the hub misses something; sending again')
        await sleep(Math.max(error.refusal.after ?? 0, timing.flush), undefined, { signal })
        // The answer to the first batch says where the hub really is.
        streams.rewind({ records: 0, stdout: 0, stderr: 0 })
      }
    }
  }

  async function live(): Promise<void> {
    // What is none of the refusals above (a full disk, say) is tried again, so that no attempt is stuck (G12, G23).
    for (let tries = 0; !kept.ended && !signal.aborted; tries++) {
      try {
        const accepted = link.send('accepted', { attempt: id }, signal)
        accepted.catch(troubled)
        const exit = kept.exit ?? (await run())
        // What was seen at its end cannot be seen again; what it has written itself can be read again.
        keep({ exit }, folder.exit() === null ? 'durable' : 'in memory')
        state = 'ended'
        await accepted
        await deliver(exit)
      } catch (error) {
        troubled(error)
        await sleep(backOff(timing.fetch, tries), undefined, { signal }).catch(() => undefined)
      }
    }
  }

  const loop = live()
  return {
    id,
    get state() {
      return state
    },
    get backlog() {
      return streams.backlog
    },
    get told() {
      return kept.ended
    },
    end(how) {
      if (STRENGTH.indexOf(how) <= STRENGTH.indexOf(kept.wish)) return
      keep({ wish: how }, 'durable')
      log.info(`the hub wishes: ${how}`)
      if (how !== 'kill') folder.control(how)
      preparing.abort(new Error(how))
      trial.end(how)
    },
    rewind: to => streams.rewind(to),
    throttle: rate => streams.throttle(rate),
    tick: () => streams.tick(),
    forget,
    async detach() {
      leave('the agent stops')
      await loop
      if (!gone) folder.keep({ ...kept, offsets: streams.offsets }, true)
    },
    over: loop,
  }
}
