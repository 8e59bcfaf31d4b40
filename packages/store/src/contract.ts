/**
 * The store as the hub sees it: coarse and asynchronous, so that another engine can stand behind it. Everything that
 * changes is in `commit` or `append`; the promise resolves after the transaction is durable (WAL, synchronous=FULL, group
 * commit: calls made while a transaction runs share the next one).
 */
import type { Action, Change, Event, Row } from '@flambe/engine'

export interface CommitBatch {
  /** In order. Each event gets the next number of the log. `command` (G15): refused as a repeat if already stored. */
  readonly entries: readonly {
    readonly event: Event
    readonly changes: readonly Change[]
    readonly actions: readonly Action[]
    readonly command: string | null
  }[]
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

export type AppendResult =
  | { readonly kind: 'stored' | 'repeat'; readonly next: number }
  | { readonly kind: 'gap'; readonly next: number }
  /** Same offset, other bytes (G2). */
  | { readonly kind: 'conflict'; readonly next: number }

export interface OutboxEntry {
  readonly seq: number
  readonly action: Action
}

export interface Store {
  /** All rows of the engine, to start from. */
  load(): Promise<readonly Row[]>
  commit(batch: CommitBatch): Promise<{ readonly last: number; readonly repeats: readonly number[] }>
  append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]>
  /** Next offset of each stream. */
  offsets(attempts: readonly string[]): Promise<{
    readonly [attempt: string]: { readonly records: number; readonly stdout: number; readonly stderr: number }
  }>
  outbox(): Promise<readonly OutboxEntry[]>
  outboxDone(seqs: readonly number[]): Promise<void>
  close(): Promise<void>
}
