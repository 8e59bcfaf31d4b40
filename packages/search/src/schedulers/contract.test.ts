// Every scheduler under the contract suite, by its tag, and the suite under rule breakers.

import { describe, expect, it } from 'vitest'
import type { Params } from '../catalogue/params.ts'
import { createScheduler } from '../catalogue/registry.ts'
import type { Scheduler } from '../contract.ts'
import { type SchedulerCaseOptions, schedulerCases } from '../testing/index.ts'
import { schedulerDefinitions } from './definitions/index.ts'
import { fifo } from './fifo.ts'

const space = { x: { kind: 'uniform', low: 0, high: 1 } } as const

const IGNORED = { from: 1, brings: 'ignore' } as const

const written: readonly [tag: string, params: Params, options?: SchedulerCaseOptions][] = [
  ['FIFO', {}, { bad: IGNORED }],
  ['FIFO', { max_t: 9 }, { max_t: 9, bad: IGNORED }],
  ['ASHA', { max_t: 27, grace: 1 }, { max_t: 27 }],
  ['ASHA', { max_t: 20, factor: 4, rule: 'ray', on_nan: 'ignore' }, { max_t: 20, bad: IGNORED }],
  ['ASHA', { max_t: 27, grace: 1, rule: 'syne', on_nan: 'fail' }, { max_t: 27, bad: { from: 1, brings: 'fail' } }],
  ['ASHA', { max_t: 27, grace: 1, mode: 'promote' }, { max_t: 27 }],
  ['ASHA', { max_t: 27, grace: 2, mode: 'promote', on_nan: 'ignore' }, { max_t: 27, bad: IGNORED }],
  ['ASHA', { max_t: 27, grace: 3 }, { max_t: 27, bad: { from: 3, brings: 'stop' } }],
  ['HyperBand', { max_t: 27 }, { max_t: 27 }],
  ['SyncHyperBand', { max_t: 9 }, { max_t: 9 }],
  ['SyncHyperBand', { max_t: 30, on_nan: 'ignore' }, { max_t: 30, trials: 75, bad: IGNORED }],
  ['SyncHyperBand', { max_t: 27, grace: 3 }, { max_t: 27, bad: { from: 3, brings: 'stop' } }],
  ['MedianStopping', { max_t: 27 }, { max_t: 27 }],
  ['MedianStopping', { grace: 3, min_trials: 1, exempt: 2, on_nan: 'ignore' }, { bad: IGNORED }],
  ['MedianStopping', { grace: 5, on_nan: 'fail' }, { bad: { from: 5, brings: 'fail' } }],
  ['MedianStopping', { rule: 'ray' }],
  ['Percentile', { percentile: 50, max_t: 27 }, { max_t: 27 }],
  ['Percentile', { startup: 1, interval: 3, on_nan: 'ignore' }, { bad: IGNORED }],
  ['Threshold', { upper: 0.9, grace: 5, max_t: 27 }, { max_t: 27, bad: { from: 5, brings: 'stop' } }],
  ['Patience', { patience: 2 }],
  [
    'Patience',
    { patience: 1, scheduler: { tag: 'ASHA', params: { max_t: 27, grace: 1, mode: 'promote' } } },
    { max_t: 27 },
  ],
  ['Patience', { patience: 1, scheduler: { tag: 'SyncHyperBand', params: { max_t: 27 } } }, { max_t: 27 }],
  ['Wilcoxon', {}, { bad: IGNORED }],
  ['Wilcoxon', { on_nan: 'stop' }],
  ['PBT', { interval: 3, max_t: 27 }, { max_t: 27 }],
  ['PBT', { interval: 3, max_t: 27, burn_in: 6, on_nan: 'ignore' }, { max_t: 27, bad: IGNORED }],
  ['PB2', { interval: 9, max_t: 27 }, { max_t: 27, trials: 24 }],
  [
    'Replay',
    {
      schedule: [
        { step: 3, params: { x: 0.5 } },
        { step: 9, params: { x: 0.25 } },
      ],
      max_t: 27,
      on_nan: 'stop',
    },
    { max_t: 27 },
  ],
]

for (const [tag, params, options] of written)
  describe(`${tag} ${JSON.stringify(params)}`, () => {
    const make = () => createScheduler(tag, params, { mode: 'min', seed: 5, block: 'b', space })
    for (const { name, run } of schedulerCases(make, options)) it(name, run)
  })

it('holds every scheduler that has a tag', () => {
  expect(new Set(written.map(([tag]) => tag))).toEqual(new Set(schedulerDefinitions.map(({ tag }) => tag)))
})

describe('the suite', () => {
  const failing = (broken: Partial<Scheduler>) => {
    const make = (): Scheduler => ({ ...(fifo() as Scheduler), ...broken })
    return schedulerCases(make, { max_t: 9, bad: { from: 1, brings: 'ignore' } })
      .filter(({ run }) => throws(run))
      .map(({ name }) => name)
  }

  it('fails a scheduler that lets trials run beyond max_t', () => {
    expect(failing({})).toEqual(['ends every trial that reaches max_t there, as complete, and none beyond'])
  })

  it('fails a scheduler that pauses and never goes on', () => {
    const pause = { kind: 'pause', reason: 'waits for nobody' } as const
    expect(failing({ judge: state => ({ state, verdict: pause }) })).toContain(
      'brings every trial to an end, with a reason for every stop',
    )
  })

  it('fails a scheduler whose decisions differ between equal runs', () => {
    let calls = 0
    const judge: Scheduler['judge'] = state => ({
      state,
      verdict: calls++ % 7 === 0 ? { kind: 'stop', reason: 'the seventh call' } : { kind: 'continue' },
    })
    expect(failing({ judge })).toContain('decides by the order of arrival alone: equal runs are equal')
  })

  it('fails a scheduler that changes its state in place', () => {
    const initial = { calls: 0 }
    const judge: Scheduler['judge'] = state => {
      ;(state as { calls: number }).calls++
      return { state, verdict: { kind: 'continue' } }
    }
    expect(failing({ initial, judge })).toContain('brings every trial to an end, with a reason for every stop')
  })

  // One rule broken in one way, around every scheduler in turn: the suite must see it wherever it is.
  const broken: { readonly [rule: string]: (whole: Scheduler) => Partial<Scheduler> } = {
    'an infinity is a number': whole => ({
      judge: (state, result, history) =>
        whole.judge(
          state,
          { ...result, value: numbered(result.value) },
          history.map(record => ({
            ...record,
            reports: record.reports.map(report => ({ ...report, value: numbered(report.value) })),
          })),
        ),
    }),
    'a bad value passes': whole => ({
      judge: (state, result, history) =>
        result.value === null || !Number.isFinite(result.value)
          ? { state, verdict: { kind: 'stop', reason: 'bad luck', as: 'complete' } }
          : whole.judge(state, result, history),
    }),
    'equal values are worse': whole => ({
      judge: (state, result, history) =>
        result.trial === 13
          ? { state, verdict: { kind: 'stop', reason: 'unlucky number' } }
          : whole.judge(state, result, history),
    }),
    'lost trials count as complete': whole => ({
      ended: (state, end, history) =>
        end.status === 'lost' ? { state: { lost: state } } : whole.ended(state, end, history),
      judge: (state, result, history) =>
        typeof state === 'object' && state !== null && 'lost' in state
          ? { state, verdict: { kind: 'stop', reason: 'after the lost one' } }
          : whole.judge(state, result, history),
    }),
    'failed trials are waited for': whole => ({
      ended: (state, end, history) => (end.status === 'failed' ? { state } : whole.ended(state, end, history)),
      next: (state, history) =>
        history.some(({ status }) => status === 'failed') ? { state, trial: null } : whole.next(state, history),
      judge: (state, result, history) =>
        history.some(({ status }) => status === 'failed')
          ? { state, verdict: { kind: 'pause', reason: 'waits for a failed one' } }
          : whole.judge(state, result, history),
    }),
  }
  const numbered = (value: number | null) =>
    value === Number.POSITIVE_INFINITY ? 1e9 : value === Number.NEGATIVE_INFINITY ? -1e9 : value

  for (const [rule, breaks] of Object.entries(broken))
    it(`sees, around every scheduler, that ${rule}`, () => {
      const unseen = written.filter(([tag, params, options]) => {
        // It reads no values.
        if (tag === 'FIFO' && rule === 'an infinity is a number') return false
        const make = (): Scheduler => {
          const whole = createScheduler(tag, params, { mode: 'min', seed: 5, block: 'b', space })
          return { ...whole, ...breaks(whole) }
        }
        return !schedulerCases(make, options).some(({ run }) => throws(run))
      })
      expect(unseen.map(([tag, params]) => `${tag} ${JSON.stringify(params)}`)).toEqual([])
    })
})

function throws(run: () => void): boolean {
  try {
    run()
    return false
  } catch {
    return true
  }
}
