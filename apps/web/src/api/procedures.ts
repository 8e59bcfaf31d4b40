/**
 * The procedures of packages/hub/src/api/README.md with what goes in and comes out. Pages name a procedure by its path; the
 * live layer patches answers by the same path.
 */
import type { Catalogue } from '@flambe/language'
import type {
  AgentView,
  CourseView,
  DescribeAnswer,
  ExperimentDetail,
  ExperimentSummary,
  FeedView,
  FileView,
  FoundView,
  HubView,
  Manifest,
  OutputView,
  PlanView,
  SeriesView,
  SubmitAnswer,
  TrialDetail,
  TrialView,
} from './views.ts'

export interface TrialsInput {
  readonly experiment: string
  readonly block?: string | undefined
  readonly state?: TrialView['state'] | undefined
  readonly sort?: readonly { readonly by: string; readonly desc: boolean }[] | undefined
  readonly search?: string | undefined
  readonly offset: number
  readonly limit: number
}

export interface ExperimentsInput {
  readonly search?: string | undefined
  readonly state?: ExperimentSummary['state'] | undefined
  readonly archived?: boolean | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface SeriesInput {
  readonly trials: readonly string[]
  readonly tags: readonly string[]
  readonly points: number
  readonly from_step?: number | undefined
  readonly to_step?: number | undefined
}

export interface SubmitInput {
  readonly text: string
  readonly file?: string | undefined
  readonly resources: { readonly [name: string]: Manifest }
  readonly paused?: boolean | undefined
  readonly seed?: number | undefined
  readonly force?: boolean | undefined
  readonly command: string
}

export interface Reads {
  'hub.status': { input: undefined; output: HubView }
  'hub.catalogue': { input: undefined; output: Catalogue }
  'experiments.list': {
    input: ExperimentsInput
    output: { readonly items: readonly ExperimentSummary[]; readonly next: string | null; readonly total: number }
  }
  'experiments.get': { input: { readonly id: string }; output: ExperimentDetail }
  'experiments.config': {
    input: { readonly id: string }
    output: { readonly text: string; readonly resolved: string }
  }
  'experiments.plan': {
    input: {
      readonly text: string
      readonly file?: string | undefined
      readonly limit: number
      /** What was uploaded of the extensions, as `extension:<name>`; without it their tags are not checked. */
      readonly resources?: { readonly [name: string]: Manifest } | undefined
    }
    output: PlanView
  }
  'experiments.events': {
    input: { readonly id: string; readonly limit: number; readonly before?: number | undefined }
    output: { readonly items: readonly FeedView[] }
  }
  'trials.list': { input: TrialsInput; output: { readonly items: readonly TrialView[]; readonly total: number } }
  'trials.get': { input: { readonly id: string }; output: TrialDetail }
  'series.tags': {
    input: { readonly experiment: string; readonly block?: string | undefined } | { readonly trial: string }
    output: { readonly tags: readonly { readonly tag: string; readonly trials: number }[] }
  }
  'series.read': { input: SeriesInput; output: { readonly series: readonly SeriesView[] } }
  'output.read': {
    input: {
      readonly attempt: string
      readonly stream: 'stdout' | 'stderr'
      readonly from?: number | undefined
      readonly bytes: number
      readonly tail?: boolean | undefined
    }
    output: OutputView
  }
  'artifacts.list': {
    input: { readonly trial: string }
    output: {
      readonly checkpoint: { readonly number: number; readonly step: number } | null
      readonly files: readonly FileView[]
    }
  }
  'agents.list': { input: undefined; output: { readonly items: readonly AgentView[] } }
  'search.course': {
    input: { readonly experiment: string; readonly block: string }
    output: CourseView
  }
  'search.find': {
    input: { readonly text: string; readonly limit: number }
    output: { readonly items: readonly FoundView[] }
  }
  'templates.list': {
    input: undefined
    output: { readonly items: readonly { readonly name: string; readonly title: string; readonly text: string }[] }
  }
}

export interface Writes {
  'hub.signOut': { input: undefined; output: unknown }
  'hub.signInLink': { input: undefined; output: { readonly link: string } }
  'experiments.submit': { input: SubmitInput; output: SubmitAnswer }
  'experiments.command': {
    input: { readonly id: string; readonly command: 'pause' | 'resume' | 'cancel'; readonly command_id: string }
    output: unknown
  }
  'experiments.archive': { input: { readonly id: string; readonly archived: boolean }; output: unknown }
  'extensions.describe': {
    input:
      | { readonly name: string; readonly manifest: Manifest; readonly sha256?: undefined }
      | { readonly name: string; readonly sha256: string; readonly manifest?: undefined }
    output: DescribeAnswer
  }
  'trials.command': {
    input: {
      readonly id: string
      readonly command: 'pause' | 'resume' | 'cancel' | 'retry'
      readonly command_id: string
    }
    output: unknown
  }
  'agents.command': {
    input: {
      readonly id: string
      readonly command: 'enable' | 'disable'
      readonly note?: string | undefined
      readonly command_id: string
    }
    output: unknown
  }
  'agents.revoke': { input: { readonly id: string }; output: unknown }
  'agents.joinToken': {
    input: undefined
    output: { readonly token: string; readonly command: string; readonly expires: number }
  }
}

export type ReadPath = keyof Reads
export type WritePath = keyof Writes
export type Input<P extends ReadPath> = Reads[P]['input']
export type Output<P extends ReadPath> = Reads[P]['output']
