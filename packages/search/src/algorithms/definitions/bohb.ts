// `!BOHB`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { numberOf, optional } from '../../catalogue/params.ts'
import { bohb as bohbSearch } from '../bohb.ts'
import { duplicates, modelOptions, oneObjective } from './model.ts'

const share = { type: 'number', minimum: 0, maximum: 1 }

export const bohb: SearchDefinition = {
  kind: 'search',
  tag: 'BOHB',
  description:
    'The model of BOHB: densities of good and bad points at the largest step that enough trials have reached, a third of ' +
    'the proposals random. Made for a scheduler that stops early, such as HyperBand or ASHA.',
  source: 'Falkner, Klein and Hutter, 2018',
  params: [
    optional('budgets', 'Steps that count, those of the rungs; every reported step when left out.', {
      type: 'array',
      items: { type: 'number', exclusiveMinimum: 0 },
      minItems: 1,
    }),
    optional('top', 'Share of good points.', share, 0.15),
    optional('random_fraction', 'Share of random proposals.', share, 1 / 3),
    optional('candidates', 'Draws of which the best is proposed.', { type: 'integer', minimum: 1 }, 64),
    duplicates,
  ],
  problems: params => oneObjective('BOHB', params),
  build: (params, context) =>
    bohbSearch({
      ...modelOptions(params, context),
      top: numberOf(params, 'top'),
      random_fraction: numberOf(params, 'random_fraction'),
      candidates: numberOf(params, 'candidates'),
      ...(Array.isArray(params.budgets) ? { budgets: params.budgets as readonly number[] } : {}),
    }),
}
