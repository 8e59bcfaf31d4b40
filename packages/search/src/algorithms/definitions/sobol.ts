// `!Sobol`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { flagOf, optional } from '../../catalogue/params.ts'
import { sobolSearch } from '../sobol.ts'
import { duplicates, modelOptions } from './model.ts'

export const sobol: SearchDefinition = {
  kind: 'search',
  tag: 'Sobol',
  description:
    'Quasi-random points that cover the space more evenly than independent draws. Beyond 40 options, the rest are ' +
    'drawn independently.',
  source: "Sobol', 1967; Joe and Kuo, 2008; Owen scrambling by hash, Burley, 2020",
  params: [
    optional(
      'scramble',
      'Scrambled by the seed; false: the plain sequence, the same for every seed.',
      { type: 'boolean' },
      true,
    ),
    duplicates,
  ],
  build: (params, context) => sobolSearch({ ...modelOptions(params, context), scramble: flagOf(params, 'scramble') }),
}
