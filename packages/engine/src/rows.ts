/**
 * The engine's state is these rows, nothing else: what `decide` reads, what it changes, what the store keeps in tables of
 * the same names. All JSON. A row is immutable; a change replaces it.
 *
 * Ids: experiment `e4k2x9` ([a-z0-9]+, minted by the hub); trial `<experiment>.<block>.<number>`; attempt
 * `<trial>.<epoch>`. Numbers and epochs count from 1. Names never contain a dot, so ids split and are safe in URLs.
 */
import type { Assignment, Devices, Json, Plan, Variant } from '@flambe/language'

export type ExperimentState = 'pending' | 'running' | 'paused' | 'success' | 'failure' | 'cancelled'
export type BlockState = 'pending' | 'running' | 'paused' | 'success' | 'failure' | 'masked' | 'cancelled'
export type TrialState =
  | 'pending' // waits for its block or its ancestors
  | 'queued' // waits for a slot
  | 'preparing' // assigned; the agent fetches inputs and starts the process
  | 'running'
  | 'paused' // keeps its checkpoint, holds no slot
  | 'unreachable' // its agent is out of contact; the lease still runs
  | 'stopping' // asked to pause or end; the process still lives
  | 'success'
  | 'pruned' // stopped by a scheduler; counts as success downstream
  | 'failure'
  | 'cancelled'
  | 'masked' // an ancestor was not kept by reduce, or failed

export interface ExperimentRow {
  readonly kind: 'experiment'
  readonly id: string
  readonly name: string
  readonly user: string
  readonly plan: Plan
  readonly state: ExperimentState
  /** Why, in words for the page: `block train failed: 2 of 6 trials`. */
  readonly reason: string | null
  /** Blobs of each resource, by name; resolved by whoever submitted. */
  readonly resources: { readonly [name: string]: ResourceRef }
  /** What is taken over from earlier experiments; found by whoever submitted. */
  readonly earlier: Earlier
  /** What the last command asked for: the state follows as soon as no attempt runs any more. */
  readonly wish: 'run' | 'pause' | 'cancel'
  readonly created: number
  readonly started: number | null
  readonly ended: number | null
}

/** Trials of earlier experiments that stand for trials of this one (`resume`, `reuse`), by ids. */
export interface Earlier {
  /** Finished ones: the same computation (fingerprint) as this block's variant. */
  readonly finished: readonly { readonly block: string; readonly variant: string; readonly trial: string }[]
  /** All trials of a resumed search in their order: the new one begins with them, and runs again what did not finish. */
  readonly searched: { readonly [block: string]: readonly string[] }
}

/** Where a trial's machine finds a resource: blobs of the hub, a location on the machine itself (`!cluster`), or one that its agent fetches. */
export type ResourceRef =
  /** `version`: of an extension that was obtained at one, an npm version or a git commit. */
  | { readonly kind: 'blobs'; readonly manifest: Manifest; readonly version?: string }
  | { readonly kind: 'cluster' | 'url'; readonly location: string }

/** Files by content; the same shape for checkpoints, resources and shipped code. */
export interface Manifest {
  /** `file`: exactly one entry, the link value is the file; `folder`: the link value is the folder. */
  readonly kind: 'file' | 'folder'
  readonly files: readonly ManifestFile[]
}

export interface ManifestFile {
  /** Relative, `/`-separated, no `..`; a label to be checked wherever it becomes a path. */
  readonly path: string
  /** Hex SHA-256 of the bytes. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  /** True for files with the executable bit. */
  readonly executable?: boolean
}

export interface BlockRow {
  readonly kind: 'block'
  readonly experiment: string
  readonly id: string
  /** Place in the document, from 0. */
  readonly index: number
  readonly state: BlockState
  readonly reason: string | null
  /** Reduce's decision: trial ids best first, with metric and whether kept; null until decided or without reduce. */
  readonly ranking: readonly RankedTrial[] | null
  /** For a block with a search algorithm or a scheduler, from its start on; null for others. */
  readonly search: SearchRow | null
  readonly started: number | null
  readonly ended: number | null
}

/** Where a search stands. What its scheduler has seen is in the journal. */
export interface SearchRow {
  /** The algorithm's own state, as of its last proposal. */
  readonly state: Json
  /** When the first trial was proposed; `timeout` counts from here. */
  readonly since: number | null
  /** Why no new trial is proposed any more; null while there may be one. */
  readonly done: string | null
  /** The block has ended: trials that are retried by hand afterwards are not judged, and its journal is not read any more. */
  readonly over: boolean
}

export interface RankedTrial {
  readonly trial: string
  /** null = missing; non-finite as `.nan`, `.inf`, `-.inf`. */
  readonly metric: MetricValue | null
  readonly kept: boolean
}

/** A metric as JSON can hold it. */
export type MetricValue = number | '.nan' | '.inf' | '-.inf'

export interface TrialRow {
  readonly kind: 'trial'
  readonly id: string
  readonly experiment: string
  readonly block: string
  readonly number: number
  /** Variant id (hash). */
  readonly variant: string
  /** Place of the variant in the enumeration; with the plan it gives the resolved configuration back. */
  readonly variant_index: number
  readonly params: { readonly [key: string]: Json }
  /** The trial of each ancestor block that this one builds on. */
  readonly ancestors: { readonly [block: string]: string }
  /** 32-bit, >= 1: hash(experiment seed, variant id). */
  readonly seed: number
  readonly state: TrialState
  /** Why it failed, was masked or is out of contact; null when the state says all. Why it waits: `waitingReason`. */
  readonly reason: string | null
  readonly devices: Devices
  /** Number of attempts so far = epoch of the last one. */
  readonly epoch: number
  /** User-code failures so far; infrastructure ones do not count (G14). */
  readonly failures: number
  /** Last reported step and metric, of the newest attempt. */
  readonly step: number
  readonly metric: MetricValue | null
  /** What the search of the block looks at beside it (objectives, constraints), by tag, as of the same step; absent: nothing. */
  readonly metrics?: { readonly [tag: string]: MetricValue }
  /** Best so far in the block's direction, and its step. */
  readonly best: MetricValue | null
  readonly best_step: number | null
  /** Newest durable checkpoint; what a next attempt and later blocks start from. */
  readonly checkpoint: CheckpointRef | null
  /** False when reduce did not keep it; null until decided. */
  readonly kept: boolean | null
  /**
   * What people want of this trial, beside what they want of its experiment (whose `wish` counts too, the stronger of both).
   * A paused trial with `run` goes on with its experiment; one with `pause` was paused by hand and stays so.
   */
  readonly wish: 'run' | 'pause' | 'cancel'
  /** Paused by its scheduler: goes on when that names it, whatever people wish meanwhile. */
  readonly held: 'scheduler' | null
  /** What the scheduler decided, until it has come true: a pause until the trial goes on, else until the attempt has ended. */
  readonly verdict: TrialVerdict | null
  /** What the variant holds beyond its place, for trials that no enumeration gives: proposed by a search, or built on such. */
  readonly drawn: Pick<Variant, 'choices' | 'values'> | null
  /** How the assignment changed (PBT), oldest first, beginning with the first one; empty for one that never changed. */
  readonly schedule: readonly ScheduledParams[]
  /** The finished trial of an earlier experiment whose result was taken over; null for one that runs itself. */
  readonly reused_from: string | null
  readonly created: number
  readonly started: number | null
  readonly ended: number | null
}

export type TrialVerdict =
  | { readonly kind: 'pause'; readonly reason: string }
  | { readonly kind: 'stop'; readonly reason: string; readonly as: 'pruned' | 'success' | 'failure' }
  /** Go on from the donor's checkpoint with another assignment. */
  | {
      readonly kind: 'exploit'
      readonly reason: string
      readonly donor: number
      readonly assignment: Assignment
      /** Of one that goes on from itself: the step that its checkpoint must have. Absent in rows of older hubs. */
      readonly at?: number
    }

/** From `step` on the trial ran with `params`, from a checkpoint of the trial `donor`. */
export interface ScheduledParams {
  readonly step: number
  readonly params: { readonly [key: string]: Json }
  readonly donor: string | null
}

export interface CheckpointRef {
  readonly attempt: string
  /** The checkpoint's number within the trial; grows over attempts. */
  readonly number: number
  readonly step: number
  readonly manifest: Manifest
}

export type AttemptState =
  | 'assigned'
  | 'preparing'
  | 'running'
  | 'stopping'
  | 'done'
  | 'paused'
  | 'stopped'
  | 'failed'
  | 'lost'
  | 'fenced'

export interface AttemptRow {
  readonly kind: 'attempt'
  readonly id: string
  readonly trial: string
  readonly experiment: string
  readonly epoch: number
  readonly agent: string
  /** What it holds on the agent. `gpus` are device indexes with shares. */
  readonly slot: { readonly cpu: number; readonly gpus: readonly { readonly index: number; readonly share: number }[] }
  readonly state: AttemptState
  readonly failure: Failure | null
  /** Backend, versions, host: what the trial process said of itself. */
  readonly environment: { readonly [key: string]: Json } | null
  readonly assigned: number
  readonly started: number | null
  readonly ended: number | null
}

/**
 * What a search and its scheduler have seen, in order: an append-only record for each block that has one. The scheduler's state
 * and the history that algorithms look at are the fold of these rows (`search/course.ts`).
 */
export type JournalRow = {
  readonly kind: 'journal'
  readonly experiment: string
  readonly block: string
  /** From 1, without holes. */
  readonly seq: number
} & JournalEntry

/** Trials by number. */
export type JournalEntry =
  /** `upon`: the ways in which ancestors' trials can be built on, one of which each proposal takes (`@`). */
  | {
      readonly what: 'started'
      readonly upon: readonly { readonly [block: string]: string }[]
      /** Direction in which the scheduler looks; absent: the block's (always in rows of older hubs, which are folded as they were). */
      readonly mode?: 'min' | 'max'
    }
  | { readonly what: 'proposed'; readonly trial: number; readonly assignment: Assignment }
  | {
      readonly what: 'reported'
      readonly trial: number
      readonly step: number
      /** null for NaN, infinities and missing. */
      readonly value: number | null
      readonly values?: readonly (number | null)[]
      readonly constraints?: readonly (number | null)[]
      /** False for what came after a verdict that had not come true yet. */
      readonly judged: boolean
    }
  | { readonly what: 'exploited'; readonly trial: number; readonly donor: number; readonly assignment: Assignment }
  | {
      readonly what: 'ended'
      readonly trial: number
      readonly status: 'complete' | 'stopped' | 'failed' | 'lost'
    }
  /** A retry by hand. */
  | { readonly what: 'reopened'; readonly trial: number }
  /** The scheduler named this paused trial; with null it only gave verdicts on others. */
  | { readonly what: 'resumed'; readonly trial: number | null }
  /** No new trial will come. */
  | { readonly what: 'closed' }

export type FailureClass =
  | 'user-code' // counts against max_failures
  | 'configuration' // never retried
  | 'out-of-memory' // counts as user-code
  | 'agent-lost'
  | 'agent-restarted' // the process was gone when the agent came back
  | 'hub'
  | 'preempted'
  | 'infrastructure' // inputs could not be fetched, disk full, ...
  | 'fenced'

export interface Failure {
  readonly class: FailureClass
  readonly message: string
  readonly stack: string | null
}

export type AgentState = 'connected' | 'suspect' | 'disconnected' | 'lost'

export interface AgentRow {
  readonly kind: 'agent'
  readonly id: string
  readonly name: string
  readonly state: AgentState
  /** false = takes no new trials (paused by a person, or by three quick failures: then `reason` says so). */
  readonly enabled: boolean
  readonly reason: string | null
  /** It refused an assignment (it is being stopped, say) and gets no other until it says hello again: its words. */
  readonly refuses: string | null
  readonly cpu: number
  readonly gpus: readonly { readonly index: number; readonly name: string; readonly memory: number }[]
  /** Rungs of the backend ladder that its probe accepted, best first. */
  readonly backends: readonly string[]
  /** Quick failures in a row, any experiment (G14). */
  readonly quick_failures: number
  readonly seen: number
}

export type Row = ExperimentRow | BlockRow | TrialRow | AttemptRow | AgentRow | JournalRow
