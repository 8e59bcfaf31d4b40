// Population-based training: who copies whom and when, and that changed values stay inside the space.

import { describe, expect, it } from 'vitest'
import type { TrialRecord } from '../history.ts'
import { randomStream } from '../random.ts'
import type { Space } from '../space.ts'
import { pbt } from './pbt.ts'
import { changeable, perturb } from './perturb.ts'

const four: TrialRecord[] = [1, 2, 3, 4].map(number => ({
  number,
  status: 'running',
  assignment: { lr: number / 10 },
  reports: [],
}))

describe('PBT', () => {
  const make = (more = {}) =>
    pbt({ mode: 'min', seed: 1, block: 'b', interval: 2, explore: from => ({ lr: Number(from.lr) * 2 }), ...more })
  const rank = (scheduler: ReturnType<typeof make>, step: number, values: readonly number[]) => {
    let state = scheduler.initial
    return values.map((value, at) => {
      const judged = scheduler.judge(state, { trial: at + 1, step, value }, four)
      state = judged.state
      return judged.verdict
    })
  }

  it('lets the worst quarter go on from the best quarter, with that one values, changed', () => {
    const verdicts = rank(make(), 2, [0.1, 0.2, 0.3, 0.9])
    expect(verdicts[3]).toEqual({
      kind: 'exploit',
      donor: 1,
      assignment: { lr: 0.2 },
      reason: 'rank 4 of 4 at 2: goes on from trial 1',
    })
    expect(verdicts[0]?.kind).toBe('continue')
  })

  it('does nothing before the burn-in, between intervals, and alone', () => {
    const kinds = (verdicts: readonly { readonly kind: string }[]) => new Set(verdicts.map(({ kind }) => kind))
    expect(kinds(rank(make({ burn_in: 3 }), 2, [0.1, 0.2, 0.3, 0.9]))).toEqual(new Set(['continue']))
    expect(kinds(rank(make(), 1, [0.1, 0.2, 0.3, 0.9]))).toEqual(new Set(['continue']))
    expect(kinds(rank(make(), 2, [0.9]))).toEqual(new Set(['continue']))
  })

  it('ranks nobody that ended', () => {
    const scheduler = make()
    let { state } = scheduler.judge(scheduler.initial, { trial: 1, step: 2, value: 0.1 }, four)
    state = scheduler.ended(state, { trial: 1, status: 'complete' }, four).state
    state = scheduler.judge(state, { trial: 2, step: 2, value: 0.2 }, four).state
    expect(scheduler.judge(state, { trial: 3, step: 2, value: 0.3 }, four).verdict).toMatchObject({ donor: 2 })
  })
})

describe('perturb', () => {
  const space: Space = {
    batch: { kind: 'choice', options: [32, 64, 128].map(value => ({ value })) },
    depth: { kind: 'randint', low: 1, high: 5 },
    drop: { kind: 'quniform', low: 0, high: 0.5, q: 0.1 },
    kind: { kind: 'choice', options: [{ value: 'relu' }, { value: 'tanh' }] },
    lr: { kind: 'loguniform', low: 1e-4, high: 0.1 },
    model: {
      kind: 'choice',
      options: [
        { value: { tag: 'A', index: 0 }, children: { width: { kind: 'randint', low: 8, high: 64 } } },
        { value: { tag: 'B', index: 1 } },
      ],
    },
    shift: { kind: 'normal', mean: 0, sd: 1 },
    tilt: { kind: 'qnormal', mean: 0, sd: 1, q: 0.5 },
  }
  const from = {
    batch: 32,
    depth: 1,
    drop: 0.5,
    kind: 'relu',
    lr: 0.1,
    model: { tag: 'A', index: 0 },
    shift: 2,
    tilt: -1,
    width: 8,
  }

  it('stays inside every range and on every step, however often', () => {
    const change = perturb({ space })
    let now: Record<string, unknown> = from
    for (let round = 1; round <= 400; round++) {
      now = change(now as typeof from, randomStream(1, 'perturb', round))
      expect([32, 64, 128]).toContain(now.batch)
      expect([1, 2, 3, 4]).toContain(now.depth)
      expect([0, 1, 2, 3, 4, 5]).toContain(Math.round(Number(now.drop) * 1e9) / 1e8)
      expect(['relu', 'tanh']).toContain(now.kind)
      expect(Number(now.lr)).toBeGreaterThanOrEqual(1e-4)
      expect(Number(now.lr)).toBeLessThanOrEqual(0.1)
      expect(Number(now.width)).toBeGreaterThanOrEqual(8)
      expect(Number(now.width)).toBeLessThan(64)
      expect(Number.isInteger(Number(now.width)) && Number.isInteger(Number(now.tilt) * 2)).toBe(true)
      expect(now.model).toEqual({ tag: 'A', index: 0 })
    }
  })

  it('moves small whole numbers by at least one, and never to nothing', () => {
    const up = perturb({ space: { depth: { kind: 'randint', low: 1, high: 9 } }, resample: 0, factors: [1.2] })
    const down = perturb({ space: { depth: { kind: 'randint', low: 1, high: 9 } }, resample: 0, factors: [0.8] })
    const random = () => 0.5
    expect([up({ depth: 1 }, random), up({ depth: 8 }, random)]).toEqual([{ depth: 2 }, { depth: 8 }])
    expect([down({ depth: 2 }, random), down({ depth: 1 }, random)]).toEqual([{ depth: 1 }, { depth: 1 }])
  })

  it('moves numbers in a choice one place, and leaves words where they are unless drawn anew', () => {
    const choices = { batch: space.batch, kind: space.kind } as Space
    const change = perturb({ space: choices, resample: 0 })
    expect(change({ batch: 64, kind: 'tanh' }, () => 0.2)).toEqual({ batch: 32, kind: 'tanh' })
    expect(change({ batch: 64, kind: 'tanh' }, () => 0.7)).toEqual({ batch: 128, kind: 'tanh' })
    expect(change({ batch: 128, kind: 'tanh' }, () => 0.7)).toEqual({ batch: 128, kind: 'tanh' })
  })

  it('changes only what it may', () => {
    const change = perturb({ space, only: ['lr'], resample: 0, factors: [0.5] })
    expect(change(from, () => 0.5)).toEqual({ ...from, lr: 0.05 })
    expect(changeable(space).map(([name]) => name)).toEqual([
      'batch',
      'depth',
      'drop',
      'kind',
      'lr',
      'width',
      'shift',
      'tilt',
    ])
  })
})
