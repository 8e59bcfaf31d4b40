/**
 * Live updates to pages and `flambe run --hub`: Socket.IO on LIVE_PATH. A client watches topics; the hub first answers with
 * the feed's position, then sends changes in order. A page subscribes first, then reads its queries, then applies what came
 * since: nothing falls between. After a reconnect it names the last position it saw; if that is too old the hub says
 * `reset` and the page reads its queries again.
 */
import type { AgentView, BlockView, ExperimentSummary, TrialView } from '../api/views.ts'

/** `experiments` | `agents` | `experiment:<id>` | `trial:<id>` (points, texts, output of one trial) | `points:<experiment id>` (points of all its trials). */
export type Topic = string

export interface ClientToHub {
  watch(
    request: { readonly topics: readonly Topic[]; readonly after: number | null },
    answer: (a: { ok: true; position: number; reset: boolean } | { ok: false; message: string }) => void,
  ): void
  unwatch(request: { readonly topics: readonly Topic[] }): void
}

export interface HubToClient {
  changes(batch: { readonly position: number; readonly changes: readonly LiveChange[] }): void
}

export type LiveChange =
  | { readonly kind: 'experiment'; readonly row: ExperimentSummary }
  | { readonly kind: 'block'; readonly experiment: string; readonly row: BlockView }
  | { readonly kind: 'trial'; readonly row: TrialView }
  | { readonly kind: 'agent'; readonly row: AgentView }
  /** Newly stored points of one trial: steps and values are parallel. */
  | {
      readonly kind: 'points'
      readonly trial: string
      readonly tag: string
      readonly steps: readonly number[]
      readonly values: readonly (number | null)[]
      readonly times: readonly number[]
    }
  | {
      readonly kind: 'output'
      readonly attempt: string
      readonly trial: string
      readonly stream: 'stdout' | 'stderr'
      readonly from: number
      readonly text: string
    }
