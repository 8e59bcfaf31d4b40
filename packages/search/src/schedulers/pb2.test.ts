// PB2 on a landscape whose best learning rate moves as training goes on: no fixed value is good for long.

import { describe, expect, it } from 'vitest'
import { createScheduler, schedulerProblems } from '../catalogue/registry.ts'
import type { History } from '../history.ts'
import { randomStream } from '../random.ts'
import type { Space } from '../space.ts'
import { pb2Explore } from './pb2.ts'

const space: Space = {
  lr: { kind: 'uniform', low: 0, high: 1 },
  act: { kind: 'choice', options: [{ value: 'relu' }, { value: 'gelu' }] },
}

/** Trials whose score rises the faster the nearer `lr` is to 0.7. */
function seen(count: number): History {
  return Array.from({ length: count }, (_, at) => {
    const lr = (at + 0.5) / count
    const rise = 1 - Math.abs(lr - 0.7)
    const reports = [0, 1, 2, 3].map(tick => ({ step: tick * 5 + 1, value: tick * rise }))
    return { number: at + 1, status: 'running', assignment: { lr, act: 'relu' }, reports }
  })
}

describe('PB2', () => {
  const explore = pb2Explore({ mode: 'max', space, interval: 5 })
  const at = (history: History, trial = 1) => ({ trial, donor: history.length, step: 16, history })

  it('copies towards what raised the score most, and leaves choices to the donor', () => {
    const history = seen(8)
    for (let trial = 1; trial <= 5; trial++) {
      const next = explore({ lr: 0.1, act: 'gelu' }, randomStream(1, 'b', trial), at(history, trial))
      expect(Math.abs(Number(next.lr) - 0.7)).toBeLessThan(0.15)
      expect(next.act).toBe('gelu')
    }
  })

  it('reads each interval under the values that it ran with', () => {
    const history = seen(8).map(trial => ({
      ...trial,
      assignment: { lr: 0.05, act: 'relu' },
      earlier: [{ until: 16, assignment: trial.assignment }],
    }))
    const next = explore({ lr: 0.1, act: 'relu' }, randomStream(1, 'b', 1), at(history))
    expect(Number(next.lr)).toBeGreaterThan(0.5)
  })

  it('changes blindly, but inside the range, before there is anything to learn from', () => {
    const next = explore({ lr: 0.99, act: 'relu' }, randomStream(1, 'b', 1), at([]))
    expect(next.lr).not.toBe(0.99)
    expect(Number(next.lr)).toBeLessThanOrEqual(1)
  })

  it('keeps a population nearer to a moving optimum than PBT', () => {
    const regret = (tag: string, seed: number) => {
      const scheduler = createScheduler(
        tag,
        { interval: 4 },
        { mode: 'max', seed, block: 'b', space: { lr: space.lr ?? never() } },
      )
      let state = scheduler.initial
      const random = randomStream(seed, 'start', 1)
      const history = Array.from({ length: 6 }, (_, i) => ({
        number: i + 1,
        status: 'running' as const,
        assignment: { lr: random() } as { readonly lr: number },
        reports: [] as { step: number; value: number }[],
        earlier: [] as { until: number; assignment: { readonly lr: number } }[],
      }))
      const scores = history.map(() => 0)
      for (let step = 1; step <= 60; step++)
        for (const [i, trial] of history.entries()) {
          scores[i] = (scores[i] ?? 0) + 1 - Math.abs(trial.assignment.lr - (0.2 + step / 100))
          trial.reports.push({ step, value: scores[i] ?? 0 })
          const judged = scheduler.judge(state, { trial: trial.number, step, value: scores[i] ?? 0 }, history)
          state = judged.state
          if (judged.verdict.kind !== 'exploit') continue
          trial.earlier.push({ until: step, assignment: trial.assignment })
          trial.assignment = { lr: Number(judged.verdict.assignment.lr) }
          scores[i] = scores[judged.verdict.donor - 1] ?? 0
        }
      return 60 - Math.max(...scores)
    }
    const seeds = [1, 2, 3, 4, 5, 6]
    const mean = (tag: string) => seeds.reduce((sum, seed) => sum + regret(tag, seed), 0) / seeds.length
    expect(mean('PB2')).toBeLessThan(mean('PBT'))
  })

  it('says what to use when there is no number', () => {
    expect(schedulerProblems('PB2', { interval: 3 }, { act: space.act ?? never() })).toEqual([
      'PB2 changes numbers, and none of the options that may change is one; use PBT instead',
    ])
  })
})

function never(): never {
  throw new Error('not in the space')
}
