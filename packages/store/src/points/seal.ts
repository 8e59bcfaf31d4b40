/**
 * Turns write-ahead payloads into chunks of 1,000 points a series, in small slices between groups of commits. One slice
 * is one transaction: chunks in, payloads out; so a crash at any point leaves either the payloads or the chunks, never both
 * and never neither. A stream is sealed when it has many open points, or has been quiet for a while.
 */

import { setImmediate as turn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { StoreError } from '../store-error.ts'
import type { Writer } from '../writer.ts'
import { bucketPoints, decodePoints, encodeBuckets, encodePoints, LEVEL, type Points } from './bucket.ts'
import { decodePayload, type Part } from './payload.ts'
import { concatPoints, encodeSummary, slicePoints, summarise } from './segment.ts'

export interface Sealer {
  /** Told inside the transaction that stores them. Counting too many (rolled back) only seals earlier. */
  stored(stream: number, points: number): void
  close(): void
}

export const CHUNK = 1000
const OPEN_MOST = 16_384
const SLICE = 16_384
const QUIET_MS = 5_000
const TICK_MS = 1_000
/** Checksums of appends are remembered for this many bytes behind the ack: far more than an agent has in flight. */
const REMEMBERED_BYTES = 16 * 1024 * 1024

export function sealer(raw: Database.Database, writer: Writer, readonly: boolean): Sealer {
  const open = new Map<number, { points: number; since: number }>()
  const counts = raw.prepare<[], { stream: number; points: number }>(
    'SELECT stream, sum(count) AS points FROM batches WHERE payload IS NOT NULL GROUP BY stream',
  )
  const oldest = raw.prepare<[number], { id: number; count: number; payload: Buffer }>(
    'SELECT id, count, payload FROM batches WHERE stream = ? AND payload IS NOT NULL ORDER BY id',
  )
  const emptied = raw.prepare<[number]>('UPDATE batches SET payload = NULL WHERE id = ?')
  const forgotten = raw.prepare<{ stream: number; bytes: number }>(`
    DELETE FROM batches WHERE stream = @stream AND payload IS NULL
    AND offset < (SELECT next FROM streams WHERE id = @stream) - @bytes`)
  const seriesOf = raw.prepare<[number], { count: number }>('SELECT count FROM series WHERE id = ?')
  const grown = raw.prepare<[number, number, number]>('UPDATE series SET chunks = ?, count = ? WHERE id = ?')
  const chunk = raw.prepare<[number, number], { id: number; points: Buffer }>(
    'SELECT c.id, p.points FROM chunks c JOIN chunk_points p ON p.id = c.id WHERE c.series = ? AND c.n = ?',
  )
  const drop = [
    raw.prepare<[number]>('DELETE FROM chunks WHERE id = ?'),
    raw.prepare<[number]>('DELETE FROM chunk_points WHERE id = ?'),
  ]
  const add = raw.prepare(`
    INSERT INTO chunks (series, n, count, step_min, step_max, summary, level)
    VALUES (@series, @n, @count, @step_min, @step_max, @summary, @level)`)
  const addPoints = raw.prepare<[number | bigint, Buffer]>('INSERT INTO chunk_points (id, points) VALUES (?, ?)')

  let running = false
  let timer: NodeJS.Timeout | null = null

  /** One slice of one stream; runs inside a transaction. */
  function slice(stream: number): void {
    const parts = new Map<number, Part[]>()
    const taken: number[] = []
    let points = 0
    for (const batch of oldest.iterate(stream)) {
      for (const part of decodePayload(batch.payload)) {
        const of = parts.get(part.series)
        if (of) of.push(part)
        else parts.set(part.series, [part])
      }
      taken.push(batch.id)
      points += batch.count
      if (points >= SLICE) break
    }
    for (const [series, fresh] of parts) extend(series, fresh)
    for (const id of taken) emptied.run(id)
    forgotten.run({ stream, bytes: REMEMBERED_BYTES })
    const left = open.get(stream)
    if (left && taken.length > 0 && left.points > points) left.points -= points
    else open.delete(stream)
  }

  function extend(series: number, fresh: readonly Points[]): void {
    const count = seriesOf.get(series)?.count ?? 0
    let n = Math.floor(count / CHUNK)
    const parts = [...fresh]
    if (count % CHUNK > 0) {
      const last = chunk.get(series, n)
      if (last === undefined) throw new Error(`series ${series} lacks its chunk ${n}`)
      parts.unshift(decodePoints(last.points))
      for (const statement of drop) statement.run(last.id)
    }
    const all = concatPoints(parts)
    for (let from = 0; from < all.steps.length; from += CHUNK, n++) {
      const points = slicePoints(all, from, Math.min(from + CHUNK, all.steps.length))
      const summary = summarise(points)
      const { lastInsertRowid } = add.run({
        series,
        n,
        count: points.steps.length,
        step_min: summary.stepMin,
        step_max: summary.stepMax,
        summary: encodeSummary(summary),
        level: encodeBuckets(bucketPoints(points, LEVEL)),
      })
      addPoints.run(lastInsertRowid, encodePoints(points))
    }
    grown.run(n, Math.floor(count / CHUNK) * CHUNK + all.steps.length, series)
  }

  async function seal(): Promise<void> {
    for (let stream = due(); stream !== undefined; stream = due()) {
      const now = stream
      await writer.write(() => slice(now))
      await turn()
    }
  }

  function due(): number | undefined {
    const quiet = performance.now() - QUIET_MS
    for (const [stream, { points, since }] of open) if (points >= OPEN_MOST || since < quiet) return stream
    return undefined
  }

  function background(): void {
    if (running || due() === undefined) return
    running = true
    seal()
      .catch(error => {
        // Nothing is lost: the payloads stay. A full disk is tried again with the next tick; a closed store at its next start.
        if (!(error instanceof StoreError)) throw error
        if (raw.open) recount()
      })
      .finally(() => {
        running = false
      })
  }

  /** From what the database holds: at the start, and after a slice failed. */
  function recount(): void {
    const since = performance.now()
    open.clear()
    for (const { stream, points } of counts.all()) open.set(stream, { points, since })
  }

  if (!readonly) {
    recount()
    writer.onIdle(background)
    timer = setInterval(background, TICK_MS)
    timer.unref()
  }

  return {
    stored(stream, points) {
      const known = open.get(stream)
      open.set(stream, { points: (known?.points ?? 0) + points, since: performance.now() })
    },
    close() {
      if (timer) clearInterval(timer)
    },
  }
}
