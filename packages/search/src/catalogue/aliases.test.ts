// Names of Ray Tune: each builds what it stands for, or says what to write instead.

import { describe, expect, it } from 'vitest'
import { aliases } from './aliases.ts'
import { createScheduler, createSearch, schedulerProblems, searchProblems } from './registry.ts'

const space = { 'm.lr': { kind: 'uniform', low: 0, high: 1 }, 'm.x': { kind: 'uniform', low: 0, high: 1 } } as const
const options = { seed: 1, block: 'm', mode: 'min', space } as const
const search = (tag: string, params = {}) => searchProblems(tag, { n_trials: 5, ...params }, space)

describe('every alias', () => {
  for (const { tag, of, alias_of } of aliases)
    it(`${tag} ${alias_of === null ? 'says what to write instead' : `builds ${alias_of}`}`, () => {
      const problems = of === 'Scheduler' ? schedulerProblems(tag, {}, space) : search(tag)
      if (alias_of === null && of === 'SearchAlgorithm')
        return expect(searchProblems(tag, {}, space)[0]).toMatch(/: .+/)
      if (alias_of === null) return expect(problems[0]).toMatch(`${tag} stands for nothing here: `)
      expect(problems).toEqual([])
      if (of === 'Scheduler') createScheduler(tag, {}, options)
      else {
        const algorithm = createSearch(tag, { n_trials: 5 }, options)
        expect(algorithm.propose(algorithm.initial, [], 9)).toMatchObject({ variants: { length: 5 }, done: true })
      }
    })
})

it('takes the names of Ray for points, seeds and directions', () => {
  const params = { n_trials: 1, points_to_evaluate: [{ lr: 0.25, x: 0.5 }], random_state_seed: 3, mode: 'max' }
  const algorithm = createSearch('ray.HyperOptSearch', params, options)
  expect(algorithm.propose(algorithm.initial, [], 1).variants).toEqual([{ 'm.lr': 0.25, 'm.x': 0.5 }])
  const scheduler = createScheduler('ray.ASHAScheduler', { max_t: 9, mode: 'max' }, options)
  const first = scheduler.judge(scheduler.initial, { trial: 1, step: 1, value: 0.5 }, [])
  expect(scheduler.judge(first.state, { trial: 2, step: 1, value: 0.4 }, []).verdict.kind).toBe('stop')
})

it('refuses what cannot be had, in words that help', () => {
  expect(search('ray.OptunaSearch', { sampler: 'x', storage: 'sqlite' })).toEqual([
    'sampler: write the algorithm itself: !TPE, !GP, !CMAES or !NSGA2; storage: the hub keeps everything',
  ])
  expect(schedulerProblems('ray.PopulationBasedTraining', { hyperparam_mutations: {} }, space)).toEqual([
    'hyperparam_mutations: ranges are options of the block, with a search such as !Random; `only` names those that change',
  ])
  expect(schedulerProblems('ray.MedianStoppingRule', { hard_stop: false })).toEqual([
    'hard_stop: a trial that is worse than the median ends; it does not pause',
  ])
  expect(schedulerProblems('ray.PopulationBasedTraining', {}, null)).toEqual([
    'a search is needed for this block, for example !Random: its options are what changes',
  ])
})
