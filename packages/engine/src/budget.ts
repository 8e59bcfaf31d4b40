/**
 * The budget of an experiment: how many trials may begin, and for how many hours new ones may. What has not begun when it is
 * spent is dropped, except the first trial of a block that has begun none: so the pipeline comes to its end.
 */
import type { Draft } from './draft.ts'
import { blockKey } from './ids.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'

/** Why nothing more begins, in words; null while something may. */
export function spentBudget(draft: Draft, { id, plan, started }: ExperimentRow): string | null {
  // Absent in plans of older hubs.
  const { trials = null, hours = null } = plan.settings.budget ?? {}
  if (
    trials !== null &&
    begun(
      draft,
      id,
      plan.blocks.map(b => b.id),
    ) >= trials
  )
    return `the budget of ${trials} trials is spent`
  if (hours !== null && started !== null && draft.time - started >= hours * 3_600_000)
    return `the budget of ${hours} hours is spent`
  return null
}

/** Whether the trial may no longer begin, for the budget. */
export function isUnbudgeted(draft: Draft, experiment: ExperimentRow, trial: TrialRow): boolean {
  if (trial.epoch > 0 || draft.index.begun(blockKey(trial.experiment, trial.block)) === 0) return false
  return spentBudget(draft, experiment) !== null
}

/** Cancels what has not begun in blocks that have begun something. Called before anything is placed. */
export function dropUnbudgeted(draft: Draft, experiment: ExperimentRow): void {
  const why = spentBudget(draft, experiment)
  if (why === null) return
  for (const { id } of experiment.plan.blocks) {
    const key = blockKey(experiment.id, id)
    if (draft.index.begun(key) === 0 || draft.index.sum(key, ['queued', 'pending']) === 0) continue
    for (const trial of draft.trialsOf(key))
      if (trial.epoch === 0 && (trial.state === 'queued' || trial.state === 'pending'))
        draft.putTrial({ ...trial, state: 'cancelled', reason: why, ended: draft.time })
  }
}

/** What kept something of this experiment from running: the budget, and rules by which its searches ended early. */
export function cutShort(draft: Draft, experiment: ExperimentRow): string[] {
  const early = experiment.plan.blocks.flatMap(({ id }) => {
    const why = draft.block(experiment.id, id).search?.done ?? ''
    return EARLY.test(why) ? [`block ${id}: ${why}`] : []
  })
  return [...early, ...cutByBudget(draft, experiment)]
}

/** As `search/propose.ts` and `search/patience.ts` name the rule at the end of their reasons. */
const EARLY = /\((?:patience|plateau|timeout)\)$/

function cutByBudget(draft: Draft, experiment: ExperimentRow): string[] {
  const why = spentBudget(draft, experiment)
  if (why === null) return []
  const cut = experiment.plan.blocks.some(({ id }) => {
    const { reason, search } = draft.block(experiment.id, id)
    return search?.done === why || reason?.includes(why)
  })
  return cut ? [why] : []
}

const begun = (draft: Draft, experiment: string, blocks: readonly string[]): number =>
  blocks.reduce((n, block) => n + draft.index.begun(blockKey(experiment, block)), 0)
