// `!Percentile`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, numberOf, optional } from '../../catalogue/params.ts'
import { percentileStopping } from '../percentile.ts'

const count = { type: 'integer', minimum: 1 }

export const percentile: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'Percentile',
  description:
    'A trial stops when its best so far is not within the best share of what completed trials had at this step.',
  source: 'Optuna; 50 is its median rule',
  params: [
    optional('percentile', 'The share in percent that goes on.', { type: 'number', minimum: 0, maximum: 100 }, 25),
    optional('startup', 'Completed trials before it judges.', { type: 'integer', minimum: 0 }, 5),
    optional('grace', 'Steps before it are not judged.', { type: 'integer', minimum: 0 }, 0),
    optional('interval', 'It judges once in so many steps.', count, 1),
    optional('max_t', 'Steps at which a trial ends; its own end when left out.', count),
  ],
  bounds: params => ({ grace: numberOf(params, 'grace'), max_t: maybeNumber(params, 'max_t') ?? null }),
  build: (params, { mode }) =>
    percentileStopping({
      mode,
      percentile: numberOf(params, 'percentile'),
      startup: numberOf(params, 'startup'),
      grace: numberOf(params, 'grace'),
      interval: numberOf(params, 'interval'),
    }),
}
