/**
 * What an attempt tells: started, reported, saved, ended. Each may come twice (the hub's ack got lost): a repeat is taken
 * and changes nothing. From an attempt that is no longer its trial's newest, or was given up, it is FENCED (G7).
 */
import type { PlannedBlock } from '@flambe/language'
import { calm, quick } from './breaker.ts'
import type { Draft } from './draft.ts'
import type { Event, Exit } from './event.ts'
import { failed } from './failure.ts'
import { blockKey, must } from './ids.ts'
import { better } from './metric.ts'
import { readiness } from './readiness.ts'
import { fenced, illegal, type Refusal, unknown } from './refusal.ts'
import type { AttemptRow, AttemptState, TrialRow } from './rows.ts'
import { tellReport } from './search/told.ts'
import { FINAL } from './transitions.ts'
import { FREE, mask, rest } from './wish.ts'

type Of<T extends Event['type']> = Extract<Event, { type: T }>

export function attemptStarted(draft: Draft, event: Of<'attempt-started'>): Refusal | null {
  const found = find(draft, event.attempt)
  if ('code' in found) return found
  const { attempt } = found
  if (FINAL.attempt(attempt.state)) return illegal(`attempt ${attempt.id} has ended`)
  alive(draft, found)
  const now = must(draft.attempts.get(attempt.id), attempt.id)
  if (now.environment === null) draft.putAttempt({ ...now, environment: event.environment })
  return null
}

export function attemptReported(draft: Draft, event: Of<'attempt-reported'>): Refusal | null {
  const found = find(draft, event.attempt)
  if ('code' in found) return found
  if (FINAL.attempt(found.attempt.state)) return illegal(`attempt ${event.attempt} has ended`)
  const trial = alive(draft, found)
  const planned = plannedOf(draft, trial)
  const best = better(event.metric, trial.best, planned.mode)
  const { metrics: _, ...rest } = trial
  const now = {
    ...rest,
    step: event.step,
    metric: event.metric,
    ...(event.metrics === undefined ? {} : { metrics: event.metrics }),
    best: best ? event.metric : trial.best,
    best_step: best ? event.step : trial.best_step,
  }
  draft.putTrial(now)
  if (planned.search || planned.scheduler) tellReport(draft, now, planned, event)
  return null
}

export function attemptSaved(draft: Draft, event: Of<'attempt-saved'>): Refusal | null {
  const found = find(draft, event.attempt)
  if ('code' in found) return found
  if (FINAL.attempt(found.attempt.state)) return illegal(`attempt ${event.attempt} has ended`)
  const trial = alive(draft, found)
  const last = trial.checkpoint?.number ?? 0
  if (event.checkpoint.number > last) draft.putTrial({ ...trial, checkpoint: event.checkpoint })
  return null
}

export function attemptEnded(draft: Draft, event: Of<'attempt-ended'>): Refusal | null {
  const found = find(draft, event.attempt)
  if ('code' in found) return found
  const { attempt, trial } = found
  const state = STATE_OF[event.exit.kind]
  draft.actions.push({ type: 'forget', agent: attempt.agent, attempt: attempt.id })
  if (attempt.state === state) return null
  if (FINAL.attempt(attempt.state)) return illegal(`attempt ${attempt.id} has ended already: ${attempt.state}`)
  const { exit } = event
  const ended = { ...attempt, state, ended: draft.time }
  if (exit.kind === 'failed') {
    failed(draft, ended, trial, exit.failure)
    if (exit.failure.class === 'infrastructure') quick(draft, attempt)
    // It never began: the agent would not have it. Asking again before its next hello would only be refused again.
    else if (exit.failure.class === 'preempted' && attempt.state === 'assigned')
      draft.putAgent({ ...must(draft.agents.get(attempt.agent), attempt.agent), refuses: exit.failure.message })
    return null
  }
  calm(draft, attempt.agent)
  if (exit.kind === 'done') {
    draft.putAttempt(ended)
    // A verdict came too late for a trial that ran to its end, unless its values are bad.
    const { verdict } = trial
    const bad = verdict?.kind === 'stop' && verdict.as === 'failure' ? verdict : null
    const state = bad ? bad.as : 'success'
    const ready = readiness(draft, draft.experiment(trial.experiment), trial)
    // What it was built on is no longer kept: it was being ended for that.
    if (ready.kind === 'masked') mask(draft, trial, ready.reason)
    else draft.putTrial({ ...trial, ...FREE, state, reason: bad?.reason ?? null, wish: 'run', ended: draft.time })
  } else if (attempt.state === 'stopping') {
    draft.putAttempt(ended)
    rest(draft, trial)
  } else {
    // Nobody asked for it: the agent's machine is going down.
    failed(draft, ended, trial, { class: 'preempted', message: `${exit.kind} without being asked`, stack: null })
  }
  return null
}

const STATE_OF: { readonly [kind in Exit['kind']]: AttemptState } = {
  done: 'done',
  paused: 'paused',
  stopped: 'stopped',
  failed: 'failed',
}

interface Found {
  readonly attempt: AttemptRow
  readonly trial: TrialRow
}

function find(draft: Draft, id: string): Found | Refusal {
  const attempt = draft.attempts.get(id)
  if (!attempt) return unknown(`attempt ${id}`)
  const trial = draft.trial(attempt.trial)
  if (attempt.epoch !== trial.epoch) return fenced(`attempt ${attempt.id} is not the newest: ${trial.epoch} is`)
  if (attempt.state === 'lost' || attempt.state === 'fenced') return fenced(`attempt ${attempt.id} was given up`)
  return { attempt, trial }
}

/** A word from the process: it runs, whatever we believed. A trial that is being ended stays so. */
function alive(draft: Draft, { attempt, trial }: Found): TrialRow {
  if (attempt.state !== 'running') {
    const started = attempt.started ?? draft.time
    const state = attempt.state === 'stopping' ? 'stopping' : 'running'
    if (state !== attempt.state || started !== attempt.started) draft.putAttempt({ ...attempt, state, started })
  }
  const state = trial.state === 'stopping' ? 'stopping' : 'running'
  if (trial.state === state && trial.started !== null) return trial
  const now = { ...trial, state, started: trial.started ?? draft.time } as const
  draft.putTrial(now)
  return now
}

function plannedOf(draft: Draft, trial: TrialRow): PlannedBlock {
  const { index } = must(draft.blocks.get(blockKey(trial.experiment, trial.block)), trial.block)
  return must(draft.experiment(trial.experiment).plan.blocks[index], trial.block)
}
