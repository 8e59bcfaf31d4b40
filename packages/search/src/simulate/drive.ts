// Runs an algorithm and a scheduler against each other in virtual time on S slots, as the engine does with real trials: a free
// slot goes to a paused trial that may go on, else to a new one; reports are judged in the order of their times, ties by trial
// number. Pure: the same input gives the same run. `simulate` and the contract suite call it; it knows no tags.

import type { OtherVerdict, Scheduler, SearchAlgorithm } from '../contract.ts'
import type { Ending, Measure, Report, TrialRecord } from '../history.ts'
import type { Json } from '../json.ts'
import type { Assignment } from '../space.ts'

export interface Drive {
  readonly search: SearchAlgorithm
  readonly scheduler: Scheduler
  readonly slots: number
  readonly curves: Curves
}

export interface Curves {
  /** Steps of a trial that nobody stops. */
  readonly steps: number
  value(trial: number, assignment: Assignment, step: number): Measure
  /** Of every objective, in their order, where there are several; `value` is not asked then. */
  values?(trial: number, assignment: Assignment, step: number): readonly Measure[]
  /** Of one step; default 1. */
  seconds?(trial: number, assignment: Assignment): number
  /** The trial ends badly right after this step. */
  fails?(trial: number, step: number): boolean
  /** A trial that failed is opened again at once, and goes on where it was. */
  reopens?(trial: number): boolean
}

export interface DrivenTrial {
  readonly number: number
  /** As proposed; later ones of PBT stand in `donors`. */
  readonly assignment: Assignment
  readonly status: 'paused' | Ending
  /** Null for a trial that ended by itself. */
  readonly reason: string | null
  /** Steps that it ran, those repeated after an exchange included. */
  readonly ran: number
  /** The last step that it reached. */
  readonly step: number
  readonly began: number
  readonly ended: number
  readonly pauses: number
  /** Donors in the order of the exchanges (PBT). */
  readonly donors: readonly { readonly at: number; readonly donor: number; readonly assignment: Assignment }[]
  readonly reports: readonly Report[]
}

export interface Driven {
  /** In the order of their numbers. A paused one was left waiting for ever: a scheduler must never do that. */
  readonly trials: readonly DrivenTrial[]
  /** Virtual seconds until the last trial ended. */
  readonly seconds: number
  readonly state: Json
}

interface Live {
  number: number
  proposed: Assignment
  assignment: Assignment
  status: 'running' | 'paused' | Ending
  reason: string | null
  ran: number
  step: number
  judged: number
  began: number
  ended: number
  pauses: number
  donors: { at: number; donor: number; assignment: Assignment }[]
  earlier: readonly { readonly until: number; readonly assignment: Assignment }[]
  reports: Report[]
  /** When its running step ends. */
  due: number
}

export function drive({ search, scheduler, slots, curves }: Drive): Driven {
  const trials: Live[] = []
  const history: TrialRecord[] = []
  const running = new Set<Live>()
  let proposing = search.initial
  let state = scheduler.initial
  let done = false
  let now = 0

  const note = ({ number, status, assignment, earlier, reports }: Live) => {
    history[number - 1] = { number, status, assignment, ...(earlier.length > 0 ? { earlier } : {}), reports }
  }
  const secondsOf = (trial: Live) => curves.seconds?.(trial.number, trial.assignment) ?? 1
  const run = (trial: Live) => {
    trial.status = 'running'
    trial.due = now + secondsOf(trial)
    running.add(trial)
    note(trial)
  }
  const end = (trial: Live, status: Ending, reason: string | null) => {
    Object.assign(trial, { status, reason, ended: now })
    running.delete(trial)
    note(trial)
    const answer = scheduler.ended(state, { trial: trial.number, status }, history)
    state = answer.state
    stop(answer.others)
  }
  const stop = (others: readonly OtherVerdict[] = []) => {
    for (const { trial: number, verdict } of others) {
      const trial = trials[number - 1]
      if (trial?.status !== 'paused') throw new Error(`trial ${number} does not wait, so it cannot be stopped`)
      end(trial, verdict.as === 'failed' ? 'failed' : (verdict.as ?? 'stopped'), verdict.reason)
    }
  }
  const close = () => {
    done = true
    const answer = scheduler.closed?.(state, history)
    if (answer === undefined) return
    state = answer.state
    stop(answer.others)
  }
  const resumeOne = (): boolean => {
    const answer = scheduler.next(state, history)
    state = answer.state
    stop(answer.others)
    if (answer.trial === null) return false
    const trial = trials[answer.trial - 1]
    if (trial?.status !== 'paused') throw new Error(`trial ${answer.trial} does not wait, so it cannot go on`)
    run(trial)
    return true
  }
  const begin = (assignment: Assignment) => {
    const number = trials.length + 1
    const fresh = {
      number,
      proposed: assignment,
      assignment,
      reason: null,
      ran: 0,
      step: 0,
      judged: 0,
      began: now,
      ended: now,
      due: now,
    }
    const trial: Live = { ...fresh, status: 'running', pauses: 0, donors: [], earlier: [], reports: [] }
    trials.push(trial)
    run(trial)
  }
  const fill = () => {
    while (running.size < slots) {
      if (resumeOne()) continue
      if (done) return
      const proposal = search.propose(proposing, history, slots - running.size)
      proposing = proposal.state
      for (const assignment of proposal.variants) begin(assignment)
      if (proposal.done) close()
      else if (proposal.variants.length === 0) return
    }
  }
  const report = (trial: Live) => {
    trial.step++
    trial.ran++
    const { number, assignment, step } = trial
    if (step > trial.judged) {
      trial.judged = step
      const report = reportOf(curves, number, assignment, step)
      trial.reports.push(report)
      const answer = scheduler.judge(state, { trial: number, ...report }, history)
      state = answer.state
      const { verdict } = answer
      if (verdict.kind === 'pause') {
        trial.pauses++
        trial.status = 'paused'
        running.delete(trial)
        note(trial)
      } else if (verdict.kind === 'exploit') {
        const donor = trials[verdict.donor - 1]
        if (donor === undefined) throw new Error(`trial ${verdict.donor} is unknown, so nobody can go on from it`)
        trial.earlier = [...trial.earlier, { until: step, assignment: trial.assignment }]
        trial.assignment = verdict.assignment
        trial.step = donor.step
        trial.donors.push({ at: step, donor: verdict.donor, assignment: verdict.assignment })
        note(trial)
      } else if (verdict.kind === 'stop') {
        end(trial, verdict.as === 'failed' ? 'failed' : (verdict.as ?? 'stopped'), verdict.reason)
      }
      stop(answer.others)
    }
    if (curves.fails?.(number, step) === true && isLive(trial)) {
      end(trial, 'failed', 'failed')
      if (curves.reopens?.(number) !== true) return
      if (trial.step < curves.steps) return run(trial)
    }
    if (trial.step >= curves.steps && isLive(trial)) return end(trial, 'complete', null)
    if (trial.status === 'running') trial.due = now + secondsOf(trial)
  }

  for (fill(); running.size > 0; fill()) {
    const trial = first(running)
    now = trial.due
    report(trial)
  }
  const seconds = trials.reduce((last, trial) => Math.max(last, trial.ended), 0)
  return { trials: trials.map(finished), seconds, state }
}

function reportOf(curves: Curves, trial: number, assignment: Assignment, step: number): Report {
  const values = curves.values?.(trial, assignment, step)
  if (values === undefined) return { step, value: curves.value(trial, assignment, step) }
  return { step, value: values[0] ?? null, values }
}

function isLive(trial: Live): boolean {
  return trial.status === 'running' || trial.status === 'paused'
}

function first(running: ReadonlySet<Live>): Live {
  let found: Live | undefined
  for (const trial of running)
    if (found === undefined || trial.due < found.due || (trial.due === found.due && trial.number < found.number))
      found = trial
  if (found === undefined) throw new Error('nobody runs')
  return found
}

function finished({ due: _due, judged: _judged, proposed, status, ...trial }: Live): DrivenTrial {
  if (status === 'running') throw new Error(`trial ${trial.number} still runs`)
  return { ...trial, assignment: proposed, status }
}
