/**
 * What happened. The hub turns commands and messages into these, one at a time, in the order in which they are recorded.
 * `time` (ms, the hub's clock) is the only clock the engine knows; rules never compare it with anything but other events.
 */
import type { Json, Plan } from '@flambe/language'
import type { CheckpointRef, Earlier, Failure, MetricValue, ResourceRef } from './rows.ts'

export type Event = { readonly time: number } & (
  | {
      readonly type: 'experiment-submitted'
      readonly experiment: string
      readonly user: string
      readonly plan: Plan
      readonly resources: { readonly [name: string]: ResourceRef }
      readonly paused: boolean
      /** Absent: nothing is taken over. */
      readonly earlier?: Earlier
    }
  | {
      readonly type: 'experiment-commanded'
      readonly experiment: string
      readonly command: 'pause' | 'resume' | 'cancel'
    }
  | {
      readonly type: 'trial-commanded'
      readonly trial: string
      readonly command: 'pause' | 'resume' | 'cancel' | 'retry'
    }
  | {
      /** An agent said hello (first time or again). `attempts`: what it still holds, whatever the state of the processes. */
      readonly type: 'agent-connected'
      readonly agent: string
      readonly name: string
      readonly cpu: number
      readonly gpus: readonly { readonly index: number; readonly name: string; readonly memory: number }[]
      readonly backends: readonly string[]
      readonly attempts: readonly string[]
    }
  /** By the hub's sweeper: no word for 20 s, 60 s, lost_after. `lost` ends the leases of its attempts. */
  | { readonly type: 'agent-silent'; readonly agent: string; readonly state: 'suspect' | 'disconnected' | 'lost' }
  | {
      readonly type: 'agent-commanded'
      readonly agent: string
      readonly command: 'enable' | 'disable'
      readonly note: string | null
    }
  | {
      readonly type: 'attempt-started'
      readonly attempt: string
      /** What the trial process says of itself in its `start` record; null: it has only begun. The first one stays. */
      readonly environment: { readonly [key: string]: Json } | null
    }
  | {
      readonly type: 'attempt-reported'
      readonly attempt: string
      readonly step: number
      readonly metric: MetricValue | null
      /** Logged scalars of this step that the block's `metric` and `constraints` name, where there are any. */
      readonly metrics?: { readonly [name: string]: MetricValue }
    }
  | { readonly type: 'attempt-saved'; readonly attempt: string; readonly checkpoint: CheckpointRef }
  | { readonly type: 'attempt-ended'; readonly attempt: string; readonly exit: Exit }
)

/** How a trial process ended, as its exit record (or its agent, when there is none) says. */
export type Exit =
  | { readonly kind: 'done' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: Failure }
