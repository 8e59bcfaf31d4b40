// Params and problems that the rules with rungs share.

import type { PlannedRung } from '../../catalogue/definition.ts'
import { maybeNumber, needed, numberOf, optional, type Param, type Params } from '../../catalogue/params.ts'
import type { Bracket } from '../hyperband.ts'

export const FACTOR = { type: 'number', minimum: 2 } as const

export const hyperbandParams: readonly Param[] = [
  needed('max_t', 'Steps at which a trial ends.', { type: 'integer', minimum: 1 }),
  optional('grace', 'Steps of the earliest rung, at least; max_t / 81 when left out.', { type: 'integer', minimum: 1 }),
  optional('factor', 'A rung keeps the best 1/factor; brackets begin factor times later each.', FACTOR, 3),
]

export function rungOptions(params: Params) {
  const grace = maybeNumber(params, 'grace')
  const spread = grace === undefined ? {} : { grace }
  return { max_t: numberOf(params, 'max_t'), factor: numberOf(params, 'factor'), ...spread }
}

/** `trials` begin and the best 1/factor go on at each rung; at least one, while there is one. */
export function halvings(
  bracket: number,
  rungs: readonly number[],
  trials: number,
  { max_t, factor }: { readonly max_t: number; readonly factor: number },
): PlannedRung[] {
  return [...rungs, max_t].map((step, at) => ({
    bracket,
    step,
    trials: Math.max(Math.floor(trials / factor ** at + 1e-9), Math.min(trials, 1)),
  }))
}

/** The best 1/factor go on, the newcomer counted; at least `least`. */
export function bestShare(factor: number, least: number): (others: readonly number[]) => number | null {
  return others => {
    const places = Math.max(Math.floor((others.length + 1) / factor), least)
    return places > others.length ? null : (others[places - 1] ?? Number.POSITIVE_INFINITY)
  }
}

/** Of scores best first, with linear interpolation; null for none. */
export function quantileAt(others: readonly number[], share: number): number | null {
  const place = share * (others.length - 1)
  const above = others[Math.floor(place)]
  const below = others[Math.ceil(place)]
  return above === undefined || below === undefined ? null : above + (below - above) * (place - Math.floor(place))
}

/** Trials in each bracket, when each trial belongs to the one that `bracketOf` says. */
export function bracketPlan(
  plan: readonly Bracket[],
  bracketOf: (trial: number) => number,
  n_trials: number,
  options: { readonly max_t: number; readonly factor: number },
): PlannedRung[] {
  const counts = plan.map(() => 0)
  for (let trial = 1; trial <= n_trials; trial++) {
    const at = bracketOf(trial)
    counts[at] = (counts[at] ?? 0) + 1
  }
  return plan.flatMap(({ rungs }, at) => ((counts[at] ?? 0) === 0 ? [] : halvings(at, rungs, counts[at] ?? 0, options)))
}

export function graceProblems(params: Params): string[] {
  const grace = maybeNumber(params, 'grace') ?? 0
  return grace > 1 && grace >= numberOf(params, 'max_t') ? ['grace: must be less than max_t, or no rung is left'] : []
}
