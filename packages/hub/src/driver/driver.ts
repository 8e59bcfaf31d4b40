/**
 * The one queue: event -> decide -> apply -> commit (grouped) -> publish and perform. Everything that changes the engine's
 * state goes through `record`; its promise resolves only after the commit, so an answer that waits for it is an answer that
 * holds (G1). Decisions run ahead of the disk by one batch at most; when a commit fails, the state is read anew.
 */
import { apply, type Decision, decide, type EngineState, type Event, type Row, stateOf } from '@flambe/engine'
import type { Json } from '@flambe/language'
import type { RefusalCode } from '@flambe/protocol'
import { type AppendRequest, type CommitEntry, type OpenStore, type OutboxEntry, StoreError } from '@flambe/store'
import type { Clock } from '../clock.ts'
import { fromStore, Refused } from '../refused.ts'

/** An event without its time, which the driver sets when the event's turn comes. */
export type EventBody = Event extends infer E ? (E extends { readonly time: number } ? Omit<E, 'time'> : never) : never

export interface Driver {
  /**
   * `event` may be a function of the state at its turn; it throws `Refused` to refuse, or returns null for "nothing to do".
   * With a command id (G15) the event takes effect once: `repeat` tells that it had, `result` what was answered then.
   * Rejects with `Refused` (later) when the commit failed, and with the engine's error when `decide` threw.
   */
  record(event: EventBody | ((state: EngineState) => EventBody | null), command?: Command): Promise<Recorded>
  /**
   * Events and the records that told them, in one transaction: a hub that dies in between would be told the same again (G2).
   * Rejects when one of the events is refused; then nothing of the records is stored. @returns the stream's next offset
   */
  recordWith(events: readonly EventBody[], append: AppendRequest): Promise<number>
  /** Resolves when everything recorded so far is committed or refused. */
  idle(): Promise<void>
  close(): Promise<void>
}

export interface Command {
  readonly id: string
  readonly result: Json
}

export interface Recorded {
  readonly repeat: boolean
  readonly result: Json
}

export interface DriverOptions {
  readonly store: OpenStore
  readonly clock: Clock
  readonly rows: readonly Row[]
  /** Time of the newest event in the log: the wall clock may have been set back while the hub was away. */
  readonly newest: number
  readonly maxEvents: number
  /** After each commit, in order. */
  readonly onCommit: (changes: readonly Row[], outbox: readonly OutboxEntry[]) => void
  /** The state was read anew after a failed commit. */
  readonly onReload: (rows: readonly Row[]) => void
  /** The disk failed: nothing can be acknowledged any more. */
  readonly onFatal: (error: unknown) => void
  readonly onError: (error: unknown) => void
}

/** A command that does not fit the state is a conflict: sending it again helps nobody. */
const CODES: { readonly [C in NonNullable<Decision['refused']>]: RefusalCode } = {
  FENCED: 'FENCED',
  UNKNOWN: 'UNKNOWN',
  ILLEGAL: 'CONFLICT',
}

type Told = EventBody | ((state: EngineState) => EventBody | null)

interface Job {
  readonly events: readonly Told[]
  readonly command: Command | null
  readonly append: AppendRequest | null
  /** `next`: where the stream of `append` goes on; 0 without one. */
  readonly resolve: (recorded: Recorded, next: number) => void
  readonly reject: (error: unknown) => void
}

/** A job as it was decided; nothing of it is to be told before the commit. */
interface Decided {
  readonly job: Job
  readonly entries: readonly CommitEntry[]
  /** An event of it was refused: what came before stays, its records do not. */
  readonly refused: unknown
}

/** Bytes of records in one transaction, about: more would hold the event loop for too long. */
const APPENDED = 4 * 1024 * 1024

export function createDriver(options: DriverOptions): Driver {
  const { store, clock } = options
  let state: EngineState | null = stateOf(options.rows)
  let queue: Job[] = []
  let running: Promise<void> | null = null
  let closed = false
  /** Events never go back in time, whatever the wall clock does: the queue's order and the breaker compare them (G18). */
  let { newest } = options
  const inFlight = new Map<string, Promise<Recorded>>()

  const enqueue = (events: readonly Told[], command: Command | null, append: AppendRequest | null) =>
    new Promise<{ readonly recorded: Recorded; readonly next: number }>((resolve, reject) => {
      if (closed) return reject(new Refused('STARTING', 'the hub is closing', { after: 2_000 }))
      queue.push({ events, command, append, resolve: (recorded, next) => resolve({ recorded, next }), reject })
      running ??= run()
    })

  const once = async (event: Told, command: Command): Promise<Recorded> => {
    const before = await store.command(command.id)
    if (before !== null) return { repeat: true, result: before.result }
    return (await enqueue([event], command, null)).recorded
  }

  async function run(): Promise<void> {
    // Let whoever is already calling in this turn share the first commit.
    await null
    try {
      while (queue.length > 0) {
        let bytes = 0
        let n = 0
        while (n < queue.length && n < options.maxEvents && bytes < APPENDED)
          bytes += (queue[n++] as Job).append?.data.length ?? 0
        const jobs = queue.slice(0, n)
        queue = queue.slice(n)
        await batch(jobs)
      }
    } finally {
      // In the same step as the look at the queue: what is put on it a moment later must start a new run.
      running = null
    }
  }

  async function batch(jobs: readonly Job[]): Promise<void> {
    const current = state ?? (await reload())
    if (current === null) {
      for (const job of jobs) job.reject(new Refused('BUSY', 'the hub cannot read its database', { after: 5_000 }))
      return
    }
    const decided = jobs.map(job => settle(current, job)).filter(d => d !== null)
    const kept = decided.filter(d => d.entries.length > 0)
    const entries = kept.flatMap(d => d.entries)
    if (entries.length === 0) return
    const appended = kept.filter(d => d.job.append !== null && d.refused === null)
    try {
      const appends = appended.map(d => d.job.append as AppendRequest)
      const result = await store.commit(appends.length > 0 ? { entries, appends } : { entries })
      if (result.repeats.length > 0) await reload()
      const repeats = new Set(result.repeats.map(i => entries[i]))
      options.onCommit(
        entries.flatMap(entry => (repeats.has(entry) ? [] : entry.changes)),
        result.outbox,
      )
      for (const { job, entries, refused } of kept) {
        if (refused !== null) job.reject(refused)
        else {
          const next = result.nexts[appended.findIndex(a => a.job === job)] ?? 0
          job.resolve({ repeat: entries.some(e => repeats.has(e)), result: job.command?.result ?? null }, next)
        }
      }
    } catch (error) {
      state = null
      options.onError(error)
      const refused = fromStore(error) ?? new Refused('BUSY', 'the hub could not store this', { after: 2_000 })
      for (const { job } of kept) job.reject(refused)
      if (error instanceof StoreError && error.code === 'FAILED') options.onFatal(error)
      else await reload()
    }
  }

  /** Decides and applies a job's events; null when it is answered already. */
  function settle(current: EngineState, job: Job): Decided | null {
    const entries: CommitEntry[] = []
    try {
      for (const told of job.events) {
        const body = typeof told === 'function' ? told(current) : told
        if (body === null) {
          job.resolve({ repeat: false, result: job.command?.result ?? null }, 0)
          return null
        }
        newest = Math.max(newest, clock.wall())
        const event = { ...body, time: newest } as Event
        const { changes, actions, refused, why } = decide(current, event)
        if (refused !== null) throw new Refused(CODES[refused], why ?? refused)
        apply(current, changes)
        const command =
          job.command === null ? { command: null } : { command: job.command.id, result: job.command.result }
        entries.push({ event, changes, actions, ...command })
      }
      return { job, entries, refused: null }
    } catch (error) {
      // `decide` is pure and `apply` comes last: the state is as it was before this event.
      if (!(error instanceof Refused)) options.onError(error)
      if (entries.length > 0) return { job, entries, refused: error }
      job.reject(error)
      return null
    }
  }

  async function reload(): Promise<EngineState | null> {
    try {
      const rows = await store.load()
      state = stateOf(rows)
      options.onReload(rows)
    } catch (error) {
      state = null
      options.onError(error)
    }
    return state
  }

  return {
    record: (event, command) => {
      if (command === undefined) return enqueue([event], null, null).then(done => done.recorded)
      const same = inFlight.get(command.id)
      if (same !== undefined) return same.then(r => ({ ...r, repeat: true }))
      const promise = once(event, command).finally(() => inFlight.delete(command.id))
      inFlight.set(command.id, promise)
      return promise
    },
    recordWith: async (events, append) => (await enqueue(events, null, append)).next,
    idle: async () => {
      while (running !== null) await running
    },
    close: async () => {
      closed = true
      while (running !== null) await running
    },
  }
}
