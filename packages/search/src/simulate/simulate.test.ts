// Whole searches in virtual time: what they cost with and without a scheduler, and what was planned.

import { describe, expect, it } from 'vitest'
import { hypervolume } from '../algorithms/pareto.ts'
import { canonical, type Json } from '../json.ts'
import { goldenLoss } from '../testing/golden.ts'
import { recordedCurves, syntheticCurves } from './curves.ts'
import { plannedRungs } from './planned.ts'
import { type SimulateOptions, simulate } from './simulate.ts'

const space = {
  'm.lr': { kind: 'loguniform', low: 1e-4, high: 1 },
  'm.width': { kind: 'randint', low: 1, high: 9 },
} as const
const golden = { steps: 81, value: (trial: number, _: unknown, step: number) => goldenLoss(trial, step) }

function run(more: Partial<SimulateOptions> = {}) {
  return simulate({
    search: { tag: 'Random', params: { n_trials: 200 }, space },
    scheduler: { tag: 'ASHA', params: { max_t: 81, grace: 1 } },
    seed: 1,
    block: 'm',
    mode: 'min',
    slots: 1,
    curves: golden,
    ...more,
  })
}

describe('simulate', () => {
  it('costs what the golden table says, on one slot', () => {
    const simulation = run()
    expect(simulation).toMatchObject({ steps: 1066, steps_without: 16_200, seconds: 1066 })
    expect(simulation.best).toMatchObject({ trial: 81 })
    expect(simulation.best_without).toMatchObject({ trial: 123, step: 81 })
    expect(simulation.saved).toBeCloseTo(1 - 1066 / 16_200, 12)
    expect(simulation.trials[2]).toMatchObject({
      status: 'stopped',
      step: 1,
      reason: 'stopped at 1: rank 3 of 3, needs 1',
    })
  })

  it('tells how many trials got to each rung, beside the plan', () => {
    const { rungs } = run()
    expect(rungs.map(({ step, planned }) => [step, planned])).toEqual([
      [1, 200],
      [3, 66],
      [9, 22],
      [27, 7],
      [81, 2],
    ])
    expect(rungs[0]?.trials).toBe(200)
    expect(rungs.reduce((sum, rung) => sum + rung.ended, 0)).toBe(200)
  })

  it('takes less time on more slots, and gives the same bytes again', () => {
    const eight = run({ slots: 8 })
    expect(eight.seconds).toBeLessThan(run().seconds / 4)
    expect(canonical(run({ slots: 8 }) as unknown as Json)).toBe(canonical(eight as unknown as Json))
  })

  it('saves nothing without a scheduler', () => {
    const simulation = run({ scheduler: null })
    expect(simulation).toMatchObject({ saved: 0, steps: 16_200 })
    expect(simulation.rungs).toEqual([{ step: 81, planned: 200, trials: 200, ended: 200 }])
  })

  it('names the steps where trials ended when no plan can be made', () => {
    const simulation = run({ scheduler: { tag: 'MedianStopping', params: { grace: 3 } } })
    expect(simulation.rungs[0]).toMatchObject({ step: 3, planned: null, trials: 200 })
    expect(simulation.rungs.at(-1)).toMatchObject({ step: 81 })
    expect(simulation.saved).toBeGreaterThan(0.3)
  })

  it('shows pauses of a promoting scheduler, and donors of a population', () => {
    const params = { max_t: 81, grace: 1, mode: 'promote' }
    const promoting = run({ slots: 4, scheduler: { tag: 'ASHA', params } })
    expect(promoting.trials.some(trial => trial.pauses > 1 && trial.step === 27)).toBe(true)
    expect(promoting.best).toMatchObject({ trial: 123, step: 81 })
    expect(promoting.trials.every(trial => trial.status !== 'paused')).toBe(true)
    const population = run({
      slots: 8,
      search: { tag: 'Random', params: { n_trials: 8 }, space },
      scheduler: { tag: 'PBT', params: { interval: 9 } },
    })
    const [donor] = population.trials.flatMap(trial => trial.donors)
    expect(donor?.at).toBe(9)
    expect(population.trials.every(trial => trial.status === 'complete')).toBe(true)
  })

  it('takes the trials of a block without a search', () => {
    const simulation = run({ search: { assignments: [{ a: 1 }, { a: 2 }, { a: 3 }] } })
    expect(simulation.trials.map(({ assignment, step }) => [assignment.a, step])).toEqual([
      [1, 81],
      [2, 81],
      [3, 1],
    ])
  })

  it('ends a search that would not end, and needs no clock for a timeout', () => {
    const search = { tag: 'Random', params: { timeout: 5 }, space }
    expect(run({ search, scheduler: null, most_trials: 12 }).trials).toHaveLength(12)
  })

  it('finds better points with TPE than without on synthetic curves', () => {
    const curves = syntheticCurves({ steps: 9, seed: 4, mode: 'max' })
    const best = (tag: string) =>
      run({ mode: 'max', curves, scheduler: null, search: { tag, params: { n_trials: 120 }, space } }).best?.value ?? 0
    expect(best('TPE')).toBeGreaterThan(best('Random'))
    expect(best('TPE')).toBeLessThan(1)
  })

  describe('of several objectives', () => {
    const params = { n_trials: 60, metric: ['loss', 'rate'], mode: ['min', 'max'] }
    const curves = syntheticCurves({ steps: 27, seed: 4, mode: 'min', modes: ['min', 'max'] })

    it('tells the front beside that of the same trials without a scheduler', () => {
      const { front, best, trials, saved } = run({ curves, search: { tag: 'TPE', params, space }, slots: 4 })
      expect(saved).toBeGreaterThan(0.3)
      expect(front?.points_without.length).toBeGreaterThan(1)
      // Nobody on a front is worse than another in both.
      for (const points of [front?.points ?? [], front?.points_without ?? []])
        for (const a of points)
          for (const b of points) expect(losses(a)[0] < losses(b)[0] && losses(a)[1] < losses(b)[1]).toBe(false)
      expect(front?.points.every(({ trial, step }) => trials[trial - 1]?.step === step)).toBe(true)
      expect(front?.covered).toBeGreaterThan(0.3)
      expect(front?.covered).toBeLessThanOrEqual(1.01)
      expect(best?.value).toBeLessThan(0.7)
    })

    it('covers all without a scheduler, and has no front for one objective', () => {
      const { front } = run({ curves, search: { tag: 'NSGA2', params, space }, scheduler: null })
      expect(front?.covered).toBe(1)
      expect(front?.points).toEqual(front?.points_without)
      expect(run().front).toBeNull()
    })

    it('searches both: TPE covers more than random draws', () => {
      const names = ['a', 'b', 'c', 'd']
      const wide = Object.fromEntries(names.map(name => [name, { kind: 'uniform', low: 0.01, high: 1 } as const]))
      const volume = (tag: string) => {
        const search = { tag, params: { ...params, n_trials: 100 }, space: wide }
        const { front } = run({ curves, scheduler: null, search })
        return hypervolume(front?.points.map(point => losses(point).map(loss => -loss)) ?? [], [-0.8, 0.2])
      }
      expect(volume('TPE')).toBeGreaterThan(volume('Random'))
    })

    it('plays recorded values, and says so when there are too few', () => {
      const recorded = recordedCurves([
        [
          [3, 1],
          [1, 1],
        ],
        [[2, 2]],
        [null],
      ])
      const found = run({
        curves: recorded,
        scheduler: null,
        search: { tag: 'Random', params: { ...params, n_trials: 3 }, space },
      })
      expect(found.front?.points).toEqual([
        { trial: 1, step: 2, values: [1, 1] },
        { trial: 2, step: 2, values: [2, 2] },
      ])
      const few = () => run({ search: { tag: 'Random', params, space } })
      expect(few).toThrow('2 objectives need curves with 2 values a step')
    })

    const losses = ({ values }: { readonly values: readonly (number | null)[] }): [number, number] => [
      values[0] ?? Number.NaN,
      -(values[1] ?? Number.NaN),
    ]
  })

  it('plays recorded curves, again from the first when there are more trials', () => {
    const curves = recordedCurves([[3, 2, 1], [5, null], [4]])
    const { best, trials, steps } = run({
      curves,
      scheduler: null,
      search: { tag: 'Random', params: { n_trials: 4 }, space },
    })
    expect([best, trials.length, steps]).toEqual([{ trial: 1, step: 3, value: 1 }, 4, 12])
    expect(curves.value(5, {}, 3)).toBeNull()
    expect(() => recordedCurves([[]])).toThrow('at least one value')
  })
})

describe('plannedRungs', () => {
  it('plans halvings, brackets, and one length for FIFO', () => {
    expect(plannedRungs('ASHA', { max_t: 9, grace: 1 }, 9)).toEqual({
      rungs: [
        { bracket: 0, step: 1, trials: 9 },
        { bracket: 0, step: 3, trials: 3 },
        { bracket: 0, step: 9, trials: 1 },
      ],
      steps: 9 + 3 * 2 + 6,
      steps_without: 81,
    })
    const whole = plannedRungs('SyncHyperBand', { max_t: 81 }, 143)
    expect(whole?.rungs.filter(rung => rung.step === 81).map(rung => rung.trials)).toEqual([1, 1, 1, 2, 5])
    expect(plannedRungs('FIFO', {}, 10, 7)).toMatchObject({ steps: 70, steps_without: 70 })
    expect(plannedRungs('ray.ASHAScheduler', { max_t: 16 }, 16)?.rungs.map(rung => rung.step)).toEqual([1, 4, 16])
  })

  it('plans brackets in the same proportions for HyperBand of either kind', () => {
    const begun = (tag: string) => {
      const first = new Map<number, number>()
      for (const { bracket, trials } of plannedRungs(tag, { max_t: 81 }, 143)?.rungs ?? [])
        if (!first.has(bracket)) first.set(bracket, trials)
      return [...first.values()]
    }
    expect(begun('HyperBand')).toEqual([81, 34, 15, 8, 5])
    expect(begun('SyncHyperBand')).toEqual(begun('HyperBand'))
  })

  it('ends at the length of a trial where that is less than max_t', () => {
    const plan = plannedRungs('ASHA', { max_t: 81, grace: 1 }, 27, 5)
    expect(plan?.rungs.map(({ step, trials }) => [step, trials])).toEqual([
      [1, 27],
      [3, 9],
      [5, 3],
    ])
  })

  it('knows no plan where only values will tell', () => {
    expect(plannedRungs('MedianStopping', { max_t: 9 }, 10)).toBeNull()
    expect(() => plannedRungs('ASHA', {}, 10)).toThrow('max_t: is needed')
  })
})
