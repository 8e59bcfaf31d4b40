// Stories of the rules that look at curves: median, percentile, threshold, patience.

import { describe, expect, it } from 'vitest'
import type { Scheduler } from '../contract.ts'
import type { TrialRecord } from '../history.ts'
import { asha } from './asha.ts'
import { medianStopping } from './median.ts'
import { patience } from './patience.ts'
import { percentileStopping } from './percentile.ts'
import { threshold } from './threshold.ts'

/** Runs trials one after another, `[values, how it ends]`; answers the step and reason at which each was stopped, or its ending. */
function story(
  scheduler: Scheduler,
  trials: readonly (readonly [readonly (number | null)[], 'complete' | 'failed' | 'running'])[],
) {
  let state = scheduler.initial
  const history: TrialRecord[] = []
  return trials.map(([values, ending], at) => {
    const number = at + 1
    const reports: { step: number; value: number | null }[] = []
    const note = (status: TrialRecord['status']) => {
      history[at] = { number, status, assignment: {}, reports }
    }
    let answer: string = ending
    for (const [before, value] of values.entries()) {
      reports.push({ step: before + 1, value })
      note('running')
      const judged = scheduler.judge(state, { trial: number, step: before + 1, value }, history)
      state = judged.state
      if (judged.verdict.kind === 'stop') {
        answer = judged.verdict.reason
        break
      }
    }
    const status = answer === ending ? ending : 'stopped'
    if (status !== 'running') {
      note(status)
      state = scheduler.ended(state, { trial: number, status }, history).state
    }
    return answer
  })
}

describe('MedianStopping', () => {
  const make = (options = {}) => medianStopping({ mode: 'min', min_trials: 2, grace: 2, ...options })

  it('stops a trial whose best so far is worse than the median of the running means at this step', () => {
    // Means at 2: 0.3 and 0.5, so the median is 0.4.
    const others = [
      [[0.4, 0.2], 'complete'],
      [[0.6, 0.4], 'running'],
    ] as const
    expect(story(make(), [...others, [[9, 0.4, 0.1], 'complete']])[2]).toBe('complete')
    expect(story(make(), [...others, [[9, 0.41, 0.1], 'complete']])[2]).toBe(
      'stopped at 2: best so far is worse than the median of 2 others',
    )
  })

  it('does not judge before its grace, nor against fewer than it needs', () => {
    expect(
      story(make({ grace: 3 }), [
        [[1, 1], 'complete'],
        [[1, 1], 'complete'],
        [[9, 9], 'complete'],
      ])[2],
    ).toBe('complete')
    expect(
      story(make({ min_trials: 3 }), [
        [[1, 1], 'complete'],
        [[1, 1], 'complete'],
        [[9, 9], 'complete'],
      ])[2],
    ).toBe('complete')
  })

  it('forgets failed and stopped trials', () => {
    const two = [
      [[1, 1], 'complete'],
      [[1, 1], 'failed'],
      [[9, 9], 'complete'],
    ] as const
    expect(story(make(), two)[2]).toBe('complete')
    expect(story(make({ rule: 'ray' }), two)[2]).toContain('stopped at 2')
  })

  it('spares the best n', () => {
    const trials = [
      [[1, 1], 'complete'],
      [[3, 3], 'complete'],
      [[2.5, 2.5], 'complete'],
    ] as const
    expect(story(make(), trials)[2]).toContain('stopped')
    expect(story(make({ exempt: 2 }), trials)[2]).toBe('complete')
  })

  it('counts a trial that passed a known step without reporting there with its mean before', () => {
    const scheduler = make({ min_trials: 1 })
    let { state } = scheduler.judge(scheduler.initial, { trial: 1, step: 4, value: 1 }, [])
    for (const [step, value] of [
      [2, 0.5],
      [6, 0.1],
    ] as const)
      state = scheduler.judge(state, { trial: 2, step, value }, []).state
    // At 4 stand 1 and 0.5, so the median is 0.75.
    expect(scheduler.judge(state, { trial: 3, step: 4, value: 0.75 }, []).verdict.kind).toBe('continue')
    expect(scheduler.judge(state, { trial: 3, step: 4, value: 0.76 }, []).verdict.kind).toBe('stop')
  })
})

describe('Percentile', () => {
  it('asks only completed trials, and once per interval', () => {
    const good = [[1, 1, 1, 1], 'complete'] as const
    const failed = [[1, 1, 1, 1], 'failed'] as const
    const make = (options = {}) => percentileStopping({ mode: 'min', percentile: 50, startup: 2, ...options })
    expect(story(make(), [good, failed, [[9, 9, 9, 9], 'complete']])[2]).toBe('complete')
    expect(story(make(), [good, good, [[9, 9, 9, 9], 'complete']])[2]).toContain('stopped at 1')
    expect(story(make({ grace: 2, interval: 3 }), [good, good, [[1, 1, 9, 9], 'complete']])[2]).toBe('complete')
  })
})

describe('Threshold', () => {
  it('stops a trial that leaves its bounds, whatever the direction', () => {
    const make = () => threshold({ lower: 0, upper: 1, grace: 2 })
    expect(
      story(make(), [
        [[5, 0, 1], 'complete'],
        [[0, 1.5], 'complete'],
        [[0, 0, -1], 'complete'],
        [[0, null], 'complete'],
      ]),
    ).toEqual([
      'complete',
      'stopped at 2: 1.5 is above 1',
      'stopped at 3: -1 is below 0',
      'stopped at 2: no finite metric',
    ])
  })
})

describe('Patience', () => {
  it('stops a trial that has not improved within its last reports', () => {
    const make = (min_delta = 0) => patience({ mode: 'min', patience: 2, min_delta })
    expect(
      story(make(), [
        [[5, 6, 6, 6], 'complete'],
        [[5, 6, 6, 5], 'complete'],
        [[6, 5], 'complete'],
      ]),
    ).toEqual(['stopped at 4: no improvement within 2 reports', 'complete', 'complete'])
    expect(
      story(make(1), [
        [[5, 6, 6, 6], 'complete'],
        [[5, 6.5, 6.5, 6.5], 'complete'],
      ])[0],
    ).toBe('complete')
    expect(story(make(1), [[[5, 6.5, 6.5, 6.5], 'complete']])[0]).toContain('stopped at 4')
  })

  it('holds back the stops of another rule while the trial improves', () => {
    const make = () =>
      patience({ mode: 'min', patience: 0, scheduler: asha({ mode: 'min', max_t: 9, rungs: [2, 4] }) as Scheduler })
    expect(
      story(make(), [
        [[1, 1, 1, 1], 'complete'],
        [[6, 5, 4, 5], 'complete'],
      ]),
    ).toEqual(['complete', 'stopped at 4: rank 2 of 2, needs 1; no improvement within 0 reports'])
  })
})
