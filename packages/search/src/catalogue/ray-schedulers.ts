// Ray Tune's schedulers by the names that users of Flambé write, with Ray's own defaults (python/ray/tune/schedulers).

import { type AliasParam, aliasFrom } from './alias.ts'
import { schedulerParams } from './common.ts'
import type { AliasDefinition } from './definition.ts'
import { optional } from './params.ts'

const count = { type: 'integer', minimum: 1 }

const timeAttr: AliasParam = {
  ...optional('time_attr', 'What time is counted in; only steps (`training_iteration`) here.', { type: 'string' }),
  refused: { unless: ['training_iteration'], say: 'steps are what counts here; leave it out' },
}

const shared: readonly AliasParam[] = [
  timeAttr,
  optional('metric', 'Changes nothing: the metric of the trial is what counts.', { type: 'string' }),
  { ...optional('mode', 'Direction of the metric.', { enum: ['min', 'max'] }), becomes: 'direction' },
  ...schedulerParams.filter(param => param.name === 'on_nan').map(param => ({ ...param, becomes: 'on_nan' })),
]

const stopsAtMaxT: AliasParam = {
  ...optional('stop_last_trials', 'Only true: a trial ends at max_t.', { type: 'boolean' }),
  refused: { unless: [true], say: 'a trial always ends at max_t here' },
}

const ashaParams: readonly AliasParam[] = [
  { ...optional('max_t', 'Steps at which a trial ends.', count, 100), becomes: 'max_t' },
  { ...optional('grace_period', 'Steps of the first rung.', count, 1), becomes: 'grace' },
  { ...optional('reduction_factor', 'A rung keeps the best 1/factor.', { minimum: 2 }, 4), becomes: 'factor' },
  {
    ...optional('brackets', 'Only 1.', count),
    refused: { unless: [1], say: 'for several brackets write !HyperBand' },
  },
  stopsAtMaxT,
  ...shared,
]

export const raySchedulers: readonly AliasDefinition[] = [
  aliasFrom({
    tag: 'ray.FIFOScheduler',
    of: 'Scheduler',
    alias_of: 'FIFO',
    description: 'As !FIFO.',
    params: [],
  }),
  ...['ray.ASHAScheduler', 'ray.AsyncHyperBandScheduler'].map(tag =>
    aliasFrom({
      tag,
      of: 'Scheduler',
      alias_of: 'ASHA',
      description: 'As !ASHA {mode: stop}; the own value counts at a rung, so it decides a little stricter than Ray.',
      params: ashaParams,
      fixed: { mode: 'stop' },
    }),
  ),
]
