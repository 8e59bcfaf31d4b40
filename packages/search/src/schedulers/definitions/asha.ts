// `!ASHA`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, needed, numberOf, optional, wordOf } from '../../catalogue/params.ts'
import { ashaRungs, asha as build } from '../asha.ts'

export const asha: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'ASHA',
  description: 'Asynchronous successive halving: at each rung only the best 1/factor of the trials seen there go on.',
  source: 'Li et al., 2020',
  params: [
    needed('max_t', 'Steps at which a trial ends.', { type: 'integer', minimum: 1 }),
    optional('grace', 'Steps of the first rung; max_t / 13 when left out.', { type: 'integer', minimum: 1 }),
    optional(
      'factor',
      'A rung keeps the best 1/factor and lies factor times as far.',
      { type: 'number', minimum: 2 },
      3,
    ),
    optional('mode', 'What happens to the others at a rung: they end.', { enum: ['stop'] }, 'stop'),
  ],
  bounds: params => ({ grace: ashaRungs(options(params))[0] ?? 1, max_t: numberOf(params, 'max_t') }),
  build: (params, { mode }) => {
    wordOf(params, 'mode', ['stop'])
    return build({ ...options(params), mode })
  },
}

function options(params: Parameters<SchedulerDefinition['bounds']>[0]) {
  const grace = maybeNumber(params, 'grace')
  const spread = grace === undefined ? {} : { grace }
  return { max_t: numberOf(params, 'max_t'), factor: numberOf(params, 'factor'), ...spread }
}
