// `!MedianStopping`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, numberOf, optional, wordOf } from '../../catalogue/params.ts'
import { medianStopping as build } from '../median.ts'

const count = { type: 'integer', minimum: 1 }

export const median: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'MedianStopping',
  description:
    'A trial stops when its best so far is worse than the median of the running means of the others at this step.',
  source: 'Golovin et al. (Vizier), 2017',
  params: [
    optional('grace', 'Steps before it are not judged.', count, 1),
    optional('min_trials', 'Others that must have got to this step.', count, 5),
    optional('exempt', 'The best n trials are never stopped.', { type: 'integer', minimum: 0 }, 0),
    optional('max_t', 'Steps at which a trial ends; its own end when left out.', count),
    optional(
      'rule',
      'Whom it looks at: completed and running trials, means from the first step (vizier); all, means from the grace (ray).',
      { enum: ['vizier', 'ray'] },
      'vizier',
    ),
  ],
  bounds: params => ({ grace: numberOf(params, 'grace'), max_t: maybeNumber(params, 'max_t') ?? null }),
  build: (params, { mode }) =>
    build({
      mode,
      grace: numberOf(params, 'grace'),
      min_trials: numberOf(params, 'min_trials'),
      exempt: numberOf(params, 'exempt'),
      rule: wordOf(params, 'rule', ['vizier', 'ray']),
    }),
}
