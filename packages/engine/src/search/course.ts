/**
 * What a block's search and scheduler have seen so far: the fold of its journal, row by row. `decide` folds a row when it
 * writes it and acts on the verdict; `apply` takes that result over, or folds again after a hub start. Both give the same
 * (G16, G17). Immutable: algorithms may remember what they made of a record.
 */
import type { Json, PlannedBlock } from '@flambe/language'
import type { History, OtherVerdict, TrialRecord, Verdict } from '@flambe/search'
import { must } from '../ids.ts'
import type { JournalRow } from '../rows.ts'
import { type Tuner, tunerOf } from './tuner.ts'

export interface Course {
  readonly tuner: Tuner
  /** Of the newest row. */
  readonly seq: number
  /** Of all trials of the block, by number. */
  readonly history: History
  /** The scheduler's. */
  readonly state: Json
  /** How many records are `running` and `paused`. */
  readonly running: number
  readonly paused: number
}

export interface Folded {
  readonly course: Course
  readonly verdict: Verdict
  readonly others: readonly OtherVerdict[]
}

/** `before` is null for the first row only. */
export function fold(before: Course | null, row: JournalRow, planned: PlannedBlock, seed: number): Folded {
  if (row.what === 'started') {
    const tuner = tunerOf(planned, seed, row.upon, row.mode ?? planned.mode)
    const state = tuner.scheduler?.initial ?? null
    return still({ tuner, seq: row.seq, history: [], state, running: 0, paused: 0 })
  }
  const course = { ...must(before, `what comes before journal row ${row.seq}`), seq: row.seq }
  const { scheduler } = course.tuner
  switch (row.what) {
    case 'proposed': {
      const record: TrialRecord = { number: row.trial, status: 'running', assignment: row.assignment, reports: [] }
      return still({ ...course, history: [...course.history, record], running: course.running + 1 })
    }
    case 'reported':
      return reported(course, row)
    case 'exploited': {
      const record = recordOf(course, row.trial)
      const before = { until: lastStep(course, row.trial), assignment: record.assignment }
      const earlier = [...(record.earlier ?? []), before]
      return still(changed(course, { ...record, assignment: row.assignment, earlier }))
    }
    case 'ended': {
      const now = changed(course, { ...recordOf(course, row.trial), status: row.status })
      const told = scheduler?.ended(now.state, { trial: row.trial, status: row.status }, now.history)
      return told ? { ...still({ ...now, state: told.state }), others: told.others ?? [] } : still(now)
    }
    case 'reopened':
      return still(changed(course, { ...recordOf(course, row.trial), status: 'running' }))
    case 'resumed': {
      const told = must(scheduler, 'the scheduler that resumes').next(course.state, course.history)
      if (told.trial !== row.trial) throw new Error(`engine: the scheduler names ${told.trial}, not ${row.trial}`)
      const now = { ...course, state: told.state }
      const on = row.trial === null ? now : changed(now, { ...recordOf(now, row.trial), status: 'running' })
      return { ...still(on), others: told.others ?? [] }
    }
    case 'closed': {
      const told = scheduler?.closed?.(course.state, course.history)
      return told ? { ...still({ ...course, state: told.state }), others: told.others ?? [] } : still(course)
    }
  }
}

function reported(course: Course, row: Extract<JournalRow, { what: 'reported' }>): Folded {
  const { step, value } = row
  const report = {
    step,
    value,
    ...(row.values ? { values: row.values } : {}),
    ...(row.constraints ? { constraints: row.constraints } : {}),
  }
  const record = recordOf(course, row.trial)
  const now = changed(course, { ...record, reports: [...record.reports, report] })
  const { scheduler } = course.tuner
  if (!row.judged || scheduler === null) return still(now)
  const judged = scheduler.judge(now.state, { trial: row.trial, ...report }, now.history)
  const after = { ...now, state: judged.state }
  const pauses = judged.verdict.kind === 'pause'
  return {
    course: pauses ? changed(after, { ...recordOf(after, row.trial), status: 'paused' }) : after,
    verdict: judged.verdict,
    others: judged.others ?? [],
  }
}

/** The step of a trial's newest report, 0 before the first: a trial that goes on from a checkpoint repeats some. */
export const lastStep = (course: Course, trial: number): number => recordOf(course, trial).reports.at(-1)?.step ?? 0

const GO_ON: Verdict = { kind: 'continue' }
const still = (course: Course): Folded => ({ course, verdict: GO_ON, others: [] })

export const recordOf = (course: Course, trial: number): TrialRecord =>
  must(course.history[trial - 1], `trial ${trial} in the history`)

function changed(course: Course, record: TrialRecord): Course {
  const { status } = recordOf(course, record.number)
  const moved = (which: TrialRecord['status']): number => (record.status === which ? 1 : 0) - (status === which ? 1 : 0)
  return {
    ...course,
    history: course.history.with(record.number - 1, record),
    running: course.running + moved('running'),
    paused: course.paused + moved('paused'),
  }
}
