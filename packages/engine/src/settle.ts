/**
 * Brings an experiment to rest after an event: ends blocks whose trials are final, starts blocks whose turn it is, and ends
 * or pauses the experiment. Called by `decide`, once for each experiment that the event touched.
 */
import type { PlannedBlock } from '@flambe/language'
import { endBlock } from './block-end.ts'
import { startBlock } from './block-start.ts'
import type { VariantSource } from './decide.ts'
import type { Draft } from './draft.ts'
import { blockKey } from './ids.ts'
import type { ExperimentRow } from './rows.ts'
import { FINAL, LIVE, TRIAL_STATES } from './transitions.ts'
import { haltedBy, rest } from './wish.ts'

const OPEN = TRIAL_STATES.filter(s => !FINAL.trial(s))
/** Will still do something without a further decision about its block: `pending` is what halting leaves behind. */
const ACTIVE = OPEN.filter(s => s !== 'pending')

export function settle(draft: Draft, id: string, variants: VariantSource): void {
  if (FINAL.experiment(draft.experiment(id).state)) return
  // In document order, which is an order of the links: what a block waits for has been settled before it.
  for (const planned of draft.experiment(id).plan.blocks) {
    const key = blockKey(id, planned.id)
    const experiment = draft.experiment(id)
    if (mayStart(draft, experiment, planned)) startBlock(draft, experiment, planned, variants)
    else if (draft.index.count(key, 'pending') > 0 && haltedBy(draft, experiment) === null)
      release(draft, experiment, planned.id)
    const { state } = draft.block(id, planned.id)
    if ((state === 'running' || state === 'paused') && draft.index.sum(key, OPEN) === 0) {
      endBlock(draft, experiment, planned)
      if (haltedBy(draft, experiment) === planned.id) halt(draft, experiment, planned.id)
    }
  }
  conclude(draft, draft.experiment(id))
}

function mayStart(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): boolean {
  const block = draft.block(experiment.id, planned.id)
  if (block.state !== 'pending' || block.started !== null || experiment.wish !== 'run') return false
  if (haltedBy(draft, experiment) !== null) return false
  const blocks = experiment.plan.blocks
  const before =
    experiment.plan.settings.overlap === 'none'
      ? blocks.slice(0, blocks.indexOf(planned)).map(b => b.id)
      : planned.depends_on
  return before.every(b => FINAL.block(draft.block(experiment.id, b).state))
}

/** Nothing new starts: what never had an attempt waits, now for good unless the failed trials are retried. */
function halt(draft: Draft, experiment: ExperimentRow, failed: string): void {
  for (const { id } of experiment.plan.blocks) {
    const key = blockKey(experiment.id, id)
    if (draft.index.sum(key, ['queued', 'paused']) === 0) continue
    const total = draft.index.total(key)
    for (let n = 1; n <= total; n++) {
      const trial = draft.trial(`${key}.${n}`)
      if (trial.epoch === 0 && (trial.state === 'queued' || trial.state === 'paused'))
        draft.putTrial({ ...trial, state: 'pending', reason: `not started: block ${failed} failed` })
    }
  }
}

/** The block that halted the experiment runs again: so do the trials that it held back. */
function release(draft: Draft, experiment: ExperimentRow, id: string): void {
  const block = draft.block(experiment.id, id)
  if (block.state === 'pending') draft.putBlock({ ...block, state: 'running', reason: null })
  const key = blockKey(experiment.id, id)
  const total = draft.index.total(key)
  for (let n = 1; n <= total; n++) {
    const trial = draft.trial(`${key}.${n}`)
    if (trial.state === 'pending') rest(draft, trial)
  }
}

function conclude(draft: Draft, experiment: ExperimentRow): void {
  const { id } = experiment
  const blocks = experiment.plan.blocks.map(b => draft.block(id, b.id))
  const sum = (states: typeof LIVE): number =>
    blocks.reduce((n, b) => n + draft.index.sum(blockKey(id, b.id), states), 0)
  const halted = haltedBy(draft, experiment)
  if (blocks.every(b => FINAL.block(b.state)) || (halted !== null && sum(ACTIVE) === 0)) end(draft, experiment)
  else if (experiment.wish === 'pause' && experiment.state === 'running' && sum(LIVE) === 0) {
    draft.putExperiment({ ...experiment, state: 'paused' })
    for (const block of blocks) if (block.state === 'running') draft.putBlock({ ...block, state: 'paused' })
  }
}

function end(draft: Draft, experiment: ExperimentRow): void {
  const { id } = experiment
  const failed: string[] = []
  let cancelled = experiment.wish === 'cancel'
  for (const { id: name } of experiment.plan.blocks) {
    const block = draft.block(id, name)
    if (block.state === 'failure') failed.push(`block ${name}: ${block.reason}`)
    else if (block.state === 'cancelled') cancelled = true
    else if (block.state === 'running' || block.state === 'paused') {
      const waiting = draft.index.count(blockKey(id, name), 'pending')
      const total = draft.index.total(blockKey(id, name))
      draft.putBlock({ ...block, state: 'pending', reason: `halted: ${waiting} of ${total} trials did not start` })
    }
  }
  const state = failed.length > 0 ? 'failure' : cancelled ? 'cancelled' : 'success'
  draft.putExperiment({ ...experiment, state, reason: failed.join('; ') || null, ended: draft.time })
}
