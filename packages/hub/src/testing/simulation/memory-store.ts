/**
 * The store's semantics in memory, for the simulation: a disk that survives, and over it one opened store for each life of
 * the hub. What is written becomes durable a moment later, all of a group or nothing, and is told a moment after that; a
 * hub that dies in between has, or has not, without knowing. The rule for appended bytes is the store's own.
 */
import { type Action, type Event, keyOf, type Row } from '@flambe/engine'
import type { Random } from '@flambe/engine/testing'
import type { Json } from '@flambe/language'
import {
  type AppendRequest,
  type AppendResult,
  type CommitBatch,
  type CommitResult,
  judgeAppend,
  type OpenStore,
  StoreError,
} from '@flambe/store'
import type { Agenda } from './agenda.ts'

export interface Disk {
  readonly rows: Map<string, Row>
  readonly log: Event[]
  readonly outbox: Map<number, Action>
  readonly commands: Map<string, { seq: number; result: Json }>
  /** By attempt, then by stream. */
  readonly streams: Map<string, Map<string, Buffer>>
  seq: number
}

export const emptyDisk = (): Disk => ({
  rows: new Map(),
  log: [],
  outbox: new Map(),
  commands: new Map(),
  streams: new Map(),
  seq: 0,
})

const NOTHING = Buffer.alloc(0)
export const streamOf = (disk: Disk, attempt: string, stream: string): Buffer =>
  disk.streams.get(attempt)?.get(stream) ?? NOTHING

/** What of the store the hub's delivery needs; anything else that it calls is missing and throws. */
export function memoryStore(
  disk: Disk,
  life: { readonly agenda: Agenda; readonly random: Random; alive(): boolean; diskFull(): boolean },
): OpenStore {
  const { agenda, random } = life
  let queue: { run: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void }[] = []

  const flush = () => {
    if (!life.alive()) return
    const pieces = queue
    queue = []
    const full = life.diskFull()
    const settled = pieces.map(({ run, resolve, reject }) => {
      if (full) return () => reject(new StoreError('DISK_FULL', 'the disk is full'))
      try {
        const value = run() as never
        return () => resolve(value)
      } catch (error) {
        return () => reject(error)
      }
    })
    agenda.after(random.between(0, 4), () => {
      if (life.alive()) for (const settle of settled) settle()
    })
  }
  const write = <T>(run: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (queue.length === 0) agenda.after(random.between(1, 12), flush)
      queue.push({ run, resolve, reject })
    })

  const put = ({ attempt, stream, data }: AppendRequest, seen: number): number => {
    const before = streamOf(disk, attempt, stream)
    const after = Buffer.concat([before, data.subarray(seen)])
    let streams = disk.streams.get(attempt)
    if (streams === undefined) {
      streams = new Map()
      disk.streams.set(attempt, streams)
    }
    streams.set(stream, after)
    return after.length
  }
  const judge = (request: AppendRequest) => {
    const { attempt, stream, offset, data } = request
    const stored = streamOf(disk, attempt, stream)
    const trial = disk.rows.get(`trial ${attempt.slice(0, attempt.lastIndexOf('.'))}`)
    const newest = trial?.kind === 'trial' ? trial.epoch : undefined
    return { judged: judgeAppend({ attempt, stream, offset, length: data.length }, stored.length, newest), stored }
  }
  const append = (request: AppendRequest): AppendResult => {
    const { judged, stored } = judge(request)
    const next = stored.length
    if (judged.kind === 'fenced' || judged.kind === 'gap') return { kind: judged.kind, next }
    const { offset, data } = request
    const same = stored.subarray(offset, offset + judged.seen).equals(data.subarray(0, judged.seen))
    if (!same) return { kind: 'conflict', next }
    if (judged.kind === 'known') return { kind: 'repeat', next }
    return { kind: 'stored', next: put(request, judged.seen) }
  }

  const commit = ({ entries, appends = [] }: CommitBatch): CommitResult => {
    for (const request of appends)
      if (judge(request).judged.kind !== 'new') throw new StoreError('INCOMPLETE', 'the stream has moved on')
    const nexts = appends.map(request => append(request).next)
    const repeats: number[] = []
    const outbox: { seq: number; action: Action }[] = []
    entries.forEach((entry, index) => {
      if (entry.command !== null && disk.commands.has(entry.command)) {
        repeats.push(index)
        return
      }
      disk.log.push(entry.event)
      for (const row of entry.changes) disk.rows.set(`${row.kind} ${keyOf(row)}`, Object.freeze(row))
      for (const action of entry.actions) {
        const seq = ++disk.seq
        disk.outbox.set(seq, action)
        outbox.push({ seq, action })
      }
      if (entry.command !== null)
        disk.commands.set(entry.command, { seq: disk.log.length, result: entry.result ?? null })
    })
    return { last: disk.log.length, repeats, outbox, nexts }
  }

  const store: Partial<OpenStore> = {
    load: async () => [...disk.rows.values()],
    commit: batch => write(() => commit(batch)),
    command: async id => disk.commands.get(id) ?? null,
    append: requests => write(() => requests.map(append)),
    offsets: async attempts => Object.fromEntries(attempts.map(a => [a, sizesOf(disk, a)])),
    setDropped: async () => undefined,
    outbox: async () => [...disk.outbox].map(([seq, action]) => ({ seq, action })),
    outboxDone: seqs => write(() => seqs.forEach(seq => void disk.outbox.delete(seq))),
    setAgentInfo: () => write(() => undefined),
    missingBlobs: async () => [],
    checkpoints: async () => [],
    verifyBlob: async () => true,
  }
  return store as OpenStore
}

export const sizesOf = (disk: Disk, attempt: string) => ({
  records: streamOf(disk, attempt, 'records').length,
  stdout: streamOf(disk, attempt, 'stdout').length,
  stderr: streamOf(disk, attempt, 'stderr').length,
})
