/**
 * Reads of series, bucketed. Sums first: what is asked for is answered from the coarsest level that is fine enough (a whole
 * chunk, ten points, single points), so that a hundred long curves cost no more than their pixels. One trial is read in one
 * go; between trials the event loop turns.
 */

import { setImmediate as turn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import type { SeriesQuery, SeriesWindow } from '../contract.ts'
import { StoreError } from '../store-error.ts'
import { type Bucket, bucketPoints, decodeBuckets, decodePoints, LEVEL, mergeBuckets, type Points } from './bucket.ts'
import { decodePayload } from './payload.ts'
import { CHUNK } from './seal.ts'
import { concatPoints, decodeSummary, filterPoints, type Summary, summarise } from './segment.ts'

/** Points in a bucket from which on whole chunks are fine enough: a bucket is then at most a quarter too large. */
const COARSE = 4 * CHUNK

type Segment = Summary & ({ readonly chunk: number } | { readonly points: Points })
interface Chunk {
  readonly id: number
  readonly step_min: number
  readonly step_max: number
  readonly summary: Buffer
}

export interface SeriesReader {
  readonly windows: (query: SeriesQuery) => Promise<readonly SeriesWindow[]>
  /** Every point of the trial, a tag after the other, as they were logged. */
  readonly points: (trial: string) => Iterable<{ readonly tag: string; readonly points: Points }>
}

export function seriesReader(raw: Database.Database): SeriesReader {
  const seriesOf = raw.prepare<[string], { id: number; stream: number; attempt: string; tag: string }>(
    'SELECT id, stream, attempt, tag FROM series WHERE trial = ? ORDER BY id',
  )
  const chunks = raw.prepare<[number], Chunk>(
    'SELECT id, step_min, step_max, summary FROM chunks WHERE series = ? ORDER BY n',
  )
  const level = raw.prepare<[number], Buffer>('SELECT level FROM chunks WHERE id = ?').pluck()
  const pointsOf = raw.prepare<[number], Buffer>('SELECT points FROM chunk_points WHERE id = ?').pluck()
  const open = raw
    .prepare<[number], Buffer>('SELECT payload FROM batches WHERE stream = ? AND payload IS NOT NULL ORDER BY id')
    .pluck()

  /** The segments that count, of each tag asked for that has points. */
  function segmentsByTag(trial: string, tags: readonly string[]): { tag: string; segments: Segment[] }[] {
    const asked = new Set(tags)
    const all = seriesOf.all(trial).filter(s => asked.has(s.tag))
    all.sort((a, b) => epochOf(a.attempt) - epochOf(b.attempt))
    const tails = new Map<number, Points[]>()
    const wanted = new Set(all.map(s => s.id))
    for (const stream of new Set(all.map(s => s.stream)))
      for (const payload of open.iterate(stream))
        for (const part of decodePayload(payload)) {
          if (!wanted.has(part.series)) continue
          const of = tails.get(part.series)
          if (of) of.push(part)
          else tails.set(part.series, [part])
        }
    return tags.flatMap(tag => {
      const attempts = all.filter(s => s.tag === tag).map(s => segmentsOf(s.id, tails.get(s.id)))
      const segments = withoutOverrun(attempts)
      return segments.length === 0 ? [] : [{ tag, segments }]
    })
  }

  function segmentsOf(series: number, tail: readonly Points[] | undefined): Segment[] {
    const segments: Segment[] = chunks.all(series).map(c => ({
      ...decodeSummary(c.summary),
      stepMin: c.step_min,
      stepMax: c.step_max,
      chunk: c.id,
    }))
    if (tail) segments.push(segmentOf(concatPoints(tail)))
    return segments
  }

  /** Attempts oldest first; what an attempt wrote from the step on at which a later one went on does not count. */
  function withoutOverrun(attempts: readonly (readonly Segment[])[]): Segment[] {
    const kept: Segment[][] = []
    let limit = Number.POSITIVE_INFINITY
    for (const segments of attempts.toReversed()) {
      const before = limit
      kept.unshift(cut(segments, step => step < before, Number.NEGATIVE_INFINITY, before))
      for (const segment of segments) limit = Math.min(limit, segment.stepMin)
    }
    return kept.flat()
  }

  /** Whole segments where possible; points are loaded only for one that lies across an end. */
  function cut(segments: readonly Segment[], inside: (step: number) => boolean, from: number, to: number): Segment[] {
    return segments.flatMap(segment => {
      if (segment.stepMin > to || segment.stepMax < from) return []
      if (inside(segment.stepMin) && inside(segment.stepMax)) return [segment]
      const points = filterPoints(load(segment), inside)
      return points.steps.length === 0 ? [] : [segmentOf(points)]
    })
  }

  function load(segment: Segment): Points {
    return 'points' in segment ? segment.points : decodePoints(pointsOf.get(segment.chunk) as Buffer)
  }

  function levelOf(segment: Segment): Bucket[] {
    return 'points' in segment ? bucketPoints(segment.points, LEVEL) : decodeBuckets(level.get(segment.chunk) as Buffer)
  }

  function windowOf(trial: string, tag: string, segments: readonly Segment[], query: SeriesQuery): SeriesWindow {
    const { from_step: from = Number.NEGATIVE_INFINITY, to_step: to = Number.POSITIVE_INFINITY } = query
    const shown = cut(segments, step => step >= from && step <= to, from, to)
    const size = Math.ceil(count(shown) / query.points)
    const buckets =
      size < LEVEL
        ? shown.length === 0
          ? []
          : bucketPoints(concatPoints(shown.map(load)), Math.max(1, size))
        : mergeBuckets(shown.flatMap(size < COARSE ? levelOf : chunksOf), size)
    if (buckets.some((b, i) => i > 0 && b.step < (buckets[i - 1] as Bucket).step))
      buckets.sort((a, b) => a.step - b.step)
    const [whole] = mergeBuckets(
      segments.map(s => s.bucket),
      Number.POSITIVE_INFINITY,
    )
    const total = count(segments)
    const finite = whole?.finite ?? 0
    return {
      trial,
      tag,
      total,
      last: segments.findLast(s => s.last !== null)?.last ?? null,
      min: finite === 0 ? null : (whole?.min ?? null),
      max: finite === 0 ? null : (whole?.max ?? null),
      nonfinite: total - finite,
      steps: buckets.map(b => b.step),
      values: buckets.map(b => (b.finite === 0 ? null : b.sum / b.finite)),
      mins: buckets.map(b => (b.finite === 0 ? null : b.min)),
      maxs: buckets.map(b => (b.finite === 0 ? null : b.max)),
      times: buckets.map(b => b.time),
    }
  }

  async function windows(query: SeriesQuery): Promise<SeriesWindow[]> {
    if (query.trials.length > 100 || query.tags.length > 50 || !(query.points >= 1 && query.points <= 2000))
      throw new StoreError('INVALID', 'at most 100 trials, 50 tags and 2000 points')
    const found: SeriesWindow[] = []
    let since = performance.now()
    for (const trial of query.trials) {
      for (const { tag, segments } of segmentsByTag(trial, query.tags))
        found.push(windowOf(trial, tag, segments, query))
      if (performance.now() - since < 10) continue
      await turn()
      since = performance.now()
    }
    return found
  }

  function* points(trial: string) {
    const tags = [...new Set(seriesOf.all(trial).map(s => s.tag))].sort()
    for (const name of tags)
      for (const { tag, segments } of segmentsByTag(trial, [name]))
        yield { tag, points: concatPoints(segments.map(load)) }
  }

  return { windows, points }
}

function chunksOf(segment: Segment): readonly Bucket[] {
  return 'points' in segment ? bucketPoints(segment.points, CHUNK) : [segment.bucket]
}

function segmentOf(points: Points): Segment {
  return { ...summarise(points), points }
}

function count(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.bucket.count, 0)
}

function epochOf(attempt: string): number {
  return Number(attempt.slice(attempt.lastIndexOf('.') + 1))
}
