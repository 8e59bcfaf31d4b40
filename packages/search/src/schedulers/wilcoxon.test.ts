// The signed-rank test against scipy 1.17, and the rule around it.

import { describe, expect, it } from 'vitest'
import type { TrialRecord } from '../history.ts'
import { signedRankP } from './signed-rank.ts'
import { wilcoxon } from './wilcoxon.ts'

describe('the signed-rank test', () => {
  it('gives the p-values of scipy.stats.wilcoxon(d, alternative="greater", zero_method="zsplit")', () => {
    expect(signedRankP([0.2, 0.5, -0.1, 0.9, 0.3])).toBe(0.0625)
    expect(signedRankP([1, 2, 3, 4, 5, 6])).toBe(0.015625)
    expect(signedRankP([0.1, 0.1, 0.2, -0.3, 0, 0])).toBe(0.3125)
    expect(signedRankP([-1, -2, 0.5])).toBe(0.875)
    expect(signedRankP([0.5, 1.5, -2.5, 3.5, 4.5, -0.25, 6.5, 7.5, 8.5, 9.5, 1.25, 2.25])).toBe(0.004638671875)
    expect(signedRankP([0, 0, 0])).toBe(1)
    const many = Array.from({ length: 60 }, (_, at) => 0.01 * (((at * 37) % 53) - 20))
    expect(signedRankP(many)).toBeCloseTo(0.00794911, 6)
  })
})

describe('Wilcoxon', () => {
  const trial = (number: number, status: TrialRecord['status'], values: readonly number[]): TrialRecord => ({
    number,
    status,
    assignment: {},
    reports: values.map((value, at) => ({ step: at + 1, value })),
  })
  const best = trial(1, 'complete', [0.1, 0.2, 0.15, 0.3, 0.2, 0.1])
  const judge = (values: readonly number[], mode: 'min' | 'max' = 'min') => {
    const scheduler = wilcoxon({ mode })
    const { state } = scheduler.ended(scheduler.initial, { trial: 1, status: 'complete' }, [best])
    const own = trial(2, 'running', values)
    return scheduler.judge(state, { trial: 2, step: values.length, value: values.at(-1) ?? null }, [best, own]).verdict
  }

  it('stops a trial that is worse than the best one fold after fold', () => {
    const verdict = judge([0.2, 0.35, 0.35, 0.55])
    expect(verdict).toEqual({
      kind: 'stop',
      reason: 'stopped at 4: worse than trial 1 on 4 shared steps, p 0.063',
    })
  })

  it('lets a trial go on whose difference may be chance, or whose mean is better', () => {
    expect(judge([0.2, 0.35, 0.35]).kind).toBe('continue')
    expect(judge([0.2, 0.1, 0.3, 0.2]).kind).toBe('continue')
    expect(judge([0.2, 0.35, 0.35, 0.55], 'max').kind).toBe('continue')
  })

  it('compares with nobody before a trial has completed', () => {
    const scheduler = wilcoxon({ mode: 'min', p: 1 })
    const { state } = scheduler.ended(scheduler.initial, { trial: 1, status: 'stopped' }, [best])
    expect(scheduler.judge(state, { trial: 2, step: 1, value: 9 }, [best, trial(2, 'running', [9])]).verdict.kind).toBe(
      'continue',
    )
  })
})
