/**
 * trial-commanded: pause, resume, cancel, retry, in every state of the trial. A command that asks for what is so already is
 * taken and changes nothing; one that makes no sense is ILLEGAL, with the reason in words.
 */
import type { Draft } from './draft.ts'
import { askToEnd } from './ending.ts'
import type { Event } from './event.ts'
import { illegal, type Refusal, unknown } from './refusal.ts'
import { retry } from './retry.ts'
import type { TrialRow } from './rows.ts'
import { FINAL } from './transitions.ts'
import { rest, wishFor } from './wish.ts'

export function trialCommanded(draft: Draft, event: Extract<Event, { type: 'trial-commanded' }>): Refusal | null {
  const trial = draft.trials.get(event.trial)
  if (!trial) return unknown(`trial ${event.trial}`)
  switch (event.command) {
    case 'pause':
      return pause(draft, trial)
    case 'resume':
      return resume(draft, trial)
    case 'cancel':
      return cancel(draft, trial)
    case 'retry':
      return retry(draft, trial)
  }
}

const wanted = (draft: Draft, trial: TrialRow): 'run' | 'pause' | 'cancel' =>
  wishFor(draft.experiment(trial.experiment), trial)

function pause(draft: Draft, trial: TrialRow): Refusal | null {
  if (FINAL.trial(trial.state)) return illegal(`the trial has ended: ${trial.state}`)
  if (trial.state === 'pending') return illegal('the trial has not started')
  if (wanted(draft, trial) === 'cancel') return illegal('the trial is being cancelled')
  if (trial.wish === 'pause') return null
  const wished = { ...trial, wish: 'pause' } as const
  // Stopping: for a pause already, its own or its experiment's.
  if (trial.state === 'paused' || trial.state === 'stopping') draft.putTrial(wished)
  else if (trial.state === 'queued') rest(draft, wished)
  else askToEnd(draft, wished, 'pause')
  return null
}

function resume(draft: Draft, trial: TrialRow): Refusal | null {
  if (FINAL.trial(trial.state)) return illegal(`the trial has ended: ${trial.state}`)
  if (trial.state === 'pending') return illegal('the trial has not started')
  if (wanted(draft, trial) === 'cancel') return illegal('the trial is being cancelled')
  if (trial.wish === 'run') return null
  const wished = { ...trial, wish: 'run' } as const
  // Stopping: the attempt ends first, then `rest` puts the trial back into the queue.
  if (trial.state === 'paused') rest(draft, wished)
  else draft.putTrial(wished)
  return null
}

function cancel(draft: Draft, trial: TrialRow): Refusal | null {
  if (trial.state === 'cancelled') return null
  if (FINAL.trial(trial.state)) return illegal(`the trial has ended: ${trial.state}`)
  if (trial.wish === 'cancel') return null
  const wished = { ...trial, wish: 'cancel' } as const
  if (trial.state === 'pending' || trial.state === 'queued' || trial.state === 'paused') rest(draft, wished)
  else if (wanted(draft, trial) === 'cancel') draft.putTrial(wished)
  else askToEnd(draft, wished, 'stop')
  return null
}
