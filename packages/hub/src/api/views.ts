/**
 * What the pages and the command line see: the answers of the tRPC procedures and the rows in live patches. Plain JSON.
 * States are those of the engine; times are ms since the epoch; metrics are MetricValue (`.nan` ... as text).
 */
import type {
  AgentState,
  AttemptState,
  BlockState,
  ExperimentState,
  Failure,
  Manifest,
  MetricValue,
  TrialState,
} from '@flambe/engine'
import type { Json, Problem } from '@flambe/language'
import type { ExtensionView } from '../extensions/pieces.ts'
import type { TuningView } from '../plan/index.ts'

export type StateCounts = { readonly [S in TrialState]?: number }

export interface ExperimentSummary {
  readonly id: string
  readonly name: string
  readonly user: string
  readonly state: ExperimentState
  readonly reason: string | null
  readonly tags: readonly string[]
  readonly notes: string | null
  readonly trials: StateCounts
  /** Trials that run at most, the same from the start to the end: those that a reduce leaves out (`masked`) are not among them. */
  readonly trials_total: number
  /** In document order. */
  readonly blocks: readonly { readonly id: string; readonly state: BlockState }[]
  /** Best metric of the last block that has one. */
  readonly best: {
    readonly block: string
    readonly trial: string
    readonly metric: MetricValue
    readonly mode: 'min' | 'max'
  } | null
  readonly archived: boolean
  readonly created: number
  readonly started: number | null
  readonly ended: number | null
}

export interface ExperimentDetail extends ExperimentSummary {
  readonly seed: number
  readonly block_list: readonly BlockView[]
  readonly settings: { readonly [key: string]: Json }
  readonly resources: readonly {
    readonly name: string
    readonly location: string
    readonly kind: string
    readonly bytes: number | null
  }[]
}

export interface BlockView {
  readonly id: string
  readonly index: number
  readonly tag: string
  readonly depends_on: readonly string[]
  readonly state: BlockState
  readonly reason: string | null
  readonly count: number
  readonly trials: StateCounts
  readonly mode: 'min' | 'max'
  readonly reduce: { readonly k: number; readonly mode: 'min' | 'max' } | null
  readonly ranking:
    | readonly {
        readonly trial: string
        readonly number: number
        readonly metric: MetricValue | null
        readonly kept: boolean
      }[]
    | null
  readonly best: { readonly trial: string; readonly metric: MetricValue } | null
  /** For a block with a search or a scheduler; null for others. */
  readonly search: SearchView | null
  readonly started: number | null
  readonly ended: number | null
}

export interface SearchView {
  /** Tags as written; null: none. */
  readonly algorithm: string | null
  readonly scheduler: string | null
  /** How many there are to be; null: the algorithm ends by itself. */
  readonly n_trials: number | null
  /** Why no new trial is proposed any more, in words; null while there may be one. */
  readonly done: string | null
}

export interface TrialView {
  readonly id: string
  readonly experiment: string
  readonly block: string
  readonly number: number
  /** First 8 characters of the variant's id. */
  readonly variant: string
  readonly params: { readonly [key: string]: Json }
  readonly state: TrialState
  /** Why it waits or how it ended; while `preparing` what its agent does, in words, where that takes long. */
  readonly reason: string | null
  readonly step: number
  readonly metric: MetricValue | null
  /** What the search looks at beside it (objectives, constraints), by tag, as of its last step; null: nothing. */
  readonly metrics: { readonly [tag: string]: MetricValue } | null
  readonly best: MetricValue | null
  readonly best_step: number | null
  readonly kept: boolean | null
  readonly epoch: number
  readonly failures: number
  /** Paused by its scheduler, until that lets it go on: `reason` says at which place it waits. */
  readonly held: 'scheduler' | null
  /** The trial of an earlier experiment whose result this is (`resume`, `reuse`); its records and output are there. */
  readonly reused_from: string | null
  /** How its values changed on the way (PBT), the first ones first; empty for one that never changed. */
  readonly schedule: readonly {
    readonly step: number
    readonly params: { readonly [key: string]: Json }
    readonly donor: string | null
  }[]
  /** A quota cut what its newest attempt printed (G3, G4). */
  readonly truncated: boolean
  /** Name of the agent of the newest attempt. */
  readonly agent: string | null
  readonly backend: string | null
  readonly checkpoint: { readonly number: number; readonly step: number; readonly bytes: number } | null
  readonly created: number
  readonly started: number | null
  readonly ended: number | null
}

export interface TrialDetail extends TrialView {
  readonly experiment_name: string
  readonly seed: number
  readonly mode: 'min' | 'max'
  readonly ancestors: { readonly [block: string]: string }
  readonly devices: { readonly cpu: number; readonly gpu: number | null }
  readonly attempts: readonly AttemptView[]
  readonly tags: readonly string[]
}

export interface AttemptView {
  readonly id: string
  readonly epoch: number
  readonly agent: string
  readonly agent_name: string
  readonly state: AttemptState
  readonly failure: Failure | null
  readonly environment: { readonly [key: string]: Json } | null
  readonly slot: { readonly cpu: number; readonly gpus: readonly { readonly index: number; readonly share: number }[] }
  readonly assigned: number
  readonly started: number | null
  readonly ended: number | null
  readonly bytes: { readonly stdout: number; readonly stderr: number }
  /** Bytes that a quota dropped: what is shown is truncated (G3, G4). Null: nothing is missing. */
  readonly truncated: { readonly stdout: number; readonly stderr: number } | null
}

export interface AgentView {
  readonly id: string
  readonly name: string
  readonly state: AgentState
  readonly enabled: boolean
  /** Its token was taken back: it comes again only with a join token. */
  readonly revoked: boolean
  readonly reason: string | null
  readonly host: {
    readonly hostname: string
    readonly platform: string
    readonly arch: string
    readonly node: string
  } | null
  readonly cpu: number
  readonly cpu_used: number
  readonly memory: number | null
  readonly gpus: readonly {
    readonly index: number
    readonly name: string
    readonly memory: number
    readonly used: number
  }[]
  readonly backends: readonly { readonly name: string; readonly accepted: boolean; readonly detail: string }[]
  /** Attempts that it holds now. */
  readonly attempts: readonly {
    readonly attempt: string
    readonly trial: string
    readonly experiment_name: string
    readonly block: string
    readonly number: number
    readonly cpu: number
  }[]
  /** Last heartbeat; null when none in this hub's life. */
  readonly load: {
    readonly cpu: number
    readonly memory_used: number
    readonly memory_total: number
    readonly disk_free: number
    readonly disk_total: number
    readonly backlog: number
    readonly skew: number
  } | null
  readonly build: string | null
  readonly outdated: boolean
  readonly seen: number
}

/** Points of one series, bucketed: at most `points` buckets with first/last step, min, max, and mean of each. */
export interface SeriesView {
  readonly trial: string
  readonly tag: string
  /** How many points there are in all ("10 of 412 shown"). */
  readonly total: number
  readonly last: { readonly step: number; readonly value: number; readonly time: number } | null
  readonly min: number | null
  readonly max: number | null
  /** One entry a bucket; exact points when `total` <= the number asked for (then min = max = value). */
  readonly steps: readonly number[]
  readonly values: readonly (number | null)[]
  readonly mins: readonly (number | null)[]
  readonly maxs: readonly (number | null)[]
  readonly times: readonly number[]
}

/** A window of output by byte offset; text is decoded UTF-8, cut at line ends. */
export interface OutputView {
  readonly attempt: string
  readonly stream: 'stdout' | 'stderr'
  readonly from: number
  readonly to: number
  readonly size: number
  readonly text: string
  readonly dropped: number
}

export interface PlanView {
  readonly ok: boolean
  readonly problems: readonly Problem[]
  readonly name: string | null
  readonly seed: number | null
  readonly trials_total: number
  readonly blocks: readonly {
    readonly id: string
    readonly tag: string
    readonly depends_on: readonly string[]
    readonly count: number
    readonly reduce: { readonly k: number; readonly mode: 'min' | 'max' } | null
    /** Trials that run at most, after the reduces upstream. */
    readonly runs: number
    /** Rungs and cost by plan; null for a block without a search and without a scheduler. */
    readonly tuning: TuningView | null
    readonly variants: readonly { readonly id: string; readonly params: { readonly [key: string]: Json } }[]
  }[]
  /** Extensions of the file, also when there are problems; with `resources` given, those that are not described are among these. */
  readonly extensions: readonly ExtensionView[]
  /** What whoever submits must upload. */
  readonly uploads: readonly { readonly name: string; readonly location: string }[]
  /** Null, or why the hub would refuse (name taken ...), with what to do. */
  readonly refusal: string | null
}

/** Submitting is all or nothing; the same command id answers the same again. */
export type SubmitAnswer =
  | { readonly ok: true; readonly id: string }
  | {
      readonly ok: false
      readonly problems: readonly Problem[]
      /** Why the hub would not take a file that is right (name taken, uploads missing), and what to do; null = see problems. */
      readonly refusal: string | null
      /** Hashes of blobs that must be uploaded first (`PUT /api/blobs/<sha256>`). */
      readonly missing: readonly string[]
    }

/** One line of an experiment's feed. */
export interface FeedView {
  readonly seq: number
  readonly time: number
  readonly text: string
}

export interface FileView {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface HubView {
  readonly name: string
  readonly version: string
  readonly started: number
  readonly user: { readonly name: string; readonly role: 'admin' | 'viewer' }
  readonly agents: {
    readonly connected: number
    readonly total: number
    readonly cpu: number
    readonly cpu_used: number
  }
  readonly agent_package: { readonly url: string; readonly build: string } | null
}

/** Something with a name that a search found; `of` says what it belongs to (an experiment's name, its tags). */
export interface FoundView {
  readonly kind: 'experiment' | 'block' | 'trial' | 'agent'
  /** Of a block: its id inside of `experiment`. */
  readonly id: string
  readonly experiment: string | null
  readonly name: string
  readonly of: string
  readonly state: ExperimentState | BlockState | TrialState | AgentState
}

export type { DescribeAnswer } from './extensions.ts'
export type { ExtensionView, Manifest, MetricValue }
