// `!CMAES`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, optional } from '../../catalogue/params.ts'
import { cmaesProblems, cmaes as cmaesSearch } from '../cmaes.ts'
import { oneObjective } from './model.ts'

export const cmaes: SearchDefinition = {
  kind: 'search',
  tag: 'CMAES',
  description:
    'An evolution strategy that learns the shape of the valley; for some hundred trials and more over numbers. ' +
    'Choices, and options that only some alternatives bring, are drawn by independent TPE.',
  source:
    'Hansen, 2016; quasi-random draws of Teytaud and Gelly, 2007; least deviation on steps after Hamano et al., 2022',
  params: [
    optional('population', 'Trials a generation; 4 + floor(3 ln d) when left out.', { type: 'integer', minimum: 4 }),
    optional('sigma', 'First standard deviation as a share of each range; 1/6 when left out.', {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
    }),
  ],
  problems: (params, space) => [...oneObjective('CMAES', params), ...cmaesProblems(space)],
  build(params, { space, seed, block, mode }) {
    const population = maybeNumber(params, 'population')
    const sigma = maybeNumber(params, 'sigma')
    return cmaesSearch({
      space,
      seed,
      block,
      mode,
      ...(population === undefined ? {} : { population }),
      ...(sigma === undefined ? {} : { sigma }),
    })
  },
}
