/**
 * The retry command: a failed or cancelled trial runs again from its newest checkpoint, with all its attempts. It opens its
 * block and experiment again, and what was masked further down waits for the new end: the experiment comes to the end that
 * it would have had without the failure (see also `reconsider` in settle.ts).
 */
import type { PlannedBlock } from '@flambe/language'
import type { Draft } from './draft.ts'
import { blockKey } from './ids.ts'
import { readiness } from './readiness.ts'
import { illegal, type Refusal } from './refusal.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'
import { FINAL } from './transitions.ts'
import { FREE } from './wish.ts'

export function retry(draft: Draft, trial: TrialRow): Refusal | null {
  if (trial.state !== 'failure' && trial.state !== 'cancelled')
    return illegal(`only a failed or cancelled trial runs again; this one is ${trial.state}`)
  const experiment = draft.experiment(trial.experiment)
  const open = !FINAL.experiment(experiment.state)
  if (open && experiment.wish === 'cancel') return illegal('the experiment is being cancelled')
  const above = readiness(draft, experiment, trial)
  if (above.kind === 'masked') return illegal(`it cannot be built any more: ${above.reason}`)
  if (!open)
    draft.putExperiment({
      ...experiment,
      state: 'running',
      reason: null,
      wish: 'run',
      started: experiment.started ?? draft.time,
      ended: null,
    })
  reopenBlock(draft, trial.experiment, trial.block)
  draft.putTrial({
    ...trial,
    state: above.kind === 'waits' ? 'pending' : 'queued',
    reason: null,
    failures: 0,
    kept: null,
    wish: 'run',
    ...FREE,
    started: trial.epoch === 0 ? null : trial.started,
    ended: null,
  })
  if (!open) reopenOthers(draft, trial.experiment)
  for (const planned of experiment.plan.blocks)
    if (planned.ancestors.includes(trial.block)) unmask(draft, experiment, planned)
  draft.touched.add(trial.experiment)
  draft.reviewed.add(trial.experiment)
  return null
}

/** Its reduce is decided anew when it ends. */
export function reopenBlock(draft: Draft, experiment: string, id: string): void {
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

/** Masked trials of a later block that may be built after all wait again. Called in document order: masks go down the links. */
function unmask(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): void {
  const key = blockKey(experiment.id, planned.id)
  if (draft.index.count(key, 'masked') === 0) return
  const total = draft.index.total(key)
  for (let n = 1; n <= total; n++) {
    const trial = draft.trial(`${key}.${n}`)
    if (trial.state !== 'masked') continue
    const ready = readiness(draft, experiment, trial)
    if (ready.kind === 'masked' && ready.reason !== trial.reason) draft.putTrial({ ...trial, reason: ready.reason })
    if (ready.kind !== 'waits') continue
    reopenBlock(draft, experiment.id, planned.id)
    draft.putTrial({ ...trial, state: 'pending', reason: null, ended: null })
  }
}
