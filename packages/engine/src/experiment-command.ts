/** experiment-commanded: pause, resume, cancel. A command that asks for what is so already is taken and changes nothing. */
import type { Draft } from './draft.ts'
import { askToEnd } from './ending.ts'
import type { Event } from './event.ts'
import { blockKey } from './ids.ts'
import { illegal, type Refusal, unknown } from './refusal.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'
import { FINAL, LIVE } from './transitions.ts'
import { rest, wishFor } from './wish.ts'

export function experimentCommanded(
  draft: Draft,
  event: Extract<Event, { type: 'experiment-commanded' }>,
): Refusal | null {
  const experiment = draft.experiments.get(event.experiment)
  if (!experiment) return unknown(`experiment ${event.experiment}`)
  const { command } = event
  if (experiment.wish === 'cancel' && command === 'cancel') return null
  if (FINAL.experiment(experiment.state)) return illegal(`the experiment has ended: ${experiment.state}`)
  if (experiment.wish === 'cancel') return illegal('the experiment is being cancelled')
  draft.touched.add(experiment.id)
  if (command === 'pause') pause(draft, experiment)
  else if (command === 'resume') resume(draft, experiment)
  else cancel(draft, experiment)
  return null
}

/** Queued trials stay queued: placement passes over an experiment that is to pause. */
function pause(draft: Draft, experiment: ExperimentRow): void {
  if (experiment.wish === 'pause') return
  draft.putExperiment({ ...experiment, wish: 'pause' })
  for (const trial of trialsOf(draft, experiment))
    if (LIVE.includes(trial.state) && trial.state !== 'stopping') askToEnd(draft, trial, 'pause')
}

/** Trials that were paused by hand stay paused. */
function resume(draft: Draft, experiment: ExperimentRow): void {
  if (experiment.wish === 'run') return
  draft.putExperiment({
    ...experiment,
    wish: 'run',
    state: 'running',
    started: experiment.started ?? draft.time,
  })
  for (const { id } of experiment.plan.blocks) {
    const block = draft.block(experiment.id, id)
    if (block.state === 'paused') draft.putBlock({ ...block, state: 'running' })
  }
  for (const trial of trialsOf(draft, experiment))
    if (trial.state === 'paused' && trial.wish === 'run') rest(draft, trial)
}

function cancel(draft: Draft, experiment: ExperimentRow): void {
  const state = experiment.state === 'paused' ? 'running' : experiment.state
  draft.putExperiment({ ...experiment, state, wish: 'cancel' })
  for (const trial of trialsOf(draft, experiment)) {
    if (FINAL.trial(trial.state)) continue
    if (!LIVE.includes(trial.state)) rest(draft, trial)
    else if (trial.state !== 'stopping' || wishFor(experiment, trial) !== 'cancel') askToEnd(draft, trial, 'stop')
  }
  for (const { id } of experiment.plan.blocks) {
    const block = draft.block(experiment.id, id)
    if (block.state === 'pending') draft.putBlock({ ...block, state: 'cancelled', ended: draft.time })
  }
}

function* trialsOf(draft: Draft, experiment: ExperimentRow): Iterable<TrialRow> {
  for (const { id } of experiment.plan.blocks) {
    const key = blockKey(experiment.id, id)
    const total = draft.index.total(key)
    for (let n = 1; n <= total; n++) yield draft.trial(`${key}.${n}`)
  }
}
