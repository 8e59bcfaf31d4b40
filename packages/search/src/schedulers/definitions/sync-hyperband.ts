// `!SyncHyperBand`.

import type { PlannedRung, SchedulerDefinition } from '../../catalogue/definition.ts'
import { numberOf } from '../../catalogue/params.ts'
import { brackets } from '../hyperband.ts'
import { syncHyperband as build } from '../sync-hyperband.ts'
import { graceProblems, halvings, hyperbandParams, rungOptions } from './rungs.ts'

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
  // Round after round of brackets, each filled before the next.
  plan: (params, n_trials) => {
    const plan = brackets(rungOptions(params))
    const rungs: PlannedRung[] = []
    for (let left = n_trials, at = 0; left > 0; at++) {
      const own = plan[at % plan.length]
      if (own === undefined) break
      rungs.push(...halvings(at, own.rungs, Math.min(own.size, left), rungOptions(params)))
      left -= own.size
    }
    return rungs
  },
  bracketOf: params => {
    const sizes = brackets(rungOptions(params)).map(({ size }) => size)
    const ends = sizes.map((_, at) => sizes.slice(0, at + 1).reduce((all, size) => all + size, 0))
    const sum = ends.at(-1) ?? 1
    return trial => {
      const place = (trial - 1) % sum
      const at = ends.findIndex(end => place < end)
      return Math.floor((trial - 1) / sum) * sizes.length + at
    }
  },
  build: (params, { mode }) => build({ ...rungOptions(params), mode }),
}
