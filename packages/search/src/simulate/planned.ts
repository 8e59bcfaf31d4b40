// What a scheduler will cost by plan, from its params alone: how many trials run to which rung. The submission page shows it.

import { withDefaults } from '../catalogue/check.ts'
import { schedulerParams } from '../catalogue/common.ts'
import type { PlannedRung } from '../catalogue/definition.ts'
import { lookUp } from '../catalogue/lookup.ts'
import type { Params } from '../catalogue/params.ts'
import { schedulerProblems } from '../catalogue/registry.ts'
import type { Mode } from '../history.ts'

export interface Planned {
  /** By bracket, steps ascending; the last one of a bracket is the full length. */
  readonly rungs: readonly PlannedRung[]
  /** Steps of all trials together, by plan. */
  readonly steps: number
  /** The same without a scheduler. */
  readonly steps_without: number
}

/**
 * Null where only the values will tell (median, patience, ...). `full` = steps of a trial that nobody stops, where it is known
 * and less than `max_t`: rungs beyond it are never reached. Throws on params with problems.
 */
export function plannedRungs(tag: string, params: Params, n_trials: number, full?: number): Planned | null {
  const problems = schedulerProblems(tag, params)
  const found = lookUp(tag, params, 'Scheduler')
  if (problems.length > 0 || found.kind !== 'scheduler') throw new Error(`${tag}: ${problems.join('; ')}`)
  const whole = withDefaults(found.params, [...found.definition.params, ...schedulerParams])
  const length = Math.min(
    found.definition.bounds(whole).max_t ?? Number.POSITIVE_INFINITY,
    full ?? Number.POSITIVE_INFINITY,
  )
  const plan = found.definition.plan?.(whole, n_trials)
  if (plan === undefined || !Number.isFinite(length)) return null
  const rungs = merged(plan.map(rung => ({ ...rung, step: Math.min(rung.step, length) })))
  const steps = rungs.reduce((sum, { bracket, step, trials }, at) => {
    const before = rungs[at - 1]
    return sum + trials * (step - (before?.bracket === bracket ? before.step : 0))
  }, 0)
  return { rungs, steps, steps_without: n_trials * length }
}

export interface RungRule {
  /** Where the params say it; null: the direction of the metric. */
  readonly direction: Mode | null
  /** The bracket (from 0) that a trial belongs to, as in the plan. */
  bracketOf(trial: number): number
  /**
   * What a newcomer's score must be at least to go on, of the scores of the others at its rung, best first. Null: any score
   * goes on, or the rule waits until all are there. Infinite: none does yet.
   */
  cutoff(others: readonly number[]): number | null
}

/** How a rule with rungs sorts trials; null for any other. Throws on params with problems. */
export function rungRule(tag: string, params: Params): RungRule | null {
  const problems = schedulerProblems(tag, params)
  const found = lookUp(tag, params, 'Scheduler')
  if (problems.length > 0 || found.kind !== 'scheduler') throw new Error(`${tag}: ${problems.join('; ')}`)
  const { definition } = found
  if (definition.cutoff === undefined && definition.bracketOf === undefined) return null
  const whole = withDefaults(found.params, [...definition.params, ...schedulerParams])
  const { direction } = whole
  return {
    direction: direction === 'min' || direction === 'max' ? direction : null,
    bracketOf: definition.bracketOf?.(whole) ?? (() => 0),
    cutoff: definition.cutoff?.(whole) ?? (() => null),
  }
}

/** Rungs beyond the end of a trial are one rung, the trials of the first of them get there. */
function merged(rungs: readonly PlannedRung[]): PlannedRung[] {
  return rungs.filter((rung, at) => {
    const before = rungs[at - 1]
    return before === undefined || before.bracket !== rung.bracket || before.step < rung.step
  })
}
