// PB2 (Parker-Holder, Nguyen and Roberts, "Provably efficient online hyperparameter optimization with population-based
// bandits", 2020): the `explore` of PBT that learns. A Gaussian process over (step, score before, values) predicts how much
// the score rises per step, and the copy gets the values with the highest upper bound. Trials that have just changed count
// as seen with what is expected of them, so two copies of one round keep apart.
// The kernel is our Matern 5/2 with one length each, step and score among them, in place of the paper's product with a
// decay over time; it learns from the newest 80 intervals. Only numbers change; choices stay with the donor's values.

import { codingOf, type NumericDimension } from '../algorithms/coding.ts'
import { shareOf } from '../algorithms/embedding.ts'
import { fitGp, gpModel, gpStart } from '../algorithms/gaussian-process.ts'
import { valueAt } from '../algorithms/unit.ts'
import { type Mode, score, type TrialRecord } from '../history.ts'
import type { Json } from '../json.ts'
import type { Random } from '../random.ts'
import type { Assignment, Space } from '../space.ts'
import type { Exploration } from './pbt.ts'
import { changeable, perturb } from './perturb.ts'

export interface Pb2Options {
  readonly mode: Mode
  readonly space: Space
  /** Steps between two ranks of a trial. */
  readonly interval: number
  /** Only these names change; default all numbers. */
  readonly only?: readonly string[]
}

/** For `pbt({ explore })`. */
export function pb2Explore(options: Pb2Options): (donor: Assignment, random: Random, at: Exploration) => Assignment {
  const { mode, interval } = options
  const blindly = perturb({ space: options.space, ...(options.only === undefined ? {} : { only: options.only }) })
  return (values, random, { donor, step, history }) => {
    const axes = pb2Axes(options.space, options.only, values)
    const rises = history.flatMap(trial => risesOf(trial, interval, mode)).sort((a, b) => a.step - b.step)
    const recent = rises.slice(-MOST)
    if (recent.length < 4 || axes.length === 0) return blindly(values, random)

    const steps = rangeOf(recent.map(rise => rise.step).concat(step))
    const scores = rangeOf(recent.map(rise => rise.before))
    const input = (at: number, before: number, assignment: Assignment) =>
      Float64Array.from([steps(at), scores(before), ...axes.map(d => placeOf(d, assignment[d.name]))])
    const points = recent.map(rise => input(rise.step, rise.before, rise.assignment))
    const targets = standardised(recent.map(rise => rise.rise))
    const groups = [0, 1, ...axes.map((_, at) => at + 2)]
    const params = fitGp(points, targets, groups, gpStart(groups.length), recent.length > 40 ? 6 : 12)
    let model = gpModel(points, targets, groups, params)
    const changed = history
      .filter(trial => isFresh(trial, interval))
      .map(trial => {
        const last = trial.reports.at(-1)
        return input(last?.step ?? step, score(last?.value ?? null, mode), trial.assignment)
      })
    if (changed.length > 0) {
      const expected = changed.map(point => model.at(point).mean)
      model = gpModel([...points, ...changed], Float64Array.from([...targets, ...expected]), groups, params)
    }

    const own = score(history[donor - 1]?.reports.at(-1)?.value ?? null, mode)
    const bold = Math.sqrt(0.2 * Math.log(Math.max(0.4 * recent.length, Math.E)))
    const bound = (candidate: Assignment) => {
      const { mean, variance } = model.at(input(step, own, candidate))
      return mean + bold * Math.sqrt(variance)
    }
    let best = values
    let most = Number.NEGATIVE_INFINITY
    for (let draw = 0; draw < DRAWS; draw++) {
      const near = draw >= DRAWS / 2
      const candidate: Record<string, Json> = { ...values }
      for (const d of axes) {
        const from = placeOf(d, (near ? best : values)[d.name])
        const place = near ? from + 0.2 * (random() - 0.5) : random()
        candidate[d.name] = valueAt(d, Math.min(Math.max(place, 0), 1))
      }
      const height = bound(candidate)
      if (height > most) {
        most = height
        best = candidate
      }
    }
    return best
  }
}

/** The numbers that may change, below the alternatives of `chosen`. */
export function pb2Axes(space: Space, only: readonly string[] | undefined, chosen?: Assignment): NumericDimension[] {
  const numbers = changeable(space, chosen).filter(([name]) => only === undefined || only.includes(name))
  return codingOf(Object.fromEntries(numbers)).all.filter(d => d.kind === 'number')
}

const MOST = 80
const DRAWS = 200

interface Rise {
  readonly step: number
  readonly before: number
  /** Of the score, per step. */
  readonly rise: number
  readonly assignment: Assignment
}

/** One for each interval that ran under one assignment, between finite values. */
function risesOf(trial: TrialRecord, interval: number, mode: Mode): Rise[] {
  const rises: Rise[] = []
  let from: { readonly step: number; readonly score: number; readonly assignment: Assignment } | null = null
  for (const report of trial.reports) {
    const assignment = assignmentAt(trial, report.step)
    const own = score(report.value, mode)
    if (!Number.isFinite(own)) continue
    if (from === null || from.assignment !== assignment) from = { step: report.step, score: own, assignment }
    else if (report.step - from.step >= interval) {
      const rise = (own - from.score) / (report.step - from.step)
      rises.push({ step: from.step, before: from.score, rise, assignment })
      from = { step: report.step, score: own, assignment }
    }
  }
  return rises
}

function assignmentAt(trial: TrialRecord, step: number): Assignment {
  return trial.earlier?.find(({ until }) => step <= until)?.assignment ?? trial.assignment
}

/** Its newest values have not run for an interval yet. */
function isFresh(trial: TrialRecord, interval: number): boolean {
  const until = trial.earlier?.at(-1)?.until
  const last = trial.reports.at(-1)
  if (until === undefined || last === undefined || last.value === null) return false
  return trial.status === 'running' && last.step - until < interval
}

function placeOf(d: NumericDimension, value: Json | undefined): number {
  return typeof value === 'number' ? shareOf(d, value) : 0.5
}

function rangeOf(values: readonly number[]): (value: number) => number {
  const low = Math.min(...values)
  const high = Math.max(...values)
  return value => (high > low && Number.isFinite(value) ? (value - low) / (high - low) : 0.5)
}

function standardised(values: readonly number[]): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return Float64Array.from(values, value => (sd > 0 ? (value - mean) / sd : 0))
}
