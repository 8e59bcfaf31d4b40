/**
 * `append`: bytes of an attempt's streams, keyed by (attempt, stream, offset), with one cumulative ack each (G2, G3). Runs
 * inside a group of writer.ts. Output is kept as it came; of records, the points go into a write-ahead payload (sealed later
 * by points/seal.ts), everything else into `records`, and a checksum tells a resent batch from a different one.
 */

import { crc32 } from 'node:zlib'
import type Database from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { judgeAppend } from './append-rule.ts'
import type { AppendRequest, AppendResult, StreamSizes } from './contract.ts'
import { encodePayload } from './points/payload.ts'
import { batches, output, records, series, streams } from './schema.ts'
import type { Drizzle } from './upsert.ts'

export interface Streams {
  append(request: AppendRequest): AppendResult
  sizes(attempts: readonly string[]): { readonly [attempt: string]: StreamSizes }
  /** Attempts of which something was dropped. */
  truncated(): readonly string[]
  dropped(attempts: readonly string[]): { readonly [attempt: string]: StreamSizes }
  setDropped(attempt: string, stream: AppendRequest['stream'], bytes: number): void
  /** Forgets what it remembers of uncommitted rows. */
  forget(): void
}

interface Known {
  readonly id: number
  next: number
  lines: number
}

const REMEMBERED_SERIES = 200_000

export function streamsOf(
  raw: Database.Database,
  db: Drizzle,
  stored: (stream: number, points: number) => void,
): Streams {
  const p = sql.placeholder
  const find = raw.prepare<[string, string], Known>(
    'SELECT id, next, lines FROM streams WHERE attempt = ? AND stream = ?',
  )
  const create = raw.prepare<[string, string, string]>(
    'INSERT INTO streams (attempt, trial, stream, next, lines, dropped) VALUES (?, ?, ?, 0, 0, 0)',
  )
  const advance = db
    .update(streams)
    .set({ next: sql`${p('next')}`, lines: sql`${p('lines')}` })
    .where(sql`${streams.id} = ${p('id')}`)
    .prepare()
  const setDropped = raw.prepare<[number, number]>('UPDATE streams SET dropped = ? WHERE id = ?')
  const truncated = raw
    .prepare<[], string>("SELECT DISTINCT attempt FROM streams WHERE dropped > 0 AND stream <> 'records'")
    .pluck()
  const droppedOf = raw
    .prepare<[string, string], number>('SELECT dropped FROM streams WHERE attempt = ? AND stream = ?')
    .pluck()
  const addOutput = db
    .insert(output)
    .values({ stream: p('stream'), offset: p('offset'), size: p('size'), lines: p('lines'), bytes: p('bytes') })
    .prepare()
  const addBatch = db
    .insert(batches)
    .values({
      stream: p('stream'),
      offset: p('offset'),
      size: p('size'),
      crc: p('crc'),
      count: p('count'),
      payload: p('payload'),
    })
    .prepare()
  const addRecord = db
    .insert(records)
    .values({
      stream: p('stream'),
      offset: p('offset'),
      type: sql`json_extract(${p('json')}, '$.t')`,
      tag: sql`json_extract(${p('json')}, '$.tag')`,
      json: p('json'),
    })
    .prepare()
  const findSeries = raw.prepare<[number, string], number>('SELECT id FROM series WHERE stream = ? AND tag = ?').pluck()
  const addSeries = db
    .insert(series)
    .values({
      stream: p('stream'),
      attempt: p('attempt'),
      trial: p('trial'),
      experiment: p('experiment'),
      block: p('block'),
      tag: p('tag'),
      chunks: 0,
      count: 0,
    })
    .prepare()
  const storedOutput = raw.prepare<[number, number, number], { offset: number; bytes: Buffer }>(
    'SELECT offset, bytes FROM output WHERE stream = ? AND offset >= ? AND offset < ? ORDER BY offset',
  )
  const chunkAt = raw
    .prepare<[number, number], number>('SELECT max(offset) FROM output WHERE stream = ? AND offset <= ?')
    .pluck()
  const storedBatches = raw.prepare<[number, number, number], { offset: number; size: number; crc: number }>(
    'SELECT offset, size, crc FROM batches WHERE stream = ? AND offset >= ? AND offset < ? ORDER BY offset',
  )
  const epochOf = raw.prepare<[string], number>('SELECT epoch FROM trials WHERE id = ?').pluck()
  const ids = new Map<string, number>()

  function known(attempt: string, stream: string): Known {
    const found = find.get(attempt, stream)
    if (found) return found
    const { lastInsertRowid } = create.run(attempt, trialOf(attempt), stream)
    return { id: Number(lastInsertRowid), next: 0, lines: 0 }
  }

  function append(request: AppendRequest): AppendResult {
    const { attempt, offset } = request
    const data = Buffer.from(request.data.buffer, request.data.byteOffset, request.data.byteLength)
    const stream = known(attempt, request.stream)
    const { next } = stream
    const judged = judgeAppend(
      { attempt, stream: request.stream, offset, length: data.length },
      next,
      epochOf.get(trialOf(attempt)),
    )
    if (judged.kind === 'fenced' || judged.kind === 'gap') return { kind: judged.kind, next }
    const { seen } = judged
    const same = request.stream === 'records' ? sameRecords : sameOutput
    if (seen > 0 && !same(stream.id, offset, data.subarray(0, seen))) return { kind: 'conflict', next }
    if (judged.kind === 'known') return { kind: 'repeat', next }
    if (request.stream === 'records') addRecords(stream.id, request, data)
    else {
      const fresh = data.subarray(seen)
      addOutput.run({ stream: stream.id, offset: next, size: fresh.length, lines: stream.lines, bytes: fresh })
      stream.lines += lineEnds(fresh)
    }
    const end = offset + data.length
    advance.run({ id: stream.id, next: end, lines: stream.lines })
    return { kind: 'stored', next: end }
  }

  function addRecords(stream: number, request: AppendRequest, data: Buffer): void {
    const { attempt, offset } = request
    const points = request.points.filter(batch => batch.steps.length > 0)
    const count = points.reduce((sum, batch) => sum + batch.steps.length, 0)
    const payload = count === 0 ? null : encodePayload(points, tag => seriesOf(stream, attempt, tag))
    addBatch.run({ stream, offset, size: data.length, crc: crc32(data), count, payload })
    for (const other of request.others) addRecord.run({ stream, offset: other.offset, json: other.json })
    if (count > 0) stored(stream, count)
  }

  function seriesOf(stream: number, attempt: string, tag: string): number {
    const key = `${stream} ${tag}`
    let id = ids.get(key) ?? findSeries.get(stream, tag)
    if (id === undefined) {
      const [experiment = '', block = ''] = attempt.split('.')
      const made = addSeries.run({ stream, attempt, trial: trialOf(attempt), experiment, block, tag })
      id = Number(made.lastInsertRowid)
    }
    if (ids.size >= REMEMBERED_SERIES) ids.clear()
    ids.set(key, id)
    return id
  }

  function sameOutput(stream: number, offset: number, data: Buffer): boolean {
    const start = chunkAt.get(stream, offset) ?? offset
    for (const chunk of storedOutput.iterate(stream, start, offset + data.length)) {
      const from = Math.max(offset, chunk.offset)
      const to = Math.min(offset + data.length, chunk.offset + chunk.bytes.length)
      const theirs = chunk.bytes.subarray(from - chunk.offset, to - chunk.offset)
      if (!theirs.equals(data.subarray(from - offset, to - offset))) return false
    }
    return true
  }

  /**
   * Compares batch by batch, as far as the remembered ones lie within `data`. What they cover in part only cannot be
   * told apart; its frames carried checksums of their own when they were stored.
   */
  function sameRecords(stream: number, offset: number, data: Buffer): boolean {
    for (const batch of storedBatches.iterate(stream, offset, offset + data.length)) {
      const from = batch.offset - offset
      if (from + batch.size <= data.length && crc32(data.subarray(from, from + batch.size)) !== batch.crc) return false
    }
    return true
  }

  return {
    append,
    setDropped(attempt, stream, bytes) {
      setDropped.run(bytes, known(attempt, stream).id)
    },
    sizes: attempts => ofStreams(attempts, (attempt, stream) => find.get(attempt, stream)?.next ?? 0),
    truncated: () => truncated.all(),
    dropped: attempts => ofStreams(attempts, (attempt, stream) => droppedOf.get(attempt, stream) ?? 0),
    forget: () => ids.clear(),
  }
}

function ofStreams(attempts: readonly string[], of: (attempt: string, stream: string) => number) {
  return Object.fromEntries(
    attempts.map(a => [a, { records: of(a, 'records'), stdout: of(a, 'stdout'), stderr: of(a, 'stderr') }]),
  )
}

/** `<trial>.<epoch>` */
function trialOf(attempt: string): string {
  return attempt.slice(0, attempt.lastIndexOf('.'))
}

function lineEnds(bytes: Buffer): number {
  let n = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) n++
  return n
}
