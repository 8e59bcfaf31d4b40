/**
 * The change feed: what has changed, in order, each batch with a position. Rows are only marked here and rendered once a
 * tick for everybody; points of one series and output of one stream are joined. A bounded ring serves those who come back.
 * It never holds anything for a client: `live/clients.ts` does, with bounds of its own.
 */
import type { Clock } from '../clock.ts'
import type { LiveChange, Topic } from './contract.ts'

export interface FeedEntry {
  readonly position: number
  readonly topics: readonly Topic[]
  /** Two entries with one key: the later stands for both. Null for points and output, which add up. */
  readonly key: string | null
  readonly change: LiveChange
  /** Roughly, on the wire. */
  readonly bytes: number
}

export type RowMark =
  | { readonly kind: 'experiment' | 'agent' | 'trial'; readonly id: string }
  | { readonly kind: 'block'; readonly id: string; readonly experiment: string }

export interface Feed {
  /** Position of the last batch. Grows over hub restarts too, so an old one is never mistaken. */
  position(): number
  mark(row: RowMark): void
  points(
    experiment: string,
    trial: string,
    tag: string,
    steps: readonly number[],
    values: readonly number[],
    times: readonly number[],
  ): void
  output(trial: string, attempt: string, stream: 'stdout' | 'stderr', from: number, text: string): void
  /** What came after a position, or null when that is not known any more. */
  since(after: number): readonly FeedEntry[] | null
  /** Called with each new batch, at most once a tick. */
  listen(listener: (batch: readonly FeedEntry[]) => void): () => void
  /** Renders what is marked now instead of at the next tick. */
  flush(): void
  close(): void
}

export interface FeedOptions {
  readonly clock: Clock
  readonly every: number
  readonly keptChanges: number
  readonly keptBytes: number
  /** Null when the row is gone. */
  readonly render: (mark: RowMark) => { readonly change: LiveChange; readonly topics: readonly Topic[] } | null
  readonly onError: (error: unknown) => void
}

interface Points {
  readonly topics: readonly Topic[]
  readonly trial: string
  readonly tag: string
  readonly steps: number[]
  readonly values: (number | null)[]
  readonly times: number[]
}

export function createFeed(options: FeedOptions): Feed {
  const listeners = new Set<(batch: readonly FeedEntry[]) => void>()
  const marks = new Map<string, RowMark>()
  const points = new Map<string, Points>()
  let outputs: { readonly change: Extract<LiveChange, { kind: 'output' }>; readonly topics: readonly Topic[] }[] = []
  let ring: FeedEntry[] = []
  let ringBytes = 0
  const first = Math.floor(options.clock.wall()) * 1_000
  /** Everything after this position is in the ring. */
  let complete = first
  let position = first
  let timer: NodeJS.Timeout | null = null

  const arm = () => {
    timer ??= setTimeout(flush, options.every)
  }

  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (marks.size === 0 && points.size === 0 && outputs.length === 0) return
    position++
    const batch: FeedEntry[] = []
    for (const [key, mark] of marks) {
      const made = render(mark)
      if (made !== null) batch.push({ position, key, bytes: 600, ...made })
    }
    for (const { topics, ...series } of points.values()) {
      const bytes = 100 + series.steps.length * 50
      batch.push({ position, key: null, topics, bytes, change: { kind: 'points', ...series } })
    }
    for (const { topics, change } of outputs) {
      batch.push({ position, key: null, topics, bytes: 150 + change.text.length, change })
    }
    marks.clear()
    points.clear()
    outputs = []
    keep(batch)
    for (const listener of listeners) listener(batch)
  }

  /** One row that cannot be shown must not stop the others. */
  const render = (mark: RowMark) => {
    try {
      return options.render(mark)
    } catch (error) {
      options.onError(error)
      return null
    }
  }

  const keep = (batch: readonly FeedEntry[]) => {
    for (const entry of batch) {
      ring.push(entry)
      ringBytes += entry.bytes
    }
    let drop = 0
    while (drop < ring.length && (ring.length - drop > options.keptChanges || ringBytes > options.keptBytes)) {
      const entry = ring[drop++] as FeedEntry
      ringBytes -= entry.bytes
      complete = entry.position
    }
    if (drop > 0) ring = ring.slice(drop)
  }

  return {
    position: () => position,
    mark: row => {
      marks.set(row.kind === 'block' ? `block ${row.experiment}.${row.id}` : `${row.kind} ${row.id}`, row)
      arm()
    },
    points: (experiment, trial, tag, steps, values, times) => {
      const key = `${trial} ${tag}`
      let series = points.get(key)
      if (series === undefined) {
        series = { topics: [`trial:${trial}`, `points:${experiment}`], trial, tag, steps: [], values: [], times: [] }
        points.set(key, series)
      }
      for (let i = 0; i < steps.length; i++) {
        const value = values[i] as number
        series.steps.push(steps[i] as number)
        series.values.push(Number.isFinite(value) ? value : null)
        series.times.push(times[i] as number)
      }
      arm()
    },
    output: (trial, attempt, stream, from, text) => {
      outputs.push({ topics: [`trial:${trial}`], change: { kind: 'output', trial, attempt, stream, from, text } })
      arm()
    },
    since: after => {
      if (after < complete || after > position) return null
      return ring.filter(entry => entry.position > after)
    },
    listen: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    flush,
    close: () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
      listeners.clear()
    },
  }
}
