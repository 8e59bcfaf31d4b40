// `flambe simulate FILE` and the submission page: a whole search under a scheduler in virtual time, before anything runs.

import type { Params } from '../catalogue/params.ts'
import { createScheduler, createSearch, objectivesOf } from '../catalogue/registry.ts'
import type { SearchAlgorithm } from '../contract.ts'
import { type Mode, score } from '../history.ts'
import type { Assignment, Space } from '../space.ts'
import { type Curves, type DrivenTrial, drive } from './drive.ts'
import { type SimulatedFront, simulatedFront } from './front.ts'
import { type Planned, plannedRungs } from './planned.ts'

export interface SimulateOptions {
  /** Or the assignments of a block without a search, in the order of its trials. */
  readonly search: SimulatedSearch | { readonly assignments: readonly Assignment[] }
  /** Null for none: every trial runs to its end. */
  readonly scheduler: { readonly tag: string; readonly params: Params } | null
  readonly seed: number
  readonly block: string
  readonly mode: Mode
  readonly slots: number
  readonly curves: Curves
  /** The end of a search that would not end by itself (`timeout` needs a clock); default 10,000. */
  readonly most_trials?: number
}

export interface SimulatedSearch {
  readonly tag: string
  readonly params: Params
  readonly space: Space
}

/** Plain data. Steps are steps of trials, seconds are virtual. */
export interface Simulation {
  readonly trials: readonly SimulatedTrial[]
  readonly rungs: readonly SimulatedRung[]
  readonly steps: number
  /** What the same trials cost without a scheduler. */
  readonly steps_without: number
  /** The share of steps saved, 0 to 1. */
  readonly saved: number
  readonly seconds: number
  readonly seconds_without: number
  readonly best: Best | null
  /** The best that the same trials would have found without a scheduler. */
  readonly best_without: Best | null
  /** Of several objectives what nobody dominates; null for one. `best` is that of the first objective then. */
  readonly front: SimulatedFront | null
}

export type SimulatedTrial = Omit<DrivenTrial, 'reports'>

/** One step at which trials are compared; without a plan, one at which some ended. Ascending. */
export interface SimulatedRung {
  readonly step: number
  /** Trials that get there by plan; null without one. */
  readonly planned: number | null
  readonly trials: number
  /** Those that ended here, but not by failing. */
  readonly ended: number
}

export interface Best {
  readonly trial: number
  readonly step: number
  readonly value: number
}

/** Throws when `searchProblems` or `schedulerProblems` are not empty, or when curves have fewer values than there are objectives. */
export function simulate(options: SimulateOptions): Simulation {
  const { search, scheduler, seed, block, mode, slots, curves } = options
  const most = options.most_trials ?? 10_000
  const space = 'space' in search ? search.space : null
  const algorithm = 'space' in search ? limited(search, most, options) : replaying(search.assignments.slice(0, most))
  const modes = 'space' in search ? objectivesOf(search.tag, search.params, mode).map(own => own.mode) : [mode]
  if (modes.length > 1) checkValues(curves, modes.length)
  const rule = (tag: string, params: Params) =>
    createScheduler(tag, params, { mode: modes[0] ?? mode, seed, block, space })
  const entry = scheduler ?? { tag: 'FIFO', params: {} }
  const driven = drive({ search: algorithm, scheduler: rule(entry.tag, entry.params), slots, curves })
  // The same trials, not the same search: the question is what these would have cost, not what else would have been proposed.
  const without = drive({
    search: replaying(driven.trials.map(trial => trial.assignment)),
    scheduler: rule('FIFO', {}),
    slots,
    curves,
  })
  const steps = stepsOf(driven.trials)
  const steps_without = stepsOf(without.trials)
  return {
    trials: driven.trials.map(({ reports: _reports, ...trial }) => trial),
    rungs: rungsOf(driven.trials, plannedRungs(entry.tag, entry.params, driven.trials.length, curves.steps)),
    steps,
    steps_without,
    saved: steps_without === 0 ? 0 : 1 - steps / steps_without,
    seconds: driven.seconds,
    seconds_without: without.seconds,
    best: bestOf(driven.trials, modes[0] ?? mode),
    best_without: bestOf(without.trials, modes[0] ?? mode),
    front: modes.length > 1 ? simulatedFront(driven.trials, without.trials, modes) : null,
  }
}

/** The search itself, but no more than `most` trials, and without a clock. */
function limited({ tag, params, space }: SimulatedSearch, most: number, options: SimulateOptions): SearchAlgorithm {
  const { timeout: _timeout, n_trials, ...rest } = params
  const { seed, block, mode } = options
  return createSearch(
    tag,
    { ...rest, n_trials: Math.min(Number(n_trials ?? most), most) },
    { space, seed, block, mode },
  )
}

/** Two objectives need two values of every trial: else a search would take all trials for the worst, and say nothing. */
function checkValues(curves: Curves, objectives: number): void {
  const { length } = curves.values?.(1, {}, 1) ?? [null]
  if (length < objectives) throw new Error(`${objectives} objectives need curves with ${objectives} values a step`)
}

function replaying(assignments: readonly Assignment[]): SearchAlgorithm {
  return {
    initial: null,
    propose: (state, { length }, n) => {
      const variants = assignments.slice(length, length + n)
      return { state, variants, done: length + variants.length >= assignments.length }
    },
  }
}

function rungsOf(trials: readonly DrivenTrial[], plan: Planned | null): SimulatedRung[] {
  const planned = new Map<number, number>()
  for (const { step, trials: many } of plan?.rungs ?? []) planned.set(step, (planned.get(step) ?? 0) + many)
  const ends = trials.filter(trial => trial.status !== 'failed' && trial.status !== 'lost')
  const steps = new Set([...planned.keys(), ...(plan === null ? ends.map(trial => trial.step) : [])])
  return [...steps]
    .sort((a, b) => a - b)
    .map(step => ({
      step,
      planned: planned.get(step) ?? null,
      trials: trials.filter(trial => trial.step >= step).length,
      ended: ends.filter(trial => trial.step === step).length,
    }))
}

function stepsOf(trials: readonly DrivenTrial[]): number {
  return trials.reduce((sum, trial) => sum + trial.ran, 0)
}

function bestOf(trials: readonly DrivenTrial[], mode: Mode): Best | null {
  let best: (Best & { readonly points: number }) | null = null
  for (const { number: trial, reports } of trials)
    for (const { step, value } of reports) {
      const points = score(value, mode)
      if (value !== null && points > (best?.points ?? Number.NEGATIVE_INFINITY)) best = { trial, step, value, points }
    }
  return best === null ? null : { trial: best.trial, step: best.step, value: best.value }
}
