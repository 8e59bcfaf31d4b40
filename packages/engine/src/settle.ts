/**
 * Brings an experiment to rest after an event: ends blocks whose trials are final, starts blocks whose turn it is, and ends
 * or pauses the experiment. Called by `decide`, once for each experiment that the event touched.
 */
import type { PlannedBlock } from '@flambe/language'
import { endBlock, whatFailed } from './block-end.ts'
import { startBlock } from './block-start.ts'
import { cutShort, dropUnbudgeted } from './budget.ts'
import type { Draft } from './draft.ts'
import { askToEnd } from './ending.ts'
import { blockKey } from './ids.ts'
import { readiness } from './readiness.ts'
import { reopenBlock } from './retry.ts'
import type { ExperimentRow } from './rows.ts'
import { searchIsOver, settleSearch } from './search/settle.ts'
import { tellEnds } from './search/told.ts'
import { FINAL, LIVE, TRIAL_STATES } from './transitions.ts'
import { haltedBy, mask, rest } from './wish.ts'

const OPEN = TRIAL_STATES.filter(s => !FINAL.trial(s))
/** Will still do something while the experiment is halted, beside what is paused: `pending` is what halting leaves behind. */
const ACTIVE = OPEN.filter(s => s !== 'pending' && s !== 'paused')

export function settle(draft: Draft, id: string): void {
  if (FINAL.experiment(draft.experiment(id).state)) return
  tellEnds(draft, id)
  dropUnbudgeted(draft, draft.experiment(id))
  halt(draft, draft.experiment(id))
  wake(draft, draft.experiment(id))
  const halted = haltedBy(draft, draft.experiment(id))
  // In document order, which is an order of the links: what a block waits for has been settled before it.
  for (const planned of draft.experiment(id).plan.blocks) {
    const key = blockKey(id, planned.id)
    const experiment = draft.experiment(id)
    if (mayStart(draft, experiment, planned)) startBlock(draft, experiment, planned)
    else if (draft.reviewed.has(id) && haltedBy(draft, experiment) === null) release(draft, experiment, planned.id)
    const { state, search } = draft.block(id, planned.id)
    if (state !== 'running' && state !== 'paused') continue
    if (search && !search.over) settleSearch(draft, experiment, planned)
    if (draft.index.sum(key, OPEN) === 0 && searchIsOver(draft, experiment, planned.id)) {
      endBlock(draft, experiment, planned)
      if (planned.reduce) {
        draft.reviewed.add(id)
        reconsider(draft, experiment, planned)
      }
    }
  }
  draft.reviewed.delete(id)
  // The failure that halted it fell out with what it was built on: all once more, now that the rest may go on.
  if (halted !== null && haltedBy(draft, draft.experiment(id)) === null) {
    draft.reviewed.add(id)
    settle(draft, id)
    return
  }
  conclude(draft, draft.experiment(id))
}

function mayStart(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): boolean {
  const block = draft.block(experiment.id, planned.id)
  if (block.state !== 'pending' || block.started !== null || experiment.wish !== 'run') return false
  if (haltedBy(draft, experiment) !== null) return false
  const { blocks, settings } = experiment.plan
  const before =
    settings.overlap === 'none' ? blocks.slice(0, blocks.indexOf(planned)).map(b => b.id) : planned.depends_on
  // With `overlap: trials` it is enough that the trials are there: each of ours waits for its own.
  const known = (id: string): boolean => draft.variants.enumerable(experiment.plan, id)
  const early = settings.overlap === 'trials' && known(planned.id)
  return before.every(id => {
    const { state, started } = draft.block(experiment.id, id)
    return FINAL.block(state) || (early && started !== null && known(id))
  })
}

/**
 * A trial failed: in other blocks nothing new starts. What never had an attempt waits, now for good unless the failed trials
 * are retried. Blocks with failures of their own bring to an end what was queued before.
 */
function halt(draft: Draft, experiment: ExperimentRow): void {
  const failed = haltedBy(draft, experiment)
  if (failed === null) return
  for (const { id } of experiment.plan.blocks) {
    const key = blockKey(experiment.id, id)
    if (draft.index.count(key, 'failure') > 0 || draft.index.sum(key, ['queued', 'paused']) === 0) continue
    for (const trial of draft.trialsOf(key))
      if (trial.epoch === 0 && (trial.state === 'queued' || trial.state === 'paused'))
        draft.putTrial({ ...trial, state: 'pending', reason: `not started: block ${failed} failed` })
  }
}

/** Trials that waited for one that has ended, as far as that is all. */
function wake(draft: Draft, experiment: ExperimentRow): void {
  for (let id = draft.nextFinal(experiment.id); id !== undefined; id = draft.nextFinal(experiment.id)) {
    if (haltedBy(draft, experiment) !== null) continue
    for (const dependent of draft.index.dependents(id)) {
      const trial = draft.trial(dependent)
      if (trial.state === 'pending' && readiness(draft, experiment, trial).kind !== 'waits') rest(draft, trial)
    }
  }
}

/** Trials that were held back, or waited for their ancestors, go on as far as these are there. */
function release(draft: Draft, experiment: ExperimentRow, id: string): void {
  const block = draft.block(experiment.id, id)
  if (block.state === 'pending' && block.started !== null) {
    draft.putBlock({ ...block, state: 'running', reason: null })
    draft.mayPlace = true
  }
  if (draft.index.count(blockKey(experiment.id, id), 'pending') === 0) return
  for (const trial of draft.trialsOf(blockKey(experiment.id, id))) {
    if (trial.state !== 'pending') continue
    if (readiness(draft, experiment, trial).kind !== 'waits') rest(draft, trial)
    else if (trial.reason !== null) draft.putTrial({ ...trial, reason: null })
  }
}

/** A reduce that was decided anew, after a retry: what was built on trials that it no longer keeps falls out. */
function reconsider(draft: Draft, experiment: ExperimentRow, reduced: PlannedBlock): void {
  for (const { id, ancestors } of experiment.plan.blocks) {
    if (!ancestors.includes(reduced.id)) continue
    for (const trial of draft.trialsOf(blockKey(experiment.id, id))) {
      if (trial.state === 'stopping') continue
      const ready = readiness(draft, experiment, trial)
      if (ready.kind !== 'masked' || ready.reason === trial.reason) continue
      // A trial that holds a slot is masked when it has let it go: see `rest`.
      if (LIVE.includes(trial.state)) askToEnd(draft, trial, 'stop')
      else if (trial.state === 'masked') draft.putTrial({ ...trial, reason: ready.reason })
      else {
        reopenBlock(draft, experiment.id, id)
        mask(draft, trial, ready.reason)
      }
    }
  }
}

function conclude(draft: Draft, experiment: ExperimentRow): void {
  const { id } = experiment
  const blocks = experiment.plan.blocks.map(b => draft.block(id, b.id))
  const sum = (states: typeof LIVE): number =>
    blocks.reduce((n, b) => n + draft.index.sum(blockKey(id, b.id), states), 0)
  const halted = haltedBy(draft, experiment)
  // With nothing live, what courses hold paused is paused; people's own pauses keep the experiment open.
  const held = blocks.reduce((n, b) => n + (draft.course(blockKey(id, b.id))?.paused ?? 0), 0)
  const stands = halted !== null && sum(ACTIVE) === 0 && sum(['paused']) === held
  if (blocks.every(b => FINAL.block(b.state)) || stands) end(draft, experiment)
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
    let block = draft.block(id, name)
    if (draft.index.count(blockKey(id, name), 'failure') > 0 && !FINAL.block(block.state)) {
      const reason = whatFailed(draft, id, name)
      failed.push(`block ${name}: ${reason}`)
      block = { ...block, reason }
    }
    if (block.state === 'failure') failed.push(`block ${name}: ${block.reason}`)
    else if (block.state === 'cancelled') cancelled = true
    else if (block.state === 'running' || block.state === 'paused') {
      const waiting = draft.index.count(blockKey(id, name), 'pending')
      const total = draft.index.total(blockKey(id, name))
      const halted =
        waiting > 0
          ? `halted: ${waiting} of ${total} trials did not start`
          : `halted: its search stands at ${total} trials`
      draft.putBlock({ ...block, state: 'pending', reason: block.reason ? `${block.reason}; ${halted}` : halted })
    }
  }
  const state = failed.length > 0 ? 'failure' : cancelled ? 'cancelled' : 'success'
  const reasons = [...failed, ...cutShort(draft, experiment)]
  draft.putExperiment({ ...experiment, state, reason: reasons.join('; ') || null, ended: draft.time })
}
