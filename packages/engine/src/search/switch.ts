/** An exploit comes true (PBT): the trial holds no slot, and goes on from the donor's checkpoint with its new assignment. */
import type { Draft } from '../draft.ts'
import { attemptId, blockKey, must, trialId } from '../ids.ts'
import type { TrialRow, TrialVerdict } from '../rows.ts'
import { drawnOf, variantOfTrial } from './variant.ts'

/**
 * The donor's newest checkpoint, as of now, becomes the trial's own under its next number: so its blobs are referred to from
 * here on, whatever becomes of the donor. A trial that goes on from itself (a replayed schedule) keeps its own, and begins anew
 * where it cannot save one. Unchanged when the trial can no longer change. While it has not saved
 * the step at which it was told (its machine was lost, it failed), the verdict waits: or it would run with the new values what
 * belongs to those of before.
 */
export function exploit(draft: Draft, trial: TrialRow, verdict: Extract<TrialVerdict, { kind: 'exploit' }>): TrialRow {
  const { verdict: _, ...rest } = trial
  const same: TrialRow = { ...rest, verdict: null }
  const itself = verdict.donor === trial.number
  const donor = itself ? trial : draft.trial(trialId(trial.experiment, trial.block, verdict.donor))
  const course = draft.course(blockKey(trial.experiment, trial.block))
  if ((donor.checkpoint === null && !itself) || course === null) return same
  if (itself && !hasSaved(draft, trial, verdict.at ?? 0)) return trial
  const { plan } = draft.experiment(trial.experiment)
  const { upon, own } = course.tuner.place(verdict.assignment, trial.number)
  const ancestors = Object.values(upon).map(id => variantOfTrial(draft, must(draft.trials.get(id), id)))
  const variant = draft.variants.of(plan, trial.block, ancestors, own)
  draft.journal(trial.experiment, trial.block, {
    what: 'exploited',
    trial: trial.number,
    donor: verdict.donor,
    assignment: verdict.assignment,
  })
  const first = { step: 0, params: trial.params, donor: null }
  const from =
    itself || donor.checkpoint === null
      ? trial.checkpoint
      : { ...donor.checkpoint, number: (trial.checkpoint?.number ?? 0) + 1 }
  return {
    ...same,
    variant: variant.id,
    params: variant.params,
    ancestors: Object.fromEntries(Object.keys(variant.ancestors).map(id => [id, must(upon[id], id)])),
    drawn: drawnOf(variant),
    checkpoint: from,
    schedule: [
      ...(trial.schedule.length === 0 ? [first] : trial.schedule),
      { step: from?.step ?? 0, params: variant.params, donor: donor.id },
    ],
  }
}

/** One that paused in order and yet has no checkpoint cannot save. */
function hasSaved(draft: Draft, { id, epoch, checkpoint }: TrialRow, step: number): boolean {
  if (checkpoint !== null && checkpoint.step >= step) return true
  return checkpoint === null && draft.attempts.get(attemptId(id, epoch))?.state === 'paused'
}
