/**
 * The store as the hub sees it: coarse and asynchronous, so that another engine can stand behind it. Everything that
 * changes goes through `commit`, `append` or a small write below; each promise resolves after its transaction is durable
 * (WAL, synchronous=FULL). Group commit: calls made while a transaction is pending share the next one. A call that fails
 * leaves nothing behind and does not harm the others; a transaction that fails rejects all its calls. Errors: StoreError.
 */
import type {
  Action,
  AttemptRow,
  Change,
  Event,
  ExperimentState,
  JournalRow,
  Row,
  TrialRow,
  TrialState,
} from '@flambe/engine'
import type { Json } from '@flambe/language'
import type { Auth } from './contract-auth.ts'
import type { Blobs, StoredCheckpoint } from './contract-blobs.ts'

export interface CommitEntry {
  readonly event: Event
  readonly changes: readonly Change[]
  readonly actions: readonly Action[]
  /** Command id (G15): reported as a repeat, and not applied, if it is already stored. */
  readonly command: string | null
  /** What the command answered; comes back from `command(id)` when it is sent again. */
  readonly result?: Json
}

export interface CommitBatch {
  /** In order. Each event gets the next number of the log, from 1, without holes. */
  readonly entries: readonly CommitEntry[]
  /**
   * Stored in the same transaction: a result that the engine was told and the record that told it are both there, or neither
   * (G2). One that is not `stored` (the stream has moved on) fails the whole commit with INCOMPLETE.
   */
  readonly appends?: readonly AppendRequest[]
}

export interface CommitResult {
  /** Number of the newest event in the log. */
  readonly last: number
  /** Indexes into `entries` that were not applied: their command was stored before. Ask `command` BEFORE deciding. */
  readonly repeats: readonly number[]
  /** The new outbox entries, in order. */
  readonly outbox: readonly OutboxEntry[]
  /** One for each of `appends`: the offset that its stream wants next. */
  readonly nexts: readonly number[]
}

export interface AppendRequest {
  readonly attempt: string
  readonly stream: 'records' | 'stdout' | 'stderr'
  readonly offset: number
  readonly data: Uint8Array
  /** For `records`: the scalar points that the hub decoded from `data`, grouped by tag. */
  readonly points: readonly PointBatch[]
  /** For `records`: everything else (results, texts, media ...), kept as JSON by offset. */
  readonly others: readonly { readonly offset: number; readonly json: string }[]
}

export interface PointBatch {
  readonly tag: string
  readonly steps: readonly number[]
  /** ms since the epoch. */
  readonly times: readonly number[]
  /** NaN and infinities as they are. */
  readonly values: readonly number[]
}

/** `next`: the offset that the stream wants next, in every case; that is the cumulative ack. */
export type AppendResult =
  /**
   * `repeat`: known bytes; nothing was stored. A request for output that starts with known bytes and goes on with new ones is
   * `stored`; one for records is a `repeat` (its points cannot be split): send again from `next`.
   */
  | { readonly kind: 'stored' | 'repeat'; readonly next: number }
  | { readonly kind: 'gap'; readonly next: number }
  /** Same offset, other bytes (G2). */
  | { readonly kind: 'conflict'; readonly next: number }
  /** The trial has a newer attempt (G7): nothing was stored, the agent ends this one. */
  | { readonly kind: 'fenced'; readonly next: number }

export interface OutboxEntry {
  readonly seq: number
  readonly action: Action
}

export interface StreamSizes {
  readonly records: number
  readonly stdout: number
  readonly stderr: number
}

export interface Store {
  /** All rows of the engine, to start from; within each kind in the order in which they were first committed. */
  load(): Promise<readonly Row[]>
  commit(batch: CommitBatch): Promise<CommitResult>
  /** What a command that was committed before answered; null if it is new. */
  command(id: string): Promise<{ readonly seq: number; readonly result: Json } | null>
  append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]>
  /** Next offset of each stream; zeros for an attempt without records. */
  offsets(attempts: readonly string[]): Promise<{ readonly [attempt: string]: StreamSizes }>
  /** Bytes that a quota dropped, as the agent told at the end (G4). */
  setDropped(
    attempt: string,
    dropped: { readonly records?: number; readonly stdout: number; readonly stderr: number },
  ): Promise<void>
  /** What was dropped, as `setDropped` told. */
  dropped(attempts: readonly string[]): Promise<{ readonly [attempt: string]: StreamSizes }>
  /** Attempts of whose output something was dropped. */
  truncated(): Promise<readonly string[]>
  outbox(): Promise<readonly OutboxEntry[]>
  outboxDone(seqs: readonly number[]): Promise<void>
  archive(experiment: string, archived: boolean): Promise<void>
  /** What an agent said of itself at hello beyond its row (host, memory, probed backends, build, labels). */
  setAgentInfo(agent: string, info: Json): Promise<void>
  /** Ends what is pending, releases the folder. Later calls are refused with CLOSED. */
  close(): Promise<void>
}

/** Named reads. None waits for writes; each sees everything that was acknowledged. */
export interface Reads {
  experiments(query: ExperimentsQuery): Promise<{
    readonly items: readonly StoredExperiment[]
    readonly next: string | null
    readonly total: number
  }>
  /** Those not archived that carry this name, newest first. */
  experimentsNamed(name: string): Promise<readonly StoredExperiment[]>
  archived(): Promise<ReadonlySet<string>>
  /** Rows of one experiment's trials; null metrics sort last in both directions. */
  trials(query: TrialsQuery): Promise<{ readonly items: readonly TrialRow[]; readonly total: number }>
  /** What a block's search has seen, from the row after `after` on, in order; at most 10,000 at once. */
  journal(query: {
    readonly experiment: string
    readonly block: string
    readonly after: number
    readonly limit: number
  }): Promise<readonly JournalRow[]>
  /** Attempts of a trial, oldest first. */
  attempts(trial: string): Promise<readonly AttemptRow[]>
  /** The feed of an experiment, newest first: plain step reports that changed no state are left out. */
  events(query: {
    readonly experiment: string
    readonly limit: number
    readonly before?: number
  }): Promise<readonly FeedItem[]>
  /** The whole log from an event on, in order, for replay. */
  log(query: {
    readonly after: number
    readonly limit: number
  }): Promise<readonly { readonly seq: number; readonly event: Event }[]>
  /** Number of the newest event; 0 for none. */
  lastEvent(): Promise<number>
  /** Its time, ms; 0 for none. */
  lastTime(): Promise<number>
  tags(
    query: { readonly experiment: string; readonly block?: string } | { readonly trial: string },
  ): Promise<readonly { readonly tag: string; readonly trials: number }[]>
  /** One entry for each (trial, tag) that has points, in the order asked. */
  series(query: SeriesQuery): Promise<readonly SeriesWindow[]>
  /** Every point of a trial as it was logged, a tag after the other; what a window leaves out does not count here either. */
  points(trial: string): Promise<
    Iterable<{
      readonly tag: string
      readonly points: { readonly steps: Float64Array; readonly times: Float64Array; readonly values: Float64Array }
    }>
  >
  output(query: OutputQuery): Promise<OutputWindow>
  /** Records that are not points, in the order written, over all attempts of the trial. */
  records(query: RecordsQuery): Promise<readonly StoredRecord[]>
  /** Durable checkpoints of a trial, oldest first, without those given up by the policy or damaged. */
  checkpoints(trial: string): Promise<readonly StoredCheckpoint[]>
  agentInfo(): Promise<{ readonly [agent: string]: Json }>
  /** Bytes on the data folder's disk and in the database file. */
  space(): Promise<{ readonly free: number; readonly total: number; readonly database: number }>
}

export interface ExperimentsQuery {
  /** Words, all of which must occur in name, id, user, tags or notes. */
  readonly search?: string
  readonly state?: ExperimentState
  /** Default: only those not archived; true: only archived ones. */
  readonly archived?: boolean
  /** At most 200. */
  readonly limit: number
  /** `next` of the page before. Newest first. */
  readonly cursor?: string
}

export interface StoredExperiment {
  readonly id: string
  readonly name: string
  readonly user: string
  readonly state: ExperimentState
  readonly archived: boolean
  readonly created: number
  readonly started: number | null
  readonly ended: number | null
  readonly trials: { readonly [S in TrialState]?: number }
}

export type TrialSort =
  | 'number'
  | 'block'
  | 'state'
  | 'step'
  | 'metric'
  | 'best'
  | 'best_step'
  | 'epoch'
  | 'failures'
  | 'created'
  | 'started'
  | 'ended'
  | 'duration'
  | `params.${string}`

export interface TrialsQuery {
  readonly experiment: string
  readonly block?: string
  readonly states?: readonly TrialState[]
  /** First counts most; ties go by block and number. Other names than TrialSort's are refused with INVALID. */
  readonly sort?: readonly { readonly by: TrialSort; readonly desc: boolean }[]
  /** Words, all of which must occur in id, state, reason or params. */
  readonly search?: string
  readonly offset: number
  /** At most 1000. */
  readonly limit: number
}

export interface FeedItem {
  readonly seq: number
  readonly time: number
  readonly event: Event
  /** Rows of this experiment whose state this event changed. */
  readonly changed: readonly {
    readonly kind: Row['kind']
    readonly id: string
    readonly state: string
    readonly reason: string | null
  }[]
}

export interface SeriesQuery {
  /** At most 100. */
  readonly trials: readonly string[]
  /** At most 50. */
  readonly tags: readonly string[]
  /** Buckets wanted, at most 2000. */
  readonly points: number
  /** Inclusive. */
  readonly from_step?: number
  readonly to_step?: number
}

/**
 * A trial's series over all its attempts: where a later attempt went on from step s, the earlier one's points from s on do not
 * count. `total`, `last`, `min`, `max` are of the whole series, the arrays of the steps asked for.
 */
export interface SeriesWindow {
  readonly trial: string
  readonly tag: string
  readonly total: number
  /** Newest finite point. */
  readonly last: { readonly step: number; readonly value: number; readonly time: number } | null
  readonly min: number | null
  readonly max: number | null
  /** Points that are NaN or infinite. */
  readonly nonfinite: number
  /** First step of each bucket, ascending; exact points when they are not more than asked for. */
  readonly steps: readonly number[]
  /** Mean of the bucket's finite values; null when it has none. */
  readonly values: readonly (number | null)[]
  readonly mins: readonly (number | null)[]
  readonly maxs: readonly (number | null)[]
  readonly times: readonly number[]
}

export interface OutputQuery {
  readonly attempt: string
  readonly stream: 'stdout' | 'stderr'
  /** First byte wanted; or `line` (from 0); or `tail`: the end of the stream. Default: from 0. */
  readonly from?: number
  readonly line?: number
  readonly tail?: boolean
  /** At most 262144. */
  readonly bytes: number
}

/** Whole lines where possible: a window ends at a line end unless one line is longer, or it is the end of the stream. */
export interface OutputWindow {
  readonly attempt: string
  readonly stream: 'stdout' | 'stderr'
  readonly from: number
  readonly to: number
  /** Bytes in the stream so far. */
  readonly size: number
  /** Line ends before `from`. */
  readonly line: number
  /** Line ends in the stream so far. */
  readonly lines: number
  readonly text: string
  readonly dropped: number
}

export interface RecordsQuery {
  readonly trial: string
  /** The record's `t`: 'result', 'text', 'media' ...; all when left out. */
  readonly types?: readonly string[]
  readonly tag?: string
  /** `key` of the last one seen. */
  readonly after?: number
  readonly limit: number
}

export interface StoredRecord {
  readonly key: number
  readonly attempt: string
  readonly offset: number
  readonly json: string
}

export interface OpenOptions {
  /** The data folder; made when missing. */
  readonly dir: string
  /** No lock, no migration, every write refused with READONLY. The file must exist and be of this version. */
  readonly readonly?: boolean
  /** ms since the epoch; for tests. */
  readonly now?: () => number
}

export type OpenStore = Store & Reads & Blobs & Auth
