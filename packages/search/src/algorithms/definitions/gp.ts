// `!GP`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { numberOf } from '../../catalogue/params.ts'
import { gp as gpSearch } from '../gp.ts'
import { duplicates, modelOptions, oneObjective, startup } from './model.ts'

export const gp: SearchDefinition = {
  kind: 'search',
  tag: 'GP',
  description:
    'Bayesian optimisation with a Gaussian process: the fewest trials on smooth functions of up to about 20 options, ' +
    'at some milliseconds of thought each.',
  source: 'Snoek et al., 2012; priors of Optuna; log EI of Ament et al., 2023',
  params: [startup(10), duplicates],
  problems: params => oneObjective('GP', params),
  build: (params, context) => gpSearch({ ...modelOptions(params, context), startup: numberOf(params, 'startup') }),
}
