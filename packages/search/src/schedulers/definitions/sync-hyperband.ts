// `!SyncHyperBand`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { numberOf } from '../../catalogue/params.ts'
import { brackets } from '../hyperband.ts'
import { syncHyperband as build } from '../sync-hyperband.ts'
import { graceProblems, hyperbandParams, rungOptions } from './rungs.ts'

export const syncHyperband: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'SyncHyperBand',
  description:
    'HyperBand in step: trials of a bracket pause at a rung until all are there, then the best 1/factor go on.',
  source: 'Li et al., 2018',
  params: hyperbandParams,
  problems: graceProblems,
  bounds: params => ({
    grace: brackets(rungOptions(params))[0]?.rungs[0] ?? 1,
    max_t: numberOf(params, 'max_t'),
  }),
  build: (params, { mode }) => build({ ...rungOptions(params), mode }),
}
