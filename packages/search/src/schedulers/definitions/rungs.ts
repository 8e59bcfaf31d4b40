// Params and problems that the rules with rungs share.

import { maybeNumber, needed, numberOf, optional, type Param, type Params } from '../../catalogue/params.ts'

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

export function graceProblems(params: Params): string[] {
  const grace = maybeNumber(params, 'grace') ?? 0
  return grace > 1 && grace >= numberOf(params, 'max_t') ? ['grace: must be less than max_t, or no rung is left'] : []
}
