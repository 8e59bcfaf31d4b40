// `!Evolution`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { numberOf, optional } from '../../catalogue/params.ts'
import { evolution as evolutionSearch } from '../evolution.ts'
import { duplicates, modelOptions } from './model.ts'

export const evolution: SearchDefinition = {
  kind: 'search',
  tag: 'Evolution',
  description:
    'Changes one option of a good recent trial at a time; for large spaces of choices, such as architectures.',
  source: 'Real et al., 2019 (regularized evolution)',
  params: [
    optional(
      'population',
      'The newest trials that may be parents; as many random ones come first.',
      { type: 'integer', minimum: 2 },
      50,
    ),
    optional('sample', 'Members that are compared for a parent.', { type: 'integer', minimum: 1 }, 12),
    duplicates,
  ],
  build: (params, context) =>
    evolutionSearch({
      ...modelOptions(params, context),
      population: numberOf(params, 'population'),
      sample: numberOf(params, 'sample'),
    }),
}
