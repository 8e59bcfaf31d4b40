/** What a search will cost is told before anything runs. */
import { describe, expect, it } from 'vitest'
import { planText } from './index.ts'
import { type TuningView, tuningOf } from './tuning.ts'

const script = '!Script {command: [echo], args: [], kwargs: {x: !uniform [0, 1]}}'

function tuning(rest: string, block = script): TuningView | null {
  const { plan, problems } = planText(`!Experiment\nname: t\nseed: 1\npipeline:\n  a: ${block}\n${rest}`, {
    file: 't.yaml',
    seed: null,
    fallbackSeed: 1,
  })
  if (plan === null) throw new Error(JSON.stringify(problems))
  const [first] = plan.blocks
  return first === undefined ? null : tuningOf(plan, first)
}

describe('the tuning of a block', () => {
  it('is null where nothing searches and nothing stops', () => {
    expect(tuning('', '!Script {command: [echo], args: [], kwargs: {x: !g [1, 2]}}')).toBeNull()
  })

  it('needs no number of trials where the budget of the experiment ends the search, and else asks for one', () => {
    for (const budget of ['trials: 7', 'hours: 1', 'patience: 3', 'plateau: 0.1'])
      expect(tuning(`search: {a: !Random}\nbudget: {${budget}}\n`)?.trials).toBe(budget === 'trials: 7' ? 7 : null)
    expect(() => tuning('search: {a: !Random}\n')).toThrow('is needed, or timeout')
    expect(() => tuning('search: {a: !Random}\nbudget: {}\n')).toThrow('is needed, or timeout')
  })

  it('counts rungs, steps and what a scheduler saves', () => {
    expect(tuning('search: {a: !Random {n_trials: 9}}\nschedulers: {a: !ASHA {max_t: 9, grace: 1}}\n')).toEqual({
      search: 'Random',
      scheduler: 'ASHA',
      trials: 9,
      full: 9,
      rungs: [
        { bracket: 0, step: 1, trials: 9 },
        { bracket: 0, step: 3, trials: 3 },
        { bracket: 0, step: 9, trials: 1 },
      ],
      steps: 21,
      steps_without: 81,
      saved: 1 - 21 / 81,
    })
  })

  it('counts the variants of a block that has a scheduler alone', () => {
    const grid = '!Script {command: [echo], args: [], kwargs: {x: !g [1, 2, 3]}}'
    expect(tuning('schedulers: {a: !ASHA {max_t: 3, grace: 1}}\n', grid)).toMatchObject({
      search: null,
      trials: 3,
      steps: 5,
    })
  })

  it('makes no plan where only values will tell, or nothing says how long a trial is', () => {
    const median = tuning('search: {a: !Random {n_trials: 5}}\nschedulers: {a: !MedianStopping {max_t: 4}}\n')
    expect(median).toMatchObject({ trials: 5, full: 4, rungs: null, saved: null })
    expect(tuning('search: {a: !Random {n_trials: 5}}\n')).toMatchObject({ trials: 5, full: null, rungs: null })
  })

  it('bounds the trials by the budget, and knows no number without one', () => {
    const endless = 'search: {a: !Random {timeout: 60}}\n'
    expect(tuning(endless)).toMatchObject({ trials: null, rungs: null })
    expect(tuning(`${endless}budget: {trials: 7}\n`)).toMatchObject({ trials: 7 })
    expect(tuning('search: {a: !Random {n_trials: 9}}\nbudget: {trials: 7}\n')).toMatchObject({ trials: 7 })
  })
})
