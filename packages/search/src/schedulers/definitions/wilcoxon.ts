// `!Wilcoxon`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, numberOf, optional } from '../../catalogue/params.ts'
import { wilcoxon as build } from '../wilcoxon.ts'

export const wilcoxon: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'Wilcoxon',
  description:
    'For steps that are folds or problem instances: a trial stops when it is worse than the best completed one beyond chance.',
  source: 'Wilcoxon, 1945; Optuna',
  params: [
    optional('p', 'The p-value below which a trial stops.', { type: 'number', minimum: 0, maximum: 1 }, 0.1),
    optional('startup', 'Steps that both must have.', { type: 'integer', minimum: 0 }, 2),
    optional('max_t', 'Steps at which a trial ends; its own end when left out.', { type: 'integer', minimum: 1 }),
  ],
  bounds: params => ({ grace: 1, max_t: maybeNumber(params, 'max_t') ?? null }),
  on_nan: () => 'ignore',
  build: (params, { mode }) => build({ mode, p: numberOf(params, 'p'), startup: numberOf(params, 'startup') }),
}
