// Ray Tune's search algorithms by the names that users of Flambé write (python/ray/tune/search), and what comes nearest here.
// The common params (n_trials, timeout, constraints, ...) may stand beside Ray's.

import { type AliasParam, aliasForNothing, aliasFrom } from './alias.ts'
import { searchParams } from './common.ts'
import type { AliasDefinition } from './definition.ts'
import { optional, type Params } from './params.ts'

const count = { type: 'integer', minimum: 1 }
const integer = { type: 'integer' }

function renamed(becomes: string, ...param: Parameters<typeof optional>): AliasParam {
  return { ...optional(...param), becomes }
}

/** A param that cannot be had, whatever its value. */
function never(name: string, say: string): AliasParam {
  return { ...optional(name, `Leave it out: ${say}.`, {}), refused: { unless: [], say } }
}

const points = { type: 'array', items: { type: 'object' } }
const shared: readonly AliasParam[] = [
  ...searchParams.map(param => ({ ...param, becomes: param.name })),
  renamed('initial', 'points_to_evaluate', 'Points to try first, as `initial`.', points),
  never('space', 'the options of the block are the space'),
  never('evaluated_rewards', 'points are run, results cannot be given; write `initial`'),
]
const startup = (name: string, value: number) =>
  renamed('startup', name, 'Finished trials before the model takes over.', count, value)
const seed = (name: string) => renamed('seed', name, 'Seed of the draws.', integer)

export const raySearches: readonly AliasDefinition[] = [
  alias('ray.BasicVariantGenerator', 'Random', 'As !Random; for every combination write !Grid.', [
    seed('random_state'),
    never('constant_grid_search', 'for every combination write !Grid'),
  ]),
  alias(
    'ray.HyperOptSearch',
    'TPE',
    'As !TPE {multivariate: false, constant_liar: false, duplicates: allow}, which shares its rule, not its numbers.',
    [
      startup('n_initial_points', 20),
      seed('random_state_seed'),
      never('gamma', 'how many trials count as good is no choice here'),
    ],
    { multivariate: false, constant_liar: false, duplicates: 'allow' },
  ),
  alias('ray.OptunaSearch', 'TPE', 'As !TPE, the joint rule of Optuna 5.', [
    never('sampler', 'write the algorithm itself: !TPE, !GP, !CMAES or !NSGA2'),
    never('study_name', 'the experiment has a name'),
    never('storage', 'the hub keeps everything'),
  ]),
  alias('ray.BayesOptSearch', 'GP', 'As !GP.', [
    startup('random_search_steps', 10),
    seed('random_state'),
    never('utility_kwargs', '!GP proposes by log expected improvement'),
    never('patience', '`duplicates` says what happens to a point that comes up again'),
    never('skip_duplicate', '`duplicates` of !GP says what happens to a point that comes up again'),
    never('analysis', 'results of before cannot be given; write `initial`'),
    optional('verbose', 'Changes nothing.', integer),
  ]),
  alias('ray.AxSearch', 'GP', 'As !GP, the nearest to what Ax does by default.', [
    never('parameter_constraints', 'only reported metrics have limits: write `constraints` with !TPE'),
    never('outcome_constraints', 'write `constraints` with !TPE'),
    never('ax_client', 'an object cannot stand in a file'),
  ]),
  alias('ray.TuneBOHB', 'BOHB', 'As !BOHB; with !ray.HyperBandForBOHB or any scheduler.', [
    never('bohb_config', 'write the params of !BOHB'),
  ]),
  ...['ray.HEBOSearch', 'ray.SkOptSearch', 'ray.DragonflySearch'].map(tag =>
    alias(tag, 'GP', 'As !GP.', [seed('random_state_seed')]),
  ),
  alias('ray.NevergradSearch', 'CMAES', 'As !CMAES, the best of its optimizers for numbers.', [
    {
      ...optional('optimizer', 'Only CMA.', { type: 'string' }),
      refused: { unless: ['CMA'], say: 'only CMA is here; leave it out, or write !Evolution or !Sobol' },
    },
    never('optimizer_kwargs', 'write !CMAES and its own params'),
  ]),
  nothing('ray.ZOOptSearch', 'write !TPE'),
  nothing('ray.SigOptSearch', 'write !GP'),
  nothing('ray.CFO', 'write !TPE'),
  nothing('ray.BlendSearch', 'write !TPE'),
  nothing('ray.ConcurrencyLimiter', 'write the algorithm itself with `max_concurrent`'),
  nothing('ray.Repeater', 'make the seed an option of the block, `seed: !g [1, 2, 3]`'),
]

function alias(
  tag: string,
  alias_of: string,
  description: string,
  params: readonly AliasParam[],
  fixed: Params = {},
): AliasDefinition {
  const own = params.map(param => param.name)
  const rest = shared.filter(param => !own.includes(param.name))
  return aliasFrom({ tag, of: 'SearchAlgorithm', alias_of, description, params: [...params, ...rest], fixed })
}

function nothing(tag: string, instead: string): AliasDefinition {
  return aliasForNothing(tag, 'SearchAlgorithm', `${tag} stands for nothing here: ${instead}`)
}
