// `!HyperBand`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { numberOf } from '../../catalogue/params.ts'
import { brackets, hyperband as build, evenly } from '../hyperband.ts'
import { bestShare, bracketPlan, graceProblems, hyperbandParams, rungOptions } from './rungs.ts'

export const hyperband: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'HyperBand',
  description:
    'ASHA in brackets: some trials are judged early, others late, the last bracket never; nobody waits for anybody.',
  source: 'Li et al., 2018; asynchronous as in Optuna',
  params: hyperbandParams,
  problems: graceProblems,
  bounds: params => ({
    grace: brackets(rungOptions(params))[0]?.rungs[0] ?? 1,
    max_t: numberOf(params, 'max_t'),
  }),
  plan: (params, n_trials) => {
    const plan = brackets(rungOptions(params))
    return bracketPlan(plan, evenly(plan.map(({ size }) => size)), n_trials, rungOptions(params))
  },
  bracketOf: params => evenly(brackets(rungOptions(params)).map(({ size }) => size)),
  cutoff: params => bestShare(numberOf(params, 'factor'), 1),
  build: (params, { mode }) => build({ ...rungOptions(params), mode }),
}
