/**
 * Bytes of attempt folders on their way into the store. Records are taken apart here: points for the series, results and
 * the environment for the engine, the rest as JSON. Appends to one stream go one after the other; the answer is the next offset that the hub
 * wants, after the commit (G1, G2, G3).
 */
import type { AttemptRow, MetricValue } from '@flambe/engine'
import { type Record, record, type Stream, type Up, unframe } from '@flambe/protocol'
import type { AppendRequest, AppendResult, OpenStore, PointBatch } from '@flambe/store'
import type { EventBody } from '../driver/driver.ts'
import { Refused } from '../refused.ts'

export interface Intake {
  append(attempt: AttemptRow, message: Up['append']): Promise<{ readonly next: number }>
  /** Nothing more will come for this attempt. */
  forget(attempt: string): void
}

export interface IntakeOptions {
  readonly store: OpenStore
  /** The driver's: events and the records that told them, or neither. */
  readonly recordWith: (events: readonly EventBody[], append: AppendRequest) => Promise<number>
  /** Points that are stored now, for the pages. */
  readonly onPoints: (attempt: AttemptRow, points: readonly PointBatch[]) => void
  readonly onOutput: (attempt: AttemptRow, stream: 'stdout' | 'stderr', from: number, data: Uint8Array) => void
  /** Tags of scalars that the search of the attempt's block looks at, beside the metric; absent: none. */
  readonly watches?: (attempt: AttemptRow) => readonly string[]
}

export function createIntake({ store, recordWith, onPoints, onOutput, watches }: IntakeOptions): Intake {
  const chains = new Map<string, Promise<unknown>>()
  const offsets = new Map<string, { [S in Stream]: number }>()

  const wanted = async (attempt: string) => {
    let known = offsets.get(attempt)
    if (known === undefined) {
      known = { records: 0, stdout: 0, stderr: 0, ...(await store.offsets([attempt]))[attempt] }
      offsets.set(attempt, known)
    }
    return known
  }

  /** The newest value of each watched tag, as the store has it: what the next results are told with. */
  const watchedOf = async (attempt: AttemptRow): Promise<Map<string, MetricValue>> => {
    const tags = watches?.(attempt) ?? []
    if (tags.length === 0) return new Map()
    // `.nan`, as for any other missing value, until there is one.
    const watched = new Map<string, MetricValue>(tags.map(tag => [tag, '.nan']))
    for (const { tag, last } of await store.series({ trials: [attempt.trial], tags, points: 1 }))
      if (last !== null) watched.set(tag, last.value)
    return watched
  }

  const store1 = async (attempt: AttemptRow, request: AppendRequest): Promise<AppendResult> => {
    const [result] = await store.append([request])
    if (result === undefined) throw new Error('the store answered nothing')
    const known = await wanted(attempt.id)
    known[request.stream] = result.next
    if (result.kind === 'conflict') {
      throw new Refused('CONFLICT', `${request.stream} at ${request.offset}: other bytes are stored already`)
    }
    if (result.kind === 'fenced') throw new Refused('FENCED', 'a newer attempt of this trial exists')
    return result
  }

  const take = async (attempt: AttemptRow, message: Up['append']): Promise<{ next: number }> => {
    const { stream, offset, data } = message
    const plain = { attempt: attempt.id, stream, offset, data, points: [], others: [] }
    if (stream !== 'records') {
      const next = (await wanted(attempt.id))[stream]
      const result = await store1(attempt, plain)
      if (result.kind === 'stored') onOutput(attempt, stream, next, data.subarray(next - offset))
      return { next: result.next }
    }
    if (data.length === 0) return { next: (await wanted(attempt.id)).records }
    const taken = takeApart(data, offset, await watchedOf(attempt))
    if ((await wanted(attempt.id)).records !== offset) {
      const { next } = await store1(attempt, plain) // a repeat, a gap or a conflict: nothing new
      return { next }
    }
    const { environment } = taken
    const events: EventBody[] = taken.results.map(r => ({ type: 'attempt-reported', attempt: attempt.id, ...r }))
    if (environment !== null) events.unshift({ type: 'attempt-started', attempt: attempt.id, environment })
    const request = { ...plain, points: taken.points, others: taken.others }
    if (events.length === 0) {
      const result = await store1(attempt, request)
      if (result.kind === 'stored') onPoints(attempt, taken.points)
      return { next: result.next }
    }
    try {
      const next = await recordWith(events, request)
      const known = await wanted(attempt.id)
      known.records = next
      onPoints(attempt, taken.points)
      return { next }
    } catch (error) {
      // Whatever was believed of this stream: the store says it anew.
      offsets.delete(attempt.id)
      throw error
    }
  }

  return {
    append: (attempt, message) => {
      const key = `${attempt.id} ${message.stream}`
      const turn = (chains.get(key) ?? Promise.resolve()).then(
        () => take(attempt, message),
        () => take(attempt, message),
      )
      chains.set(key, turn)
      const done = () => {
        if (chains.get(key) === turn) chains.delete(key)
      }
      turn.then(done, done)
      return turn
    },
    forget: attempt => {
      offsets.delete(attempt)
    },
  }
}

/** The newest line in which an agent says what it does for an attempt before the trial runs; null for none. */
export function saidByAgent(stream: 'stdout' | 'stderr', text: string): string | null {
  if (stream !== 'stderr') return null
  const line = text.split('\n').findLast(one => one.startsWith(AGENT_SAYS))
  return line === undefined ? null : line.slice(AGENT_SAYS.length).slice(0, 300)
}

const AGENT_SAYS = 'flambe-agent: '

interface Taken {
  readonly points: readonly PointBatch[]
  readonly results: readonly {
    readonly step: number
    readonly metric: MetricValue | null
    readonly metrics?: { readonly [name: string]: MetricValue }
  }[]
  readonly others: readonly { readonly offset: number; readonly json: string }[]
  /** Of the first `start` record in here. */
  readonly environment: Extract<Record, { t: 'start' }>['environment'] | null
}

/**
 * Frames must be whole and sound: a wrong CRC means that the bytes were damaged on their way, so they are refused and sent
 * again. A sound frame whose content fits no record is the trial's mistake: it is kept as an error of the attempt.
 * `watched`: the newest value of tags that results are told with; moved on in place.
 */
export function takeApart(data: Uint8Array, offset: number, watched: Map<string, MetricValue>): Taken {
  const frames = unframe(data)
  if (frames.stop !== 'end' || frames.end !== data.length) {
    // Not a final word: the agent has checked its file, so the next time they come whole.
    throw new Refused('BUSY', `records at ${offset + frames.end}: ${frames.stop} frame`, { after: 1_000 })
  }
  const series = new Map<string, { tag: string; steps: number[]; times: number[]; values: number[] }>()
  const results: Taken['results'][number][] = []
  const others: { offset: number; json: string }[] = []
  let environment: Taken['environment'] = null
  let at = offset
  for (const payload of frames.payloads) {
    const parsed = parse(payload)
    if (parsed.t === 'points') {
      parsed.tags.forEach((tag, i) => {
        const value = parsed.values[i]
        if (value === undefined) return
        if (watched.has(tag)) watched.set(tag, value)
        let of = series.get(tag)
        if (of === undefined) {
          of = { tag, steps: [], times: [], values: [] }
          series.set(tag, of)
        }
        of.steps.push(parsed.step)
        of.times.push(parsed.time)
        of.values.push(asNumber(value))
      })
    } else {
      if (parsed.t === 'result') {
        const { step, metric } = parsed
        results.push(watched.size === 0 ? { step, metric } : { step, metric, metrics: Object.fromEntries(watched) })
      } else if (parsed.t === 'start') environment ??= parsed.environment
      others.push({ offset: at, json: JSON.stringify(parsed) })
    }
    at += 8 + payload.length
  }
  return { points: [...series.values()], results, others, environment }
}

function parse(payload: Uint8Array): Record | { readonly t: 'error'; readonly message: string } {
  const text = new TextDecoder().decode(payload)
  try {
    const parsed = record.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    return {
      t: 'error',
      message: `record that fits no kind: ${issue?.path.join('.')} ${issue?.message}: ${text.slice(0, 200)}`,
    }
  } catch {
    return { t: 'error', message: `record that is not JSON: ${text.slice(0, 200)}` }
  }
}

function asNumber(value: MetricValue): number {
  if (typeof value === 'number') return value
  return value === '.nan' ? Number.NaN : value === '.inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}
