// Ray Tune's schedulers by the names that users of Flambé write, with Ray's own defaults (python/ray/tune/schedulers).
// Time is counted in steps here, wherever Ray counts seconds by default.

import { type AliasParam, aliasForNothing, aliasFrom } from './alias.ts'
import { schedulerParams } from './common.ts'
import type { AliasDefinition } from './definition.ts'
import { optional } from './params.ts'

const count = { type: 'integer', minimum: 1 }
const atLeast = (minimum: number) => ({ type: 'number', minimum })

/** A param that is taken over under another name. */
function renamed(becomes: string, ...param: Parameters<typeof optional>): AliasParam {
  return { ...optional(...param), becomes }
}

/** A param of which only some values can be had. */
function only(unless: readonly (string | number | boolean)[], say: string, name: string): AliasParam {
  const words = unless.map(value => JSON.stringify(value)).join(' or ')
  return { ...optional(name, `Only ${words || 'left out'}: ${say}.`, {}), refused: { unless, say } }
}

const shared: readonly AliasParam[] = [
  only(['training_iteration'], 'steps are what counts here; leave it out', 'time_attr'),
  optional('metric', 'Changes nothing: the metric of the trial is what counts.', { type: 'string' }),
  renamed('direction', 'mode', 'Direction of the metric.', { enum: ['min', 'max'] }),
  ...schedulerParams.filter(param => param.name === 'on_nan').map(param => ({ ...param, becomes: 'on_nan' })),
]

const stopsAtMaxT = only([true], 'a trial always ends at max_t here', 'stop_last_trials')

const hyperbandParams: readonly AliasParam[] = [
  renamed('max_t', 'max_t', 'Steps at which a trial ends.', count, 81),
  renamed('factor', 'reduction_factor', 'A rung keeps the best 1/factor.', atLeast(2), 3),
  stopsAtMaxT,
  ...shared,
]

const ashaParams: readonly AliasParam[] = [
  renamed('max_t', 'max_t', 'Steps at which a trial ends.', count, 100),
  renamed('grace', 'grace_period', 'Steps of the first rung.', count, 1),
  renamed('factor', 'reduction_factor', 'A rung keeps the best 1/factor.', atLeast(2), 4),
  only([1], 'for several brackets write !HyperBand', 'brackets'),
  stopsAtMaxT,
  ...shared,
]

const medianParams: readonly AliasParam[] = [
  renamed('grace', 'grace_period', 'Steps (not seconds) before it are not judged.', count, 1),
  renamed('min_trials', 'min_samples_required', 'Others that must have got this far.', count, 3),
  only([0], 'there is no least time between two judgements here', 'min_time_slice'),
  only([true], 'a trial that is worse than the median ends; it does not pause', 'hard_stop'),
  ...shared,
]

const share = { type: 'number', exclusiveMinimum: 0, maximum: 0.5 }
const factors = { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 1 }
const ranges = 'ranges are options of the block, with a search such as !Random; `only` names those that change'

const pbtParams: readonly AliasParam[] = [
  renamed('interval', 'perturbation_interval', 'Steps (not seconds) between two ranks of a trial.', count, 60),
  renamed('burn_in', 'burn_in_period', 'Steps before the first.', { type: 'integer', minimum: 0 }, 0),
  renamed('quantile', 'quantile_fraction', 'The share that copies, and that is copied.', share, 0.25),
  renamed('only', 'only', 'Names of the options that change; all when left out.', { type: 'array' }),
  renamed('max_t', 'max_t', 'Steps at which a trial ends; its own end when left out.', count),
  only([], 'a population is in no step here', 'synch'),
  only([], 'a trial whose values are missing is not ranked', 'require_attrs'),
  only([], 'every exchange stands in the journal', 'log_config'),
  ...shared,
]

const ashaDescription = 'As !ASHA {mode: stop, rule: ray}: the others decide, and the first at a rung goes on.'

export const raySchedulers: readonly AliasDefinition[] = [
  alias('ray.FIFOScheduler', 'FIFO', 'As !FIFO.', []),
  alias('ray.ASHAScheduler', 'ASHA', ashaDescription, ashaParams, { mode: 'stop', rule: 'ray' }),
  alias('ray.AsyncHyperBandScheduler', 'ASHA', ashaDescription, ashaParams, { mode: 'stop', rule: 'ray' }),
  alias('ray.HyperBandScheduler', 'SyncHyperBand', 'As !SyncHyperBand; every bracket reaches max_t.', hyperbandParams),
  alias('ray.HyperBandForBOHB', 'SyncHyperBand', 'As !SyncHyperBand, for a search with !BOHB.', hyperbandParams),
  alias('ray.MedianStoppingRule', 'MedianStopping', 'As !MedianStopping {rule: ray}.', medianParams, { rule: 'ray' }),
  alias('ray.PopulationBasedTraining', 'PBT', 'As !PBT; values stay in their ranges.', [
    renamed(
      'resample',
      'resample_probability',
      'How likely a value is drawn anew.',
      { ...atLeast(0), maximum: 1 },
      0.25,
    ),
    renamed('factors', 'perturbation_factors', 'What a number is multiplied by otherwise.', factors, [1.2, 0.8]),
    only([], ranges, 'hyperparam_mutations'),
    only([], 'a function cannot stand in a file; write a scheduler of your own', 'custom_explore_fn'),
    ...pbtParams,
  ]),
  alias('ray.PB2', 'PB2', 'As !PB2; bounds are the ranges of the options.', [
    only([], ranges, 'hyperparam_bounds'),
    ...pbtParams,
  ]),
  nothing(
    'ray.PopulationBasedTrainingReplay',
    'write `!Replay {schedule: [{step: 2, params: {lr: 0.1}}]}`; the page of a population (PBT) gives its schedule as such lines',
  ),
  nothing('ray.ResourceChangingScheduler', 'devices are fixed for a block; write `devices: {block: {gpu: 1}}`'),
]

function alias(
  tag: string,
  alias_of: string,
  description: string,
  params: readonly AliasParam[],
  fixed: Parameters<typeof aliasFrom>[0]['fixed'] = {},
): AliasDefinition {
  return aliasFrom({ tag, of: 'Scheduler', alias_of, description, params, fixed })
}

function nothing(tag: string, instead: string): AliasDefinition {
  return aliasForNothing(tag, 'Scheduler', `${tag} stands for nothing here: ${instead}`)
}
