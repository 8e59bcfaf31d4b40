// `!ASHA`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { needed, numberOf, optional, wordOf } from '../../catalogue/params.ts'
import { ashaRungs, asha as stopping } from '../asha.ts'
import { ashaPromote } from '../asha-promote.ts'
import { bestShare, FACTOR, graceProblems, halvings, quantileAt, rungOptions } from './rungs.ts'

export const asha: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'ASHA',
  description: 'Asynchronous successive halving: at each rung only the best 1/factor of the trials seen there go on.',
  source: 'Li et al., 2020; the decisions of Optuna and Determined',
  params: [
    needed('max_t', 'Steps at which a trial ends.', { type: 'integer', minimum: 1 }),
    optional('grace', 'Steps of the first rung; max_t / 13 when left out.', { type: 'integer', minimum: 1 }),
    optional('factor', 'A rung keeps the best 1/factor and the next lies factor times as far.', FACTOR, 3),
    optional(
      'mode',
      'What happens to the others at a rung: they end (stop), or pause until they are among the best (promote).',
      { enum: ['stop', 'promote'] },
      'stop',
    ),
    optional(
      'rule',
      'Who is worse at a rung, with mode stop: halving counts the own value and keeps the best 1/factor; ray and syne decide as ' +
        'Ray Tune and Syne Tune do.',
      { enum: ['halving', 'ray', 'syne'] },
      'halving',
    ),
  ],
  problems: params => [
    ...(params.mode === 'promote' && params.rule !== 'halving' ? ['rule: only halving with mode promote'] : []),
    ...graceProblems(params),
  ],
  bounds: params => ({ grace: ashaRungs(rungOptions(params))[0] ?? 1, max_t: numberOf(params, 'max_t') }),
  plan: (params, n_trials) => halvings(0, ashaRungs(rungOptions(params)), n_trials, rungOptions(params)),
  cutoff: params => {
    const factor = numberOf(params, 'factor')
    if (params.rule === 'ray') return others => quantileAt(others, 1 / factor)
    if (params.rule === 'syne') return others => others[Math.floor((others.length + 1) / factor)] ?? null
    return bestShare(factor, params.mode === 'promote' ? 0 : 1)
  },
  build: (params, { mode }) => {
    const rule = wordOf(params, 'rule', ['halving', 'ray', 'syne'])
    if (wordOf(params, 'mode', ['stop', 'promote']) === 'promote') return ashaPromote({ ...rungOptions(params), mode })
    return stopping({ ...rungOptions(params), mode, rule })
  },
}
