// `!Threshold`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, numberOf, optional } from '../../catalogue/params.ts'
import { threshold as build } from '../threshold.ts'

const count = { type: 'integer', minimum: 1 }

export const threshold: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'Threshold',
  description: 'A trial stops when its metric leaves the bounds.',
  source: 'Optuna',
  params: [
    optional('lower', 'The least value that goes on, whatever the direction.', { type: 'number' }),
    optional('upper', 'The greatest value that goes on.', { type: 'number' }),
    optional('grace', 'Steps before it are not judged.', { type: 'integer', minimum: 0 }, 0),
    optional('interval', 'It judges once in so many steps.', count, 1),
    optional('max_t', 'Steps at which a trial ends; its own end when left out.', count),
  ],
  problems: params => {
    const lower = maybeNumber(params, 'lower')
    const upper = maybeNumber(params, 'upper')
    if (lower === undefined && upper === undefined) return ['lower: is needed, or upper']
    return lower !== undefined && upper !== undefined && lower > upper ? ['lower: must not be above upper'] : []
  },
  bounds: params => ({ grace: numberOf(params, 'grace'), max_t: maybeNumber(params, 'max_t') ?? null }),
  build: params => {
    const lower = maybeNumber(params, 'lower')
    const upper = maybeNumber(params, 'upper')
    return build({
      ...(lower === undefined ? {} : { lower }),
      ...(upper === undefined ? {} : { upper }),
      grace: numberOf(params, 'grace'),
      interval: numberOf(params, 'interval'),
    })
  },
}
