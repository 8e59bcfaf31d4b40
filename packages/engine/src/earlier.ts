/**
 * Takes finished trials of earlier experiments over (`resume`, `reuse`): a new trial that is the same computation has ended
 * before it began, with that one's result and checkpoint.
 */
import type { Draft } from './draft.ts'
import { must } from './ids.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'

export type TakeOver = (trial: TrialRow) => TrialRow

/** For the trials of a block, one after the other. */
export function takeOver(draft: Draft, experiment: ExperimentRow, block: string): TakeOver {
  const finished = new Map(
    experiment.earlier.finished.filter(each => each.block === block).map(each => [each.variant, each.trial]),
  )
  return trial => {
    const id = finished.get(trial.variant)
    if (id === undefined || trial.state === 'masked') return trial
    const earlier = must(draft.trials.get(id), id)
    return isFinished(earlier) ? taken(trial, earlier) : trial
  }
}

/** `earlier` has finished. Its checkpoint counts as this trial's own, so that its blobs are kept. */
export function taken(trial: TrialRow, earlier: TrialRow): TrialRow {
  return {
    ...trial,
    state: earlier.state,
    reason: earlier.reason,
    step: earlier.step,
    metric: earlier.metric,
    ...(earlier.metrics === undefined ? {} : { metrics: earlier.metrics }),
    best: earlier.best,
    best_step: earlier.best_step,
    checkpoint: earlier.checkpoint,
    schedule: earlier.schedule,
    // Where the records are, however often it was taken over.
    reused_from: earlier.reused_from ?? earlier.id,
    started: earlier.started,
    ended: earlier.ended,
  }
}

export const isFinished = ({ state }: TrialRow): boolean => state === 'success' || state === 'pruned'
