/** What an experiment is made of: the keys of the file, and what only a program has (`extensions`, `env`, `user_provider`). */
import type { Plan } from '@flambe/language'
import type { Args, Node } from './builders.ts'

export interface ExperimentOptions {
  readonly name: string
  readonly pipeline: { readonly [block: string]: Node }
  /** The first document of a file: where the tags before a dot come from. */
  readonly extensions?: Extensions
  /** A block and all before it; a list: exactly these; true: whatever is done. */
  readonly resume?: true | string | readonly string[]
  readonly devices?: Args
  readonly save_path?: string
  readonly resources?: { readonly [name: string]: string | Node }
  readonly search?: { readonly [block: string]: Node<'SearchAlgorithm'> }
  readonly schedulers?: { readonly [block: string]: Node<'Scheduler'> }
  readonly reduce?: { readonly [block: string]: number | { readonly k: number; readonly mode?: 'min' | 'max' } }
  /** Where it runs; absent: on this machine. What `setup` answers, or just `{ hub }`. */
  readonly env?: RemoteEnvironment | { readonly hub: string }
  readonly max_failures?: number
  readonly stop_on_failure?: boolean
  readonly merge_plot?: boolean
  readonly seed?: number
  readonly overlap?: 'blocks' | 'none' | 'trials'
  readonly reuse?: boolean
  readonly max_trials?: number
  /** Nothing new starts; a search also ends after `patience` trials that were no better, or within `plateau` (standard deviation of its ten best). */
  readonly budget?: {
    readonly trials?: number
    readonly hours?: number
    readonly patience?: number
    readonly plateau?: number
  }
  readonly backend?: Plan['settings']['backend']
  readonly checkpoint?: { readonly every?: string; readonly keep?: number }
  readonly notes?: string
  readonly tags?: readonly string[]
  /** Gives the user's name; default: who runs this process. */
  readonly user_provider?: () => string
}

/** By name: a folder, an npm requirement, a git address; or its parts. */
export interface Extensions {
  readonly [name: string]: string | { readonly [part in ExtensionPart]?: string }
}
type ExtensionPart = 'folder' | 'npm' | 'git' | 'ref' | 'path' | 'sha256'

/** A hub that an experiment was set up on. Plain data: another process may start it from there. */
export interface RemoteEnvironment {
  /** Address of the hub. Its token is that of `flambe login`, or FLAMBE_TOKEN; it never stands here. */
  readonly hub: string
  /** Id of the experiment, which waits there to be started. */
  readonly experiment: string
  /** Address of its page. */
  readonly report: string
  /** Those that were ready. */
  readonly agents: readonly { readonly id: string; readonly name: string; readonly host: string | null }[]
  /** Who the hub takes the sender for. */
  readonly user: string
  /** Who the experiment says runs it. */
  readonly local_user: string
}

export interface ParseOptions {
  /** Where relative paths start; default: where the program runs. */
  readonly folder?: string
  /** Fetch extensions that npm or git have. */
  readonly install?: boolean
}

export interface RunFlags {
  /** Delete earlier results of this name; on a hub: cancel and archive. */
  readonly force?: boolean
  /** Show the log lines of hub and agent too. */
  readonly verbose?: boolean
  /** One trial at a time, each waits for a debugger. */
  readonly debug?: boolean
  readonly install?: boolean
  /** A file of secrets: trials of this machine find them in their environment, nobody else sees them. */
  readonly secrets?: string
  /** Processors to use on this machine; default: all. */
  readonly slots?: number
}

export interface SetupOptions {
  /** Address of the hub; default: that of `env`, else the hub of this machine. */
  readonly cluster?: string
  /** Added to those of the constructor. */
  readonly extensions?: Extensions
  /** Cancel and archive what has the name there, delete the output folder here. */
  readonly force?: boolean
  /** Fetch extensions that npm or git have. */
  readonly install?: boolean
  /** Seconds that an agent may take to be there and to install; default 600. */
  readonly patience?: number
}
