/** When a search is exhausted: patience over trials, and the spread of the best ten. */
import type { PlannedBlock } from '@flambe/language'
import type { TrialRecord } from '@flambe/search'
import { describe, expect, it } from 'vitest'
import { sketch } from '../testing/index.ts'
import { exhausted } from './patience.ts'

const block = (params: { readonly [key: string]: string | readonly string[] } = {}): PlannedBlock =>
  sketch([{ id: 'b', mode: 'max', search: { tag: 'Random', params } }]).blocks[0] as PlannedBlock

type Value = number | null | readonly number[]

const history = (values: readonly Value[], status: TrialRecord['status'] = 'complete'): TrialRecord[] =>
  values.map((value, i) => ({
    number: i + 1,
    status,
    assignment: {},
    reports: [
      typeof value === 'object' && value !== null
        ? { step: 1, value: value[0] ?? null, values: value }
        : { step: 1, value },
    ],
  }))

const why = (rule: { patience?: number; plateau?: number }, values: readonly Value[], of = block()) =>
  exhausted(of, { trials: null, hours: null, ...rule }, history(values))

describe('a search is exhausted', () => {
  it('after so many trials in a row that were no better; a tie and a bad value are no better', () => {
    expect(why({ patience: 3 }, [1, 2, 2, 1])).toBeNull()
    expect(why({ patience: 3 }, [1, 2, 2, 1, null])).toBe(
      '3 trials in a row were no better than those before (patience)',
    )
    expect(why({ patience: 3 }, [1, 2, 2, 1, 3])).toBeNull()
    expect(why({ patience: 3 }, [4, 3, 2, 1], block({ mode: 'min' }))).toBeNull()
  })

  it('never for trials that run, failed or were lost', () => {
    const budget = { trials: null, hours: null, patience: 1, plateau: 1 }
    for (const status of ['running', 'paused', 'failed', 'lost'] as const)
      expect(
        exhausted(
          block(),
          budget,
          history(
            Array.from({ length: 12 }, () => 1),
            status,
          ),
        ),
      ).toBeNull()
  })

  it('with several objectives when nothing new is on the front', () => {
    const two = block({ metric: ['a', 'b'], mode: ['min', 'min'] })
    expect(
      why(
        { patience: 2 },
        [
          [3, 3],
          [2, 4],
          [4, 2],
          [1, 5],
        ],
        two,
      ),
    ).toBeNull()
    expect(
      why(
        { patience: 2 },
        [
          [3, 3],
          [2, 4],
          [3, 4],
          [4, 4],
        ],
        two,
      ),
    ).toMatch(/^2 trials in a row/)
    expect(
      why(
        { plateau: 9 },
        Array.from({ length: 12 }, () => [1, 1]),
        two,
      ),
    ).toBeNull()
  })

  it('when its ten best lie close together, and no sooner than there are ten', () => {
    const close = Array.from({ length: 10 }, (_, i) => 1 + i / 1000)
    expect(why({ plateau: 0.01 }, close.slice(1))).toBeNull()
    expect(why({ plateau: 0.01 }, [0, ...close])).toBe(
      'the best 10 trials lie within a standard deviation of 0.0029 (plateau)',
    )
    expect(why({ plateau: 0.001 }, [0, ...close])).toBeNull()
    expect(why({ plateau: 1 }, [...close.slice(1), null])).toBeNull()
  })

  it('never when nothing was said', () => {
    expect(
      why(
        {},
        Array.from({ length: 50 }, () => 1),
      ),
    ).toBeNull()
  })
})
