// The params that every search algorithm, and every scheduler, takes. `n_trials`, `max_concurrent` and `initial` are kept by the
// wrapper of `proposals.ts`, `on_nan` by `schedulers/rule.ts`; `timeout`, `metric` and `constraints` are the driver's: it has
// the clock and the reported metrics. Registry and catalogue read them.

import type { Json } from '../json.ts'
import { optional, type Param } from './params.ts'

const count = { type: 'integer', minimum: 1 }
const direction = { enum: ['min', 'max'] }
const texts = (item: { readonly [key: string]: Json }) => ({
  anyOf: [item, { type: 'array', items: item, minItems: 1 }],
})

export const searchParams: readonly Param[] = [
  optional('n_trials', 'Trials in all, those of `initial` and failed ones included.', count),
  optional('timeout', 'Seconds after which no new trial starts.', { type: 'number', exclusiveMinimum: 0 }),
  optional('seed', 'Seed of the draws; the seed of the experiment when left out.', { type: 'integer' }),
  optional('max_concurrent', 'Most trials at the same time; as many as there are slots when left out.', count),
  optional(
    'initial',
    'Points to try first, each a map of option names to values; options that a point leaves out are drawn.',
    { type: 'array', items: { type: 'object' } },
  ),
  optional(
    'metric',
    'Name of the reported metric, or a list for several objectives; what `metric()` returned when left out.',
    texts({ type: 'string' }),
  ),
  optional(
    'mode',
    'Direction of the metric, or a list with one for each objective; the component says it when left out.',
    texts(direction),
  ),
  optional(
    'constraints',
    'Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last.',
    {
      type: 'object',
    },
  ),
]

export const schedulerParams: readonly Param[] = [
  optional('direction', 'Direction of the metric; the component says it when left out.', direction),
  optional(
    'on_nan',
    'What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, ' +
      'the step is ignored, or the trial fails.',
    { enum: ['stop', 'ignore', 'fail'] },
  ),
]
