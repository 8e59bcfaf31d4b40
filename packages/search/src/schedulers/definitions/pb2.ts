// `!PB2`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, numberOf } from '../../catalogue/params.ts'
import { pb2Axes, pb2Explore } from '../pb2.ts'
import { pbt as build } from '../pbt.ts'
import { onlyOf, populationOptions, populationParams, populationProblems } from './pbt.ts'

export const pb2: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'PB2',
  description:
    'Population-based bandits: PBT whose new values come from a Gaussian process over what raised the metric so far. ' +
    'For small populations; only numbers change.',
  source: 'Parker-Holder, Nguyen and Roberts, 2020',
  params: populationParams,
  problems(params, space) {
    const problems = populationProblems(params, space)
    if (problems.length > 0 || space === undefined || space === null) return problems
    if (pb2Axes(space, onlyOf(params, space)).length > 0) return []
    return ['PB2 changes numbers, and none of the options that may change is one; use PBT instead']
  },
  bounds: params => ({
    grace: Math.max(numberOf(params, 'burn_in'), 1),
    max_t: maybeNumber(params, 'max_t') ?? null,
  }),
  build(params, { mode, seed, block, space }) {
    const options = populationOptions(params)
    const only = onlyOf(params, space ?? {})
    const explore = pb2Explore({
      mode,
      space: space ?? {},
      interval: options.interval,
      ...(only === undefined ? {} : { only }),
    })
    return build({ ...options, mode, seed, block, explore })
  },
}
