/**
 * Tells a block's course what happened, through its journal, and does what it answers: to the trial that reported, and to
 * others that wait paused. Called by the handlers of reports, and by `settle` for trials that ended.
 */
import type { Json, PlannedBlock } from '@flambe/language'
import { constraintsOf, type OtherVerdict, type Verdict } from '@flambe/search'
import type { Draft } from '../draft.ts'
import { askToEnd } from '../ending.ts'
import type { Event } from '../event.ts'
import { COUNTED } from '../failure.ts'
import { attemptId, blockKey, trialId } from '../ids.ts'
import { numberOf } from '../metric.ts'
import type { JournalEntry, MetricValue, TrialRow, TrialVerdict } from '../rows.ts'
import { FINAL, LIVE } from '../transitions.ts'
import { rest } from '../wish.ts'
import { lastStep, recordOf } from './course.ts'
import { UPON } from './tuner.ts'

type Report = Extract<Event, { type: 'attempt-reported' }>

/** A report of a step that was judged already changes nothing: an attempt that goes on from a checkpoint repeats some. */
export function tellReport(draft: Draft, trial: TrialRow, planned: PlannedBlock, report: Report): void {
  const key = blockKey(trial.experiment, trial.block)
  const course = draft.course(key)
  if (course === null) return
  const { verdict: waiting } = trial
  // It runs anew towards the step at which it is to go on from itself.
  if (
    waiting?.kind === 'exploit' &&
    waiting.at !== undefined &&
    trial.state !== 'stopping' &&
    report.step >= waiting.at
  ) {
    askToEnd(draft, trial, 'pause')
  }
  if (report.step <= lastStep(course, trial.number)) return
  const judged = trial.verdict === null && trial.wish !== 'cancel'
  const { verdict, others } = draft.journal(trial.experiment, trial.block, {
    what: 'reported',
    trial: trial.number,
    step: report.step,
    ...measured(planned, report),
    judged,
  })
  if (verdict.kind !== 'continue') act(draft, trial, verdict)
  actOnOthers(draft, key, others)
  // A rung that fills up may let another paused trial go on, into a slot that stands empty.
  if (course.paused > 0) draft.mayPlace = true
}

/** Trials that ended, or were opened again, since the last call; telling of one may end others. */
export function tellEnds(draft: Draft, experiment: string): void {
  for (let id = draft.nextTurned(experiment); id !== undefined; id = draft.nextTurned(experiment)) {
    const trial = draft.trial(id)
    const key = blockKey(trial.experiment, trial.block)
    const course = draft.course(key)
    if (course === null) continue
    const { status } = recordOf(course, trial.number)
    const now = FINAL.trial(trial.state) ? statusOf(draft, trial) : 'running'
    if (status === now || (now === 'running' && status === 'paused')) continue
    const entry: JournalEntry =
      now === 'running'
        ? { what: 'reopened', trial: trial.number }
        : { what: 'ended', trial: trial.number, status: now }
    const { others } = draft.journal(trial.experiment, trial.block, entry)
    actOnOthers(draft, key, others)
    draft.mayPlace = true
  }
}

/** Stops of trials that wait paused. */
export function actOnOthers(draft: Draft, key: string, others: readonly OtherVerdict[]): void {
  for (const { trial, verdict } of others) act(draft, draft.trial(`${key}.${trial}`), verdict)
}

function act(draft: Draft, trial: TrialRow, verdict: Exclude<Verdict, { kind: 'continue' }>): void {
  if (FINAL.trial(trial.state)) return
  const wanted = verdictOf(draft, trial, verdict)
  if (wanted === null) return
  const told: TrialRow = { ...trial, verdict: wanted, held: wanted.kind === 'pause' ? 'scheduler' : null }
  // One that goes on from where it is (a replayed schedule) saves what it has.
  const saves = wanted.kind === 'pause' || (wanted.kind === 'exploit' && wanted.donor === trial.number)
  if (LIVE.includes(trial.state)) askToEnd(draft, told, saves ? 'pause' : 'stop')
  else rest(draft, told)
}

function verdictOf(
  draft: Draft,
  trial: TrialRow,
  verdict: Exclude<Verdict, { kind: 'continue' }>,
): TrialVerdict | null {
  switch (verdict.kind) {
    case 'pause':
      return verdict
    case 'stop':
      return { kind: 'stop', reason: verdict.reason, as: OUTCOME[verdict.as ?? 'stopped'] }
    case 'exploit': {
      const donor = draft.trial(trialId(trial.experiment, trial.block, verdict.donor))
      // Nothing to go on from: the trial stays as it is. One that goes on from itself saves first.
      if (donor.checkpoint === null && donor.id !== trial.id) return null
      const at = donor.id === trial.id ? { at: trial.step } : {}
      return { ...verdict, ...at, assignment: withUponOfDonor(draft, trial, verdict) }
    }
  }
}

const OUTCOME = { stopped: 'pruned', complete: 'success', failed: 'failure' } as const

/** The donor's weights grew on the donor's ancestors. */
function withUponOfDonor(draft: Draft, trial: TrialRow, verdict: Extract<Verdict, { kind: 'exploit' }>) {
  const course = draft.course(blockKey(trial.experiment, trial.block))
  const upon = course && recordOf(course, verdict.donor).assignment[UPON]
  return upon === undefined || upon === null ? verdict.assignment : { ...verdict.assignment, [UPON]: upon }
}

/** How the search counts a trial that has ended. */
function statusOf(draft: Draft, trial: TrialRow): 'complete' | 'stopped' | 'failed' | 'lost' {
  switch (trial.state) {
    case 'success':
      return 'complete'
    case 'pruned':
      return 'stopped'
    case 'failure': {
      const failure = draft.attempts.get(attemptId(trial.id, trial.epoch))?.failure?.class ?? 'user-code'
      return failure === 'configuration' || COUNTED.includes(failure) ? 'failed' : 'lost'
    }
    default:
      return 'lost'
  }
}

/** Logged scalars that a block's search looks at, beside what `metric()` returns. */
export const watchedTags = (planned: PlannedBlock): readonly string[] => [
  ...new Set([...objectives(planned), ...Object.keys(limitsOf(planned) ?? {})]),
]

function objectives({ search }: PlannedBlock): readonly string[] {
  const named = search?.params.metric
  return typeof named === 'string' ? [named] : Array.isArray(named) ? named.map(String) : []
}

function limitsOf({ search }: PlannedBlock): { readonly [name: string]: Json } | null {
  const limits = search?.params.constraints
  return typeof limits === 'object' && limits !== null && !Array.isArray(limits)
    ? (limits as { readonly [name: string]: Json })
    : null
}

/** The first objective is what `metric()` returned when nothing of its name was logged. */
export function measured(planned: PlannedBlock, { metric, metrics = {} }: Pick<TrialRow, 'metric' | 'metrics'>) {
  const names = objectives(planned)
  const of = (name: string): number | null => (Object.hasOwn(metrics, name) ? measure(metrics[name] ?? null) : null)
  const [first = null, ...others] = names.map(of)
  const value = first ?? measure(metric)
  const limits = limitsOf(planned)
  const all = Object.fromEntries(Object.keys(metrics).map(name => [name, of(name)]))
  return {
    value,
    ...(names.length > 1 ? { values: [value, ...others] } : {}),
    ...(limits === null ? {} : { constraints: constraintsOf(limits, all) }),
  }
}

function measure(metric: MetricValue | null): number | null {
  const value = numberOf(metric)
  return Number.isFinite(value) ? value : null
}
