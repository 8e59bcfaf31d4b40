/**
 * One life of the hub in the simulation: its real driver, outbox, presence, intake, committed rows and socket handlers over the
 * store in memory and the fake lines. What is not here is SQLite, Socket.IO, HTTP and the pages.
 */
import type { Random } from '@flambe/engine/testing'
import { StoreError } from '@flambe/store'
import type { Server } from 'socket.io'
import { type AgentsOptions, serveAgents } from '../../agents/agents.ts'
import { counters } from '../../agents/answering.ts'
import { createIntake } from '../../agents/intake.ts'
import { createPresence, tellSilence } from '../../agents/presence.ts'
import type { Auth } from '../../auth/auth.ts'
import { createDriver, type Driver } from '../../driver/driver.ts'
import { createOutbox } from '../../driver/outbox.ts'
import { downMessage, undeliverable } from '../../driver/perform.ts'
import { createDescribing } from '../../extensions/describing.ts'
import { createInstalling } from '../../extensions/installing.ts'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { Refused } from '../../refused.ts'
import { type Committed, createCommitted } from '../../rows/committed.ts'
import { type Agenda, timersOf } from './agenda.ts'
import { type FakeServer, fakeServer } from './line.ts'
import { type Disk, memoryStore } from './memory-store.ts'

/** ms between looks at who is silent; the hub's own is shorter, which only makes more work here. */
export const SWEEP = 5_000

export interface HubLife {
  readonly driver: Driver
  readonly rows: Committed
  readonly lines: FakeServer
  /** kill -9: nothing of it happens any more. */
  kill(): void
  /** Stands still until then, and knows of nothing. */
  sleepUntil(time: number): void
  /** What it logged as errors, a full disk aside: each is a bug. */
  readonly errors: unknown[]
}

export interface HubWorld {
  readonly agenda: Agenda
  readonly random: Random
  readonly disk: Disk
  wall(): number
  trouble(): number
  diskFull(): boolean
  heard(agent: string): void
  /** The hub's sweeper has found an agent silent. */
  silent(agent: string, state: 'suspect' | 'disconnected' | 'lost'): void
}

export function startHub(world: HubWorld): HubLife {
  const { agenda, random, disk } = world
  let alive = true
  let asleep = 0
  const errors: unknown[] = []
  const isAlive = () => alive
  const timers = timersOf(agenda, isAlive, () => asleep)
  const store = memoryStore(disk, { agenda, random, alive: isAlive, diskFull: world.diskFull })
  const clock = { wall: world.wall, steady: agenda.now }
  const limits = { ...DEFAULT_LIMITS, sweep_every: SWEEP }
  const onError = (error: unknown) => {
    if (!isPartOfABadDay(error)) errors.push(error)
  }

  const stored = [...disk.rows.values()]
  const rows = createCommitted()
  rows.reset(stored)
  const driver = createDriver({
    store,
    clock,
    rows: stored,
    newest: disk.log.at(-1)?.time ?? 0,
    maxEvents: limits.commit_events,
    onCommit: (changes, entries) => {
      rows.put(changes)
      outbox.push(entries)
    },
    onReload: loaded => rows.reset(loaded),
    onFatal: error => errors.push(error),
    onError,
  })
  const outbox = createOutbox({
    done: seqs => store.outboxDone(seqs),
    message: action => downMessage(store, rows, action, 'simulated', driver, onError),
    refused: (action, why) => undeliverable(rows, action, why, driver),
    onError,
    retry: limits.outbox_retry,
    timers,
  })
  const tell = tellSilence(
    () => presence,
    rows,
    event => driver.record(event),
    onError,
  )
  const silent: typeof tell = (agent, state) => {
    world.silent(agent, state)
    tell(agent, state)
  }
  const presence = createPresence(clock, limits, silent, timers)
  for (const row of rows.agents.values()) presence.follow(row.id, row.state)
  outbox.push([...disk.outbox].map(([seq, action]) => ({ seq, action })))
  const intake = createIntake({
    store,
    recordWith: (events, append) => driver.recordWith(events, append),
    onPoints: () => undefined,
    onOutput: () => undefined,
  })
  const { trouble, heard } = world
  const lines = fakeServer({ agenda, random, trouble, heard, alive: isAlive, asleepUntil: () => asleep })
  const options: AgentsOptions = {
    auth: { joinedAs: () => null } as unknown as Auth,
    clock,
    counters: counters(),
    describing: createDescribing({ store, limits, timers, enabled: () => false, command: () => '' }),
    driver,
    installing: createInstalling(() => false),
    intake,
    limits,
    outbox,
    presence,
    rows,
    store,
    timers,
    hub: 'simulated',
    command: () => '',
    onHello: () => undefined,
    onHeartbeat: () => undefined,
    onError: (_, error) => onError(error),
  }
  serveAgents(lines.server as Server, options)
  presence.start()
  return {
    driver,
    rows,
    lines,
    errors,
    kill: () => {
      alive = false
    },
    sleepUntil: time => {
      asleep = time
    },
  }
}

/** A full disk, and an agent that did not answer and is told again, are no bugs. */
function isPartOfABadDay(error: unknown): boolean {
  if (error instanceof StoreError) return error.code === 'DISK_FULL' || error.code === 'INCOMPLETE'
  if (error instanceof Refused) return error.refusal.after !== undefined
  return error instanceof Error && /^(no answer to|the connection was lost)/.test(error.message)
}
