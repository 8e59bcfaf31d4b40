/**
 * The one queue: event -> decide -> apply -> commit (grouped) -> publish and perform. Everything that changes the engine's
 * state goes through `record`; its promise resolves only after the commit, so an answer that waits for it is an answer that
 * holds (G1). Decisions run ahead of the disk by one batch at most; when a commit fails, the state is read anew.
 */
import { apply, type Decision, decide, type EngineState, type Event, type Row, stateOf } from '@flambe/engine'
import { type Json, variants } from '@flambe/language'
import type { RefusalCode } from '@flambe/protocol'
import { type OpenStore, type OutboxEntry, StoreError } from '@flambe/store'
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

interface Job {
  readonly event: EventBody | ((state: EngineState) => EventBody | null)
  readonly command: Command | null
  readonly resolve: (recorded: Recorded) => void
  readonly reject: (error: unknown) => void
}

export function createDriver(options: DriverOptions): Driver {
  const { store, clock } = options
  let state: EngineState | null = stateOf(options.rows)
  let queue: Job[] = []
  let running: Promise<void> | null = null
  let closed = false
  /** Events never go back in time, whatever the wall clock does: the queue's order and the breaker compare them (G18). */
  let newest = newestTime(options.rows)
  const inFlight = new Map<string, Promise<Recorded>>()

  const enqueue = (event: Job['event'], command: Command | null) =>
    new Promise<Recorded>((resolve, reject) => {
      if (closed) return reject(new Refused('STARTING', 'the hub is closing', { after: 2_000 }))
      queue.push({ event, command, resolve, reject })
      running ??= run().finally(() => {
        running = null
      })
    })

  const once = async (event: Job['event'], command: Command): Promise<Recorded> => {
    const before = await store.command(command.id)
    if (before !== null) return { repeat: true, result: before.result }
    return await enqueue(event, command)
  }

  async function run(): Promise<void> {
    // Let whoever is already calling in this turn share the first commit.
    await null
    while (queue.length > 0) {
      const jobs = queue.slice(0, options.maxEvents)
      queue = queue.slice(options.maxEvents)
      await batch(jobs)
    }
  }

  async function batch(jobs: readonly Job[]): Promise<void> {
    const current = state ?? (await reload())
    if (current === null) {
      for (const job of jobs) job.reject(new Refused('BUSY', 'the hub cannot read its database', { after: 5_000 }))
      return
    }
    const decided: { readonly job: Job; readonly entry: Parameters<OpenStore['commit']>[0]['entries'][number] }[] = []
    for (const job of jobs) {
      try {
        const body = typeof job.event === 'function' ? job.event(current) : job.event
        if (body === null) {
          job.resolve({ repeat: false, result: job.command?.result ?? null })
          continue
        }
        newest = Math.max(newest, clock.wall())
        const event = { ...body, time: newest } as Event
        const { changes, actions, refused, why } = decide(current, event, variants)
        if (refused !== null) throw new Refused(CODES[refused], why ?? refused)
        apply(current, changes)
        const command =
          job.command === null ? { command: null } : { command: job.command.id, result: job.command.result }
        decided.push({ job, entry: { event, changes, actions, ...command } })
      } catch (error) {
        // `decide` is pure and `apply` comes last: the state is as it was before this event.
        if (!(error instanceof Refused)) options.onError(error)
        job.reject(error)
      }
    }
    if (decided.length === 0) return
    try {
      const result = await store.commit({ entries: decided.map(d => d.entry) })
      if (result.repeats.length > 0) await reload()
      const repeats = new Set(result.repeats)
      options.onCommit(
        decided.flatMap((d, i) => (repeats.has(i) ? [] : d.entry.changes)),
        result.outbox,
      )
      decided.forEach(({ job }, i) => {
        job.resolve({ repeat: repeats.has(i), result: job.command?.result ?? null })
      })
    } catch (error) {
      state = null
      options.onError(error)
      const refused = fromStore(error) ?? new Refused('BUSY', 'the hub could not store this', { after: 2_000 })
      for (const { job } of decided) job.reject(refused)
      if (error instanceof StoreError && error.code === 'FAILED') options.onFatal(error)
      else await reload()
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
      if (command === undefined) return enqueue(event, null)
      const same = inFlight.get(command.id)
      if (same !== undefined) return same.then(r => ({ ...r, repeat: true }))
      const promise = once(event, command).finally(() => inFlight.delete(command.id))
      inFlight.set(command.id, promise)
      return promise
    },
    idle: async () => {
      while (running !== null) await running
    },
    close: async () => {
      closed = true
      while (running !== null) await running
    },
  }
}

/** The latest time that the rows know: the clock may have been set back while the hub was away. */
function newestTime(rows: readonly Row[]): number {
  let newest = 0
  for (const row of rows) {
    for (const key of ['created', 'seen', 'assigned', 'started', 'ended'] as const) {
      const time = (row as { readonly [K in typeof key]?: number | null })[key]
      if (typeof time === 'number' && time > newest) newest = time
    }
  }
  return newest
}
