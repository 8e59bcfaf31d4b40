// Every scheduler under the contract suite, by its tag, and the suite under rule breakers.

import { describe, expect, it } from 'vitest'
import type { Params } from '../catalogue/params.ts'
import { createScheduler } from '../catalogue/registry.ts'
import type { Scheduler } from '../contract.ts'
import { type SchedulerCaseOptions, schedulerCases } from '../testing/index.ts'
import { schedulerDefinitions } from './definitions/index.ts'
import { fifo } from './fifo.ts'

const space = { x: { kind: 'uniform', low: 0, high: 1 } } as const

const written: readonly [tag: string, params: Params, options?: SchedulerCaseOptions][] = [
  ['FIFO', {}],
  ['FIFO', { max_t: 9 }, { max_t: 9 }],
  ['ASHA', { max_t: 27, grace: 1 }, { max_t: 27 }],
  ['ASHA', { max_t: 20, factor: 4, rule: 'ray', on_nan: 'ignore' }, { max_t: 20 }],
  ['ASHA', { max_t: 27, grace: 1, rule: 'syne', on_nan: 'fail' }, { max_t: 27 }],
  ['ASHA', { max_t: 27, grace: 1, mode: 'promote' }, { max_t: 27 }],
  ['ASHA', { max_t: 27, grace: 2, mode: 'promote', on_nan: 'ignore' }, { max_t: 27 }],
  ['HyperBand', { max_t: 27 }, { max_t: 27 }],
  ['SyncHyperBand', { max_t: 9 }, { max_t: 9 }],
  ['SyncHyperBand', { max_t: 30, on_nan: 'ignore' }, { max_t: 30, trials: 75 }],
  ['MedianStopping', { max_t: 27 }, { max_t: 27 }],
  ['MedianStopping', { grace: 3, min_trials: 1, exempt: 2, on_nan: 'ignore' }],
  ['MedianStopping', { rule: 'ray' }],
  ['Percentile', { percentile: 50, max_t: 27 }, { max_t: 27 }],
  ['Percentile', { startup: 1, interval: 3, on_nan: 'ignore' }],
  ['Threshold', { upper: 0.9, grace: 5, max_t: 27 }, { max_t: 27 }],
  ['Patience', { patience: 2 }],
  [
    'Patience',
    { patience: 1, scheduler: { tag: 'ASHA', params: { max_t: 27, grace: 1, mode: 'promote' } } },
    { max_t: 27 },
  ],
  ['Patience', { patience: 1, scheduler: { tag: 'SyncHyperBand', params: { max_t: 27 } } }, { max_t: 27 }],
  ['Wilcoxon', {}],
  ['PBT', { interval: 3, max_t: 27 }, { max_t: 27 }],
  ['PB2', { interval: 9, max_t: 27 }, { max_t: 27, trials: 24 }],
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
    return schedulerCases(make, { max_t: 9 })
      .filter(({ run }) => {
        try {
          run()
          return false
        } catch {
          return true
        }
      })
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
})
