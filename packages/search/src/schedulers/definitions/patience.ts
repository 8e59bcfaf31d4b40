// `!Patience`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, needed, numberOf, optional } from '../../catalogue/params.ts'
import { patience as build } from '../patience.ts'

const count = { type: 'integer', minimum: 1 }

export const patience: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'Patience',
  description:
    'A trial stops when it has not improved for some reports; around another scheduler, it holds back that one until then.',
  source: 'Optuna',
  params: [
    needed('patience', 'Reports without improvement that are forgiven.', { type: 'integer', minimum: 0 }),
    optional('min_delta', 'A smaller improvement is none.', { type: 'number', minimum: 0 }, 0),
    {
      name: 'scheduler',
      required: false,
      description: 'The rule that is held back; running out of patience stops by itself when left out.',
      component: 'Scheduler',
    },
    optional('max_t', 'Steps at which a trial ends; its own end when left out.', count),
  ],
  bounds: params => ({ grace: 1, max_t: maybeNumber(params, 'max_t') ?? null }),
  on_nan: params => (params.scheduler === undefined ? 'stop' : 'inner'),
  build: (params, { mode, nested }) =>
    build({
      mode,
      patience: numberOf(params, 'patience'),
      min_delta: numberOf(params, 'min_delta'),
      ...(params.scheduler === undefined ? {} : { scheduler: nested(params.scheduler) }),
    }),
}
