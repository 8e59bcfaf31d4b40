import { describe, expect, it } from 'vitest'
import type { TrialView } from '../api/views.ts'
import { trial } from '../live/testing.ts'
import { ancestry, type Copy, perturbedKeys, piecesOf, scheduleJson } from './population.ts'

const made = (number: number, step: number, ...schedule: readonly (readonly [number, number, number | null])[]) =>
  trial(number, {
    id: `e1.b.${number}`,
    epoch: 1,
    step,
    best: number / 10,
    params: { lr: schedule.at(-1)?.[1] ?? number, same: 1 },
    schedule: schedule.map(([at, lr, donor]) => ({
      step: at,
      params: { lr, same: 1 },
      donor: donor === null ? null : `e1.b.${donor}`,
    })),
  })

// 2 copies 1 after its step 2; 3 copies 2 after its step 4 (from step 5 of 2); 1 copies 3 after its step 6.
const copies: readonly Copy[] = [
  { trial: 2, donor: 1, at: 2 },
  { trial: 3, donor: 2, at: 4 },
  { trial: 1, donor: 3, at: 6 },
]
const trials: readonly TrialView[] = [
  made(1, 9, [0, 0.1, null], [6, 0.5, 3]),
  made(2, 8, [0, 0.2, null], [2, 0.12, 1]),
  made(3, 8, [0, 0.3, null], [5, 0.15, 2]),
  made(4, 3),
]

describe('a population', () => {
  const pieces = piecesOf(trials, copies)

  it('is in pieces: up to its own last step, then on from the step of the donor, with the weights that began elsewhere', () => {
    const told = (number: number) =>
      (pieces.get(number) ?? []).map(({ from, to, donor, root }) => [from, to, donor, root])
    expect(told(1)).toEqual([
      [0, 6, null, 1],
      [6, 9, 3, 1],
    ])
    expect(told(3)).toEqual([
      [0, 4, null, 3],
      [5, 8, 2, 1],
    ])
    expect(told(4)).toEqual([[0, 3, null, 4]])
    expect(perturbedKeys(pieces)).toEqual(['lr'])
  })

  it('gives the schedule of one trial over all copies, each piece up to where the next took over', () => {
    expect(ancestry(pieces, copies, 1).map(({ trial, from, to, params }) => [trial, from, to, params.lr])).toEqual([
      [1, 0, 2, 0.1],
      [2, 2, 5, 0.12],
      [3, 5, 6, 0.15],
      [1, 6, 9, 0.5],
    ])
    expect(ancestry(pieces, copies, 4).map(({ trial }) => trial)).toEqual([4])
    const about = { experiment: 'e1', name: 'pbt', block: 'b', seed: 2 }
    const told = JSON.parse(scheduleJson(about, trials, pieces, copies, trials[0]))
    expect(told.schedule.map(({ step, trial }: { step: number; trial: string }) => [step, trial])).toEqual([
      [0, 'e1.b.1'],
      [2, 'e1.b.2'],
      [5, 'e1.b.3'],
      [6, 'e1.b.1'],
    ])
    expect(told.best).toEqual({ trial: 'e1.b.1', metric: 0.1 })
    expect(told.population).toHaveLength(4)
  })
})

it('an empty population has no pieces and no schedule', () => {
  expect(piecesOf([], []).size).toBe(0)
  expect(ancestry(new Map(), [], 1)).toEqual([])
})
