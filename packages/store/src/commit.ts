/**
 * `commit`: event, row changes, outbox and command id in one transaction (G15, G16). Runs inside a group of writer.ts.
 * Beside what the engine says it keeps two things of its own: the checkpoints of a trial with the blobs they need, and which
 * rows changed their state, for the feed.
 */
import type { Action, CheckpointRef, Event, JournalRow, Row, TrialRow } from '@flambe/engine'
import type Database from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import type { AppendRequest, CommitBatch, CommitEntry, CommitResult, FeedItem, OutboxEntry } from './contract.ts'
import type { References } from './references.ts'
import type { Rows } from './rows.ts'
import { checkpoints, commands, feed, log, outbox } from './schema.ts'
import { StoreError } from './store-error.ts'
import type { Streams } from './streams.ts'
import { type Drizzle, upsert } from './upsert.ts'

export type Committer = (batch: CommitBatch) => CommitResult

export function committer(
  raw: Database.Database,
  db: Drizzle,
  rows: Rows,
  refs: References,
  append: Streams['append'],
): Committer {
  const p = sql.placeholder
  const addLog = db
    .insert(log)
    .values({
      seq: p('seq'),
      time: p('time'),
      type: p('type'),
      changed: p('changed'),
      event: p('event'),
    })
    .prepare()
  const addFeed = db
    .insert(feed)
    .values({ experiment: p('experiment'), seq: p('seq') })
    .prepare()
  const addCommand = db
    .insert(commands)
    .values({ id: p('id'), seq: p('seq'), result: p('result') })
    .prepare()
  const addOutbox = db
    .insert(outbox)
    .values({ action: p('action') })
    .prepare()
  const putCheckpoint = upsert(db, checkpoints, [checkpoints.trial, checkpoints.number])
  const has = raw.prepare<[string, number], number>('SELECT 1 FROM checkpoints WHERE trial = ? AND number = ?').pluck()
  const known = raw.prepare<[string], number>('SELECT seq FROM commands WHERE id = ?').pluck()
  const lastSeq = raw.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM log').pluck()

  function apply(seq: number, entry: CommitEntry, queued: OutboxEntry[]): void {
    const { event } = entry
    const changed: FeedItem['changed'][number][] = []
    const concerned = new Set<string>(QUIET.has(event.type) ? [] : experimentOf(event))
    for (const row of entry.changes) {
      if (row.kind === 'journal') {
        rows.append(row)
        continue
      }
      if (row.kind === 'trial') adopt(row, event.time)
      const { before } = rows.put(row)
      if (before !== row.state) {
        changed.push({ kind: row.kind, id: idOf(row), state: row.state, reason: reasonOf(row) })
        if (row.kind !== 'agent') concerned.add(row.kind === 'experiment' ? row.id : row.experiment)
      }
      if (before === null && row.kind === 'experiment') hold(row.id, row.resources)
    }
    if (event.type === 'attempt-saved') saved(event)
    addLog.run({
      seq,
      time: event.time,
      type: event.type,
      changed: changed.length > 0 ? JSON.stringify(changed) : null,
      event: JSON.stringify(event.type === 'experiment-submitted' ? { ...event, plan: undefined } : event),
    })
    for (const experiment of concerned) addFeed.run({ experiment, seq })
    for (const action of entry.actions) {
      const { lastInsertRowid } = addOutbox.run({ action: JSON.stringify(action satisfies Action) })
      queued.push({ seq: Number(lastInsertRowid), action })
    }
    if (entry.command !== null) addCommand.run({ id: entry.command, seq, result: JSON.stringify(entry.result ?? null) })
  }

  /** A checkpoint of another trial that this one goes on from (PBT, reuse) becomes its own: its blobs are kept for it too. */
  function adopt({ id, checkpoint }: TrialRow, time: number): void {
    if (checkpoint === null || trialOf(checkpoint.attempt) === id || has.get(id, checkpoint.number) !== undefined)
      return
    keep(id, checkpoint, time)
  }

  function hold(experiment: string, resources: Extract<Row, { kind: 'experiment' }>['resources']): void {
    for (const ref of Object.values(resources))
      if (ref.kind === 'blobs') refs.add(`experiment:${experiment}`, ref.manifest)
  }

  function saved(event: Extract<Event, { type: 'attempt-saved' }>): void {
    keep(trialOf(event.checkpoint.attempt), event.checkpoint, event.time)
  }

  function keep(trial: string, { attempt, number, step, manifest }: CheckpointRef, time: number): void {
    const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0)
    putCheckpoint({ trial, number, attempt, step, bytes, manifest: JSON.stringify(manifest), time })
    refs.add(`checkpoint:${trial}:${number}`, manifest)
  }

  return batch => {
    let seq = lastSeq.get() as number
    const repeats: number[] = []
    const queued: OutboxEntry[] = []
    // Before the events: one of them may give the trial to a newer attempt.
    const nexts = (batch.appends ?? []).map(stored)
    batch.entries.forEach((entry, index) => {
      if (entry.command !== null && known.get(entry.command) !== undefined) repeats.push(index)
      else apply(++seq, entry, queued)
    })
    return { last: seq, repeats, outbox: queued, nexts }
  }

  function stored(request: AppendRequest): number {
    const { kind, next } = append(request)
    if (kind === 'stored') return next
    throw new StoreError(
      'INCOMPLETE',
      `${request.attempt} ${request.stream} at ${request.offset}: ${kind}, go on at ${next}`,
    )
  }
}

type StateRow = Exclude<Row, JournalRow>

const trialOf = (attempt: string): string => attempt.slice(0, attempt.lastIndexOf('.'))

function reasonOf(row: StateRow): string | null {
  if (row.kind === 'attempt') return row.failure?.message ?? null
  return row.reason
}

/** Told in the feed only where they change a state: a report of a step, a repeat of what is known. */
const QUIET: ReadonlySet<Event['type']> = new Set(['attempt-reported', 'attempt-started'])

/** A block's id is its own only within its experiment; here it carries both. */
function idOf(row: StateRow): string {
  return row.kind === 'block' ? `${row.experiment}.${row.id}` : row.id
}

/** Ids split at dots: `<experiment>.<block>.<number>.<epoch>`. Events of agents belong to no experiment. */
function experimentOf(event: Event): readonly string[] {
  if ('experiment' in event) return [event.experiment]
  const id = 'trial' in event ? event.trial : 'attempt' in event ? event.attempt : null
  return id === null ? [] : [id.replace(/\..*/s, '')]
}
