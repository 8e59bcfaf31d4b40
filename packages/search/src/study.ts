// Ask and tell for programs without a hub: keeps the history, the states and a record of every call, from which a study goes on
// after a crash. The hub does not use it: its engine keeps the same record as a journal. The one object here with a memory.

import { frontsOf } from './algorithms/pareto.ts'
import { scoresOf } from './algorithms/trials.ts'
import type { Params } from './catalogue/params.ts'
import { createScheduler, createSearch, objectivesOf } from './catalogue/registry.ts'
import type { OtherVerdict, Verdict } from './contract.ts'
import { type Ending, type Measure, type Mode, type Report, score, type TrialRecord } from './history.ts'
import { canonical } from './json.ts'
import type { Assignment, Space } from './space.ts'

export interface StudyOptions {
  readonly space: Space
  /** Default `!Random`; `n_trials` or `timeout` is needed by most. */
  readonly search?: { readonly tag: string; readonly params?: Params }
  /** Default `!FIFO`. */
  readonly scheduler?: { readonly tag: string; readonly params?: Params }
  readonly mode: Mode
  readonly seed?: number
}

/** A trial to run now: a new one at step 0, or a paused one that goes on after `step`. */
export interface Asked {
  readonly number: number
  readonly assignment: Assignment
  readonly step: number
}

/** Plain JSON: the calls that changed something, in their order. */
export type StudyEvent =
  | { readonly call: 'ask'; readonly trial: number | null }
  | ({ readonly call: 'tell'; readonly trial: number } & Report)
  | { readonly call: 'end'; readonly trial: number; readonly status: Ending }

export interface Study {
  /** Null: nothing for now, since trials that run are waited for; or, with `done`, nothing any more. */
  ask(): Asked | null
  /** What becomes of the trial; a stop ends it. Steps count from 1 and rise; a step told before continues. */
  tell(trial: number, step: number, value: Told, constraints?: readonly (number | null)[]): Verdict
  /** It ended by itself; default complete. */
  end(trial: number, status?: Ending): void
  /** One value at the next step, then the end: for trials that report once. */
  finish(trial: number, value: Told, constraints?: readonly (number | null)[]): void
  /** No trial will come any more. */
  readonly done: boolean
  readonly trials: readonly TrialRecord[]
  readonly best: { readonly trial: number; readonly step: number; readonly value: number } | null
  /** Numbers of the trials whose last values nobody dominates; with one objective, of the best ones by these. */
  readonly front: readonly number[]
  readonly record: readonly StudyEvent[]
}

/** Of the metric, or of every objective in the order of `metric`; anything but a finite number is the worst possible. */
export type Told = number | null | readonly (number | null)[]

/** Throws when `searchProblems` or `schedulerProblems` are not empty, or when the record is not one of this search. */
export function createStudy(options: StudyOptions, record: readonly StudyEvent[] = []): Study {
  const { space, mode, seed = 0, search, scheduler } = options
  const algorithm = createSearch(search?.tag ?? 'Random', search?.params ?? {}, { space, mode, seed, block: 'study' })
  const modes = search === undefined ? [mode] : objectivesOf(search.tag, search.params ?? {}, mode).map(own => own.mode)
  const judged = { space, mode: modes[0] ?? mode, seed, block: 'study' }
  const rule = createScheduler(scheduler?.tag ?? 'FIFO', scheduler?.params ?? {}, judged)
  const trials: (TrialRecord & { reports: Report[] })[] = []
  const events: StudyEvent[] = []
  let proposing = algorithm.initial
  let state = rule.initial
  let done = false

  const recordOf = (trial: number) => {
    const found = trials[trial - 1]
    if (found === undefined) throw new Error(`there is no trial ${trial}`)
    return found
  }
  const put = (trial: number, change: Partial<TrialRecord>) => {
    trials[trial - 1] = { ...recordOf(trial), ...change, reports: recordOf(trial).reports }
  }
  const over = (trial: number, status: Ending) => {
    put(trial, { status })
    const answer = rule.ended(state, { trial, status }, trials)
    state = answer.state
    stop(answer.others)
  }
  const stop = (others: readonly OtherVerdict[] = []) => {
    for (const { trial, verdict } of others) over(trial, endingOf(verdict.as))
  }
  const asked = (trial: number): Asked => {
    const { number, assignment, reports } = recordOf(trial)
    return { number, assignment, step: reports.at(-1)?.step ?? 0 }
  }

  const study: Study = {
    ask() {
      const before = { done, proposing }
      const answer = rule.next(state, trials)
      state = answer.state
      stop(answer.others)
      if (answer.trial !== null) put(answer.trial, { status: 'running' })
      let trial = answer.trial
      if (trial === null && !done) {
        const proposal = algorithm.propose(proposing, trials, 1)
        proposing = proposal.state
        const [assignment] = proposal.variants
        if (assignment !== undefined) {
          trial = trials.length + 1
          trials.push({ number: trial, status: 'running', assignment, reports: [] })
        }
        done = proposal.done
        if (done) {
          const closed = rule.closed?.(state, trials) ?? { state }
          state = closed.state
          stop(closed.others)
        }
      }
      const moved = done !== before.done || canonical(proposing) !== canonical(before.proposing)
      if (trial !== null || moved || (answer.others ?? []).length > 0) events.push({ call: 'ask', trial })
      return trial === null ? null : asked(trial)
    },
    tell(trial, step, value, constraints) {
      const { reports, status } = recordOf(trial)
      if (status !== 'running') throw new Error(`trial ${trial} is ${status}`)
      if (step <= (reports.at(-1)?.step ?? 0)) return { kind: 'continue' }
      const report = reportOf(step, value, constraints)
      events.push({ call: 'tell', trial, ...report })
      reports.push(report)
      const answer = rule.judge(state, { trial, ...report }, trials)
      state = answer.state
      const { verdict } = answer
      if (verdict.kind === 'pause') put(trial, { status: 'paused' })
      if (verdict.kind === 'exploit') {
        const { earlier = [], assignment } = recordOf(trial)
        put(trial, { assignment: verdict.assignment, earlier: [...earlier, { until: step, assignment }] })
      }
      if (verdict.kind === 'stop') over(trial, endingOf(verdict.as))
      stop(answer.others)
      return verdict
    },
    end(trial, status = 'complete') {
      if (recordOf(trial).status !== 'running') throw new Error(`trial ${trial} is ${recordOf(trial).status}`)
      events.push({ call: 'end', trial, status })
      over(trial, status)
    },
    finish(trial, value, constraints) {
      study.tell(trial, (recordOf(trial).reports.at(-1)?.step ?? 0) + 1, value, constraints)
      if (recordOf(trial).status === 'running') study.end(trial)
    },
    get done() {
      return done
    },
    trials,
    get best() {
      return bestOf(trials, modes[0] ?? mode)
    },
    get front() {
      return frontOf(trials, modes)
    },
    record: events,
  }
  for (const event of record) {
    if (event.call === 'tell') study.tell(event.trial, event.step, event.values ?? event.value, event.constraints)
    else if (event.call === 'end') study.end(event.trial, event.status)
    else if ((study.ask()?.number ?? null) !== event.trial) throw new Error('the record is not one of this search')
  }
  return study
}

function reportOf(step: number, told: Told, constraints?: readonly (number | null)[]): Report {
  const values = (isList(told) ? told : [told]).map(measureOf)
  return {
    step,
    value: values[0] ?? null,
    ...(isList(told) ? { values } : {}),
    ...(constraints === undefined ? {} : { constraints: constraints.map(measureOf) }),
  }
}

function isList(told: Told): told is readonly (number | null)[] {
  return Array.isArray(told)
}

function measureOf(value: number | null): Measure {
  return value === null || !Number.isFinite(value) ? null : value
}

function frontOf(trials: readonly TrialRecord[], modes: readonly Mode[]): number[] {
  const points = trials.flatMap(({ number, reports }) => {
    const scores = scoresOf(reports.at(-1), modes)
    return scores.every(Number.isFinite) ? [{ number, scores }] : []
  })
  const ranks = frontsOf(points.map(({ scores }) => scores))
  return points.filter((_, at) => ranks[at] === 0).map(({ number }) => number)
}

function endingOf(as: 'complete' | 'failed' | undefined): Ending {
  return as ?? 'stopped'
}

function bestOf(trials: readonly TrialRecord[], mode: Mode): Study['best'] {
  let best: Study['best'] = null
  for (const { number: trial, reports } of trials)
    for (const { step, value } of reports)
      if (value !== null && score(value, mode) > score(best?.value ?? null, mode)) best = { trial, step, value }
  return best
}
