/**
 * The Plan: an experiment, checked, with its blocks in order and its options known. JSON all through, so that it can be
 * stored, sent and replayed. The tree in `root` still holds options; `variants` and `resolve` take them out.
 */
import type { Json } from './catalogue.ts'
import type { SearchSpace } from './distribution.ts'
import type { TreeComponent, TreeNode } from './tree.ts'

export interface Plan {
  readonly version: 1
  readonly name: string
  readonly seed: number
  /** The YAML text that was planned, as written. */
  readonly text: string
  /** In document order, which is an order of the links too. */
  readonly blocks: readonly PlannedBlock[]
  readonly resources: readonly PlannedResource[]
  /** Of the first document, in its order. */
  readonly extensions: readonly PlannedExtension[]
  readonly settings: Settings
}

export interface PlannedBlock {
  readonly id: string
  /** `Trainer` or `Class.factory`. */
  readonly tag: string
  /** Blocks that it links to directly, in document order. */
  readonly depends_on: readonly string[]
  /** All blocks that it needs, transitively, in document order. */
  readonly ancestors: readonly string[]
  /**
   * Exact number of variants; `n_trials` under a search algorithm. Below a block under one: how many there are at most, after
   * the reduces upstream.
   */
  readonly count: number
  readonly reduce: Reduce | null
  /** Direction of the block's metric: what `reduce`, `search`, `schedulers` say, then component and catalogue; else max. */
  readonly mode: 'min' | 'max'
  readonly devices: Devices
  /** What proposes the block's variants; null: all of them run, in document order. */
  readonly search: PlannedSearch | null
  /** What may stop or pause the block's trials; null: every trial runs to its end. */
  readonly scheduler: PlannedScheduler | null
  /** The block's component with its options; internal form of the language. */
  readonly root: TreeComponent
}

/** Parameters as written, checked against the catalogue; a component inside of them is `{ tag, params }`. */
export interface PlannedScheduler {
  readonly tag: string
  readonly params: { readonly [name: string]: Json }
  readonly place: Place
  /** Where each keyword's value stands and, for a search, each option of its space. */
  readonly places: { readonly [name: string]: Place }
}

export interface PlannedSearch extends PlannedScheduler {
  /** The block's own options; which upstream trials a trial builds on is the engine's business. */
  readonly space: SearchSpace
  /** Null: the algorithm ends by itself, or by `budget`. */
  readonly n_trials: number | null
}

/** Where something is written, for Problems that are found later: 1-based, UTF-16 code units, end exclusive. */
export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly end_line: number
  readonly end_column: number
}

export interface Reduce {
  readonly k: number
  readonly mode: 'min' | 'max'
}

export interface Devices {
  /** Shares of processors, > 0. */
  readonly cpu: number
  /** Shares of GPUs; null = one if the agent has any (rule EXE-1). */
  readonly gpu: number | null
}

export interface PlannedResource {
  /** As links name it; shipped code is `code:<path>`. */
  readonly name: string
  readonly location: string
  /** `local`: sent by whoever submits. `url`: fetched by an agent. `cluster`: left to the agents' machines. */
  readonly kind: 'local' | 'url' | 'cluster'
  readonly line: number
  readonly column: number
}

export interface PlannedExtension {
  /** First part of its tags: `!name.Thing`. */
  readonly name: string
  /** As written. */
  readonly location: string
  readonly from:
    | { readonly kind: 'folder'; readonly path: string }
    | { readonly kind: 'npm'; readonly package: string; readonly range: string }
    /** `ref`: branch, tag or commit, null = the default branch; `folder`: inside of the repository, null = its root. */
    | { readonly kind: 'git'; readonly url: string; readonly ref: string | null; readonly folder: string | null }
  /** What the packed content must be, when the file says so. */
  readonly sha256: string | null
  readonly line: number
  readonly column: number
}

export interface Settings {
  readonly max_failures: number
  readonly stop_on_failure: boolean
  /** `trials`: a trial starts as soon as its own upstream trials are done, where no reduce stands between. */
  readonly overlap: 'blocks' | 'none' | 'trials'
  /** When the experiment starts nothing new; null = no bound. */
  readonly budget: {
    readonly trials: number | null
    readonly hours: number | null
    /** A search ends after so many trials in a row that were no better. Absent: no such rule; so for `plateau`. */
    readonly patience?: number
    /** A search ends once its ten best metrics have at most this standard deviation. */
    readonly plateau?: number
  }
  readonly max_trials: number
  /** Blocks whose finished trials are taken from the earlier run; null = none. */
  readonly resume: readonly string[] | null
  /** Take finished trials of other experiments with the same fingerprint. */
  readonly reuse: boolean
  readonly merge_plot: boolean
  readonly save_path: string | null
  readonly notes: string | null
  readonly tags: readonly string[]
  readonly backend: 'auto' | 'tensorflow-gpu' | 'webgpu' | 'tensorflow' | 'wasm' | 'cpu'
  /** When a running trial saves: every n steps, or every n seconds; keep the last n. */
  readonly checkpoint: { readonly steps: number | null; readonly seconds: number; readonly keep: number }
}

/** One node of a block's tree: like ConfigNode, plus options. */
export type PlanNode = TreeNode

export interface Variant {
  /** SHA-256 (hex) over block id + typed assignment, canonical form. */
  readonly id: string
  readonly block: string
  /** 0-based place in the enumeration of `variants`; -1 for a block that it does not enumerate. */
  readonly index: number
  /** Every option that the variant sees, by block and key path, in document order. Non-finite numbers as `.nan` .... */
  readonly params: { readonly [key: string]: Json }
  /** Variant id of every ancestor block in this variant. */
  readonly ancestors: { readonly [block: string]: string }
  /** What `resolve` needs: option key -> index of the chosen alternative. */
  readonly choices: { readonly [key: string]: number }
  /** The same for distributions: option key -> what was drawn. */
  readonly values: { readonly [key: string]: number }
}
