/**
 * What people want of a trial, and where it goes when it holds no slot any more but has not ended by itself. The stronger of
 * the trial's own wish and the experiment's counts: a trial paused by hand stays paused when its experiment goes on.
 */
import type { Draft } from './draft.ts'
import { blockKey } from './ids.ts'
import { readiness } from './readiness.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'

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
 * Cancelled, masked (what it builds on is no longer kept), paused or back in the queue. A trial that had started goes on to its end even when its experiment was halted
 * meanwhile: halting starts nothing new, it ends nothing.
 */
export function rest(draft: Draft, trial: TrialRow): void {
  const wish = wishFor(draft.experiment(trial.experiment), trial)
  if (wish === 'cancel') draft.putTrial({ ...trial, state: 'cancelled', reason: null, ended: draft.time })
  else {
    const ready = readiness(draft, draft.experiment(trial.experiment), trial)
    if (ready.kind === 'masked') mask(draft, trial, ready.reason)
    else draft.putTrial({ ...trial, state: wish === 'pause' ? 'paused' : 'queued', reason: null })
  }
}

export function mask(draft: Draft, trial: TrialRow, reason: string): void {
  draft.putTrial({ ...trial, state: 'masked', reason, kept: null, wish: 'run', ended: draft.time })
}
