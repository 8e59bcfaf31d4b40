/**
 * The retry command: a failed or cancelled trial runs again from its newest checkpoint, with all its attempts. It opens its
 * block and experiment again; refused once a later block has started without it, for decisions are not taken back.
 */
import type { Draft } from './draft.ts'
import { illegal, type Refusal } from './refusal.ts'
import type { TrialRow } from './rows.ts'
import { FINAL } from './transitions.ts'

export function retry(draft: Draft, trial: TrialRow): Refusal | null {
  if (trial.state !== 'failure' && trial.state !== 'cancelled')
    return illegal(`only a failed or cancelled trial runs again; this one is ${trial.state}`)
  const experiment = draft.experiment(trial.experiment)
  const open = !FINAL.experiment(experiment.state)
  if (open && experiment.wish === 'cancel') return illegal('the experiment is being cancelled')
  const later = experiment.plan.blocks.find(
    b => b.ancestors.includes(trial.block) && draft.block(experiment.id, b.id).started !== null,
  )
  if (later) return illegal(`block ${later.id} has started without it: submit the experiment again`)
  if (!open)
    draft.putExperiment({
      ...experiment,
      state: 'running',
      reason: null,
      wish: 'run',
      started: experiment.started ?? draft.time,
      ended: null,
    })
  reopenBlock(draft, trial)
  draft.putTrial({
    ...trial,
    state: 'queued',
    reason: null,
    failures: 0,
    kept: null,
    wish: 'run',
    started: trial.epoch === 0 ? null : trial.started,
    ended: null,
  })
  if (!open) reopenOthers(draft, trial.experiment)
  draft.touched.add(trial.experiment)
  return null
}

/** Its reduce is decided anew when it ends. */
function reopenBlock(draft: Draft, { experiment, block: id }: TrialRow): void {
  const block = draft.block(experiment, id)
  if (!FINAL.block(block.state)) return
  draft.putBlock({ ...block, state: 'running', reason: null, ranking: null, ended: null })
  for (const { trial } of block.ranking ?? []) draft.putTrial({ ...draft.trial(trial), kept: null })
}

/** Blocks that never started, cancelled with their experiment. Halted trials are released by `settle`. */
function reopenOthers(draft: Draft, id: string): void {
  for (const { id: name } of draft.experiment(id).plan.blocks) {
    const block = draft.block(id, name)
    if (block.state === 'cancelled' && block.started === null)
      draft.putBlock({ ...block, state: 'pending', ended: null })
  }
}
