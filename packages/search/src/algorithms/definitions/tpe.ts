// `!TPE`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { flagOf, numberOf, optional } from '../../catalogue/params.ts'
import { tpe as tpeSearch } from '../tpe.ts'
import { duplicates, modelOptions, startup } from './model.ts'

export const tpe: SearchDefinition = {
  kind: 'search',
  tag: 'TPE',
  description:
    'Tree-structured Parzen estimators: proposes where good trials are dense and others rare. Good for any space, ' +
    'with choices and conditions, from 20 trials to thousands; several objectives and constraints too.',
  source: 'Bergstra et al., 2011; joint rule of Optuna 5.0; Ozaki et al., 2020, for several objectives',
  params: [
    startup(10),
    optional('candidates', 'Draws of which the best is proposed.', { type: 'integer', minimum: 1 }, 24),
    optional(
      'multivariate',
      'One density over all options that are always there; false: one each.',
      { type: 'boolean' },
      true,
    ),
    optional(
      'group',
      'With multivariate: what an alternative brings is drawn jointly too.',
      { type: 'boolean' },
      false,
    ),
    optional(
      'constant_liar',
      'Running trials count as bad, which keeps those of a batch apart.',
      { type: 'boolean' },
      true,
    ),
    duplicates,
  ],
  build: (params, context) =>
    tpeSearch({
      ...modelOptions(params, context),
      startup: numberOf(params, 'startup'),
      candidates: numberOf(params, 'candidates'),
      multivariate: flagOf(params, 'multivariate'),
      group: flagOf(params, 'group'),
      constant_liar: flagOf(params, 'constant_liar'),
    }),
}
