/**
 * What people want of a trial, and where it goes when it holds no slot any more but has not ended by itself. The stronger of
 * the trial's own wish and the experiment's counts: a trial paused by hand stays paused when its experiment goes on.
 */
import type { Draft } from './draft.ts'
import { blockKey } from './ids.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'

export function wishFor(experiment: ExperimentRow, trial: TrialRow): 'run' | 'pause' | 'cancel' {
  if (experiment.wish === 'cancel' || trial.wish === 'cancel') return 'cancel'
  return experiment.wish === 'pause' || trial.wish === 'pause' ? 'pause' : 'run'
}

/** The block that stopped the experiment, by `stop_on_failure`; null while new trials may start. */
export function haltedBy(draft: Draft, experiment: ExperimentRow): string | null {
  if (!experiment.plan.settings.stop_on_failure) return null
  const failed = experiment.plan.blocks.find(b => draft.blocks.get(blockKey(experiment.id, b.id))?.state === 'failure')
  return failed?.id ?? null
}

/**
 * Cancelled, paused or back in the queue. A trial that had started goes on to its end even when its experiment was halted
 * meanwhile: halting starts nothing new, it ends nothing.
 */
export function rest(draft: Draft, trial: TrialRow): void {
  const wish = wishFor(draft.experiment(trial.experiment), trial)
  if (wish === 'cancel') draft.putTrial({ ...trial, state: 'cancelled', reason: null, ended: draft.time })
  else draft.putTrial({ ...trial, state: wish === 'pause' ? 'paused' : 'queued', reason: null })
}
