// `!FIFO`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, optional } from '../../catalogue/params.ts'
import { fifo as build } from '../fifo.ts'

export const fifo: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'FIFO',
  description: 'No early stopping: trials run in the order in which they were proposed, each to its own end.',
  source: 'the order of proposals',
  params: [
    optional('max_t', 'Steps at which a trial ends; its own end when left out.', { type: 'integer', minimum: 1 }),
  ],
  on_nan: () => 'ignore',
  bounds: params => ({ grace: 1, max_t: maybeNumber(params, 'max_t') ?? null }),
  plan: (params, n_trials) => [
    { bracket: 0, step: maybeNumber(params, 'max_t') ?? Number.POSITIVE_INFINITY, trials: n_trials },
  ],
  build,
}
