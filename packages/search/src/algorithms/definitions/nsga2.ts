// `!NSGA2`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, numberOf, optional } from '../../catalogue/params.ts'
import { nsga2 as nsga2Search } from '../nsga2.ts'
import { duplicates, modelOptions } from './model.ts'

const share = { type: 'number', minimum: 0, maximum: 1 }

export const nsga2: SearchDefinition = {
  kind: 'search',
  tag: 'NSGA2',
  description: 'A genetic algorithm for several objectives, with constraints; for many trials over any space.',
  source: 'Deb et al., 2002',
  params: [
    optional('population', 'Trials a generation.', { type: 'integer', minimum: 2 }, 50),
    optional('crossover', 'Probability that a child has two parents.', share, 0.9),
    optional('swap', 'Probability that an option comes from the second parent.', share, 0.5),
    optional('mutation', 'Probability that an option is drawn anew; 1 / options when left out.', share),
    duplicates,
  ],
  build(params, context) {
    const mutation = maybeNumber(params, 'mutation')
    return nsga2Search({
      ...modelOptions(params, context),
      population: numberOf(params, 'population'),
      crossover: numberOf(params, 'crossover'),
      swap: numberOf(params, 'swap'),
      ...(mutation === undefined ? {} : { mutation }),
    })
  },
}
