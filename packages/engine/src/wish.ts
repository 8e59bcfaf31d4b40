/**
 * What people want of a trial, and where it goes when it holds no slot any more but has not ended by itself. The stronger of
 * the trial's own wish and the experiment's counts: a trial paused by hand stays paused when its experiment goes on.
 */
import type { Draft } from './draft.ts'
import { blockKey } from './ids.ts'
import { readiness } from './readiness.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'
import { exploit } from './search/switch.ts'

export function wishFor(experiment: ExperimentRow, trial: TrialRow): 'run' | 'pause' | 'cancel' {
  if (experiment.wish === 'cancel' || trial.wish === 'cancel') return 'cancel'
  return experiment.wish === 'pause' || trial.wish === 'pause' ? 'pause' : 'run'
}

/** The first block with a failed trial, by `stop_on_failure`: only such blocks go on with new trials. Null: all may. */
export function haltedBy(draft: Draft, experiment: ExperimentRow): string | null {
  if (!experiment.plan.settings.stop_on_failure) return null
  return experiment.plan.blocks.find(b => draft.index.count(blockKey(experiment.id, b.id), 'failure') > 0)?.id ?? null
}

/**
 * Where a trial goes that holds no slot any more but has not ended by itself: what people want counts first, then what its
 * scheduler decided. One that had started goes on to its end even when its experiment was halted meanwhile: halting starts
 * nothing new, it ends nothing.
 */
export function rest(draft: Draft, trial: TrialRow): void {
  draft.putTrial(resting(draft, trial))
}

function resting(draft: Draft, trial: TrialRow): TrialRow {
  const experiment = draft.experiment(trial.experiment)
  const { verdict } = trial
  const wish = wishFor(experiment, trial)
  if (wish === 'cancel') return { ...trial, ...FREE, state: 'cancelled', reason: null, ended: draft.time }
  const ready = readiness(draft, experiment, trial)
  if (ready.kind === 'masked') return masked(draft, trial, ready.reason)
  if (verdict?.kind === 'stop') {
    const reason = verdict.as === 'success' ? null : verdict.reason
    return { ...trial, ...FREE, state: verdict.as, reason, wish: 'run', ended: draft.time }
  }
  const now = verdict?.kind === 'exploit' ? exploit(draft, trial, verdict) : trial
  const paused = wish === 'pause' || now.held !== null
  return { ...now, state: paused ? 'paused' : 'queued', reason: null }
}

/** What a trial that ends is rid of. */
export const FREE = { held: null, verdict: null } as const

export const mask = (draft: Draft, trial: TrialRow, reason: string): void =>
  draft.putTrial(masked(draft, trial, reason))

const masked = (draft: Draft, trial: TrialRow, reason: string): TrialRow => ({
  ...trial,
  ...FREE,
  state: 'masked',
  reason,
  kept: null,
  wish: 'run',
  ended: draft.time,
})
