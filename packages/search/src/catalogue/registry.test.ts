// The registry: what users may write, what they are told, and the common rules around every algorithm and scheduler.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TrialRecord } from '../history.ts'
import { canonical } from '../json.ts'
import type { Assignment, Space } from '../space.ts'
import { constraintsOf } from './constraints.ts'
import { searchCatalogue } from './entries.ts'
import { createScheduler, createSearch, schedulerProblems, searchProblems } from './registry.ts'

const space: Space = {
  'm.layers': { kind: 'randint', low: 1, high: 4 },
  'm.lr': { kind: 'loguniform', low: 1e-4, high: 1 },
  'm.opt': {
    kind: 'choice',
    options: [
      { value: { tag: 'Adam', index: 0 } },
      { value: { tag: 'SGD', index: 1 }, children: { 'm.opt[1].momentum': { kind: 'uniform', low: 0, high: 1 } } },
    ],
  },
}
const steps: Space = { x: { kind: 'randint', low: 0, high: 4 } }
const options = { seed: 7, block: 'm', mode: 'min' } as const

function trials(assignments: readonly Assignment[], status: TrialRecord['status'] = 'complete'): TrialRecord[] {
  return assignments.map((assignment, at) => ({ number: at + 1, status, assignment, reports: [] }))
}

describe('the catalogue', () => {
  it('is plain data with the shape of the language, by tag, and stands in the README', () => {
    expect(JSON.parse(JSON.stringify(searchCatalogue))).toEqual(searchCatalogue)
    for (const [tag, entry] of Object.entries(searchCatalogue)) {
      expect(entry.tag).toBe(tag)
      expect(entry.description).not.toBe('')
      expect(new Set(entry.params.map(param => param.name)).size).toBe(entry.params.length)
      for (const param of entry.params) expect(param.description).not.toBe('')
    }
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const own = Object.values(searchCatalogue).filter(entry => entry.alias_of === undefined)
    for (const { tag } of own) expect(readme).toContain(`\n| \`${tag}\` |`)
    expect(searchCatalogue.Random?.kinds).toEqual(['SearchAlgorithm'])
    expect(searchCatalogue['ray.ASHAScheduler']?.alias_of).toBe('ASHA')
  })
})

describe('problems in words', () => {
  it('names an unknown tag, a near one, and the place where a tag belongs', () => {
    expect(searchProblems('Randon', {}, space)).toEqual(['there is no search algorithm Randon; did you mean Random?'])
    expect(searchProblems('ASHA', {}, space)).toEqual(['ASHA is a scheduler: write it under schedulers'])
    expect(schedulerProblems('Grid', {})).toEqual(['Grid is a search algorithm: write it under search'])
  })

  it('names unknown, missing and wrong params', () => {
    expect(searchProblems('Random', { n_trial: 3 }, space)).toEqual([
      'n_trial: there is no such parameter; did you mean n_trials?',
    ])
    expect(searchProblems('Random', { n_trials: 0 }, space)).toEqual(['n_trials: must be at least 1, not 0'])
    expect(searchProblems('Random', {}, space)).toEqual([
      'n_trials: is needed, or timeout: Random never ends by itself',
    ])
    expect(searchProblems('Random', {}, space, { bounded: true })).toEqual([])
    expect(schedulerProblems('ASHA', {})).toEqual(['max_t: is needed'])
    expect(schedulerProblems('ASHA', { max_t: 9.5, on_nan: 'x' })).toEqual([
      'max_t: must be a whole number, not 9.5',
      'on_nan: must be stop or ignore or fail, not "x"',
    ])
  })

  it('says which algorithm can search a space that this one cannot', () => {
    expect(searchProblems('Grid', {}, space)).toEqual([
      'm.lr: a grid needs a choice, randint or quniform; use Random instead',
      'm.opt[1].momentum: a grid needs a choice, randint or quniform; use Random instead',
    ])
  })

  it('says what to write instead of what an alias cannot do', () => {
    expect(schedulerProblems('ray.ASHAScheduler', { max_t: 9, brackets: 3 })).toEqual([
      'brackets: for several brackets write !HyperBand',
    ])
    expect(schedulerProblems('ray.ASHAScheduler', { time_attr: 'training_iteration', mode: 'max' })).toEqual([])
  })

  it('names points of initial that lie outside of the space', () => {
    const initial = [{ lr: 2 }, { layers: 4 }, { opt: 'Adam', 'm.opt[1].momentum': 0.5 }, { depth: 1 }]
    expect(searchProblems('Random', { n_trials: 9, initial }, space)).toEqual([
      'initial: point 1: lr: 2 is outside of 0.0001 to 1',
      'initial: point 2: layers: 4 is outside of 1 to 4, whose end is excluded',
      'initial: point 3: m.opt[1].momentum: counts only below an alternative that this point does not choose',
      'initial: point 4: depth: there is no such option; there are layers, lr, opt, opt[1].momentum',
    ])
  })
})

describe('constraints', () => {
  it('become one value each, met when at most 0, and null without a finite metric', () => {
    const limits = { size: { max: 10 }, recall: { min: 0.5, max: 1 } }
    expect(constraintsOf(limits, { size: 12, recall: 0.75 })).toEqual([-0.25, -0.25, 2])
    expect(constraintsOf(limits, { size: Number.NaN })).toEqual([null, null, null])
  })

  it('that say nothing are a problem', () => {
    expect(searchProblems('Random', { n_trials: 1, constraints: { size: { most: 1 }, recall: {} } }, space)).toEqual([
      'constraints: size: write {min: number}, {max: number} or both',
      'constraints: recall: write {min: number}, {max: number} or both',
    ])
  })
})

describe('the rules around every algorithm', () => {
  it('proposes the points of initial first and draws what they leave out from the stream of their trial (G17)', () => {
    const make = (initial: readonly Assignment[]) =>
      createSearch('Random', { n_trials: 3, initial }, { ...options, space })
    const plain = make([])
    const own = plain.propose(plain.initial, [], 3).variants
    const search = make([{ lr: 0.5 }, { opt: 'SGD' }])
    const proposal = search.propose(search.initial, [], 9)
    expect(proposal.done).toBe(true)
    expect(proposal.variants[0]).toMatchObject({ 'm.lr': 0.5 })
    expect(proposal.variants[1]).toMatchObject({ 'm.opt': { tag: 'SGD', index: 1 } })
    expect(proposal.variants[1]).toHaveProperty('m.opt[1].momentum')
    expect(proposal.variants[2]).toEqual(own[2])
  })

  it('gives the same trials in any batch sizes (G17)', () => {
    const search = createSearch('Random', { n_trials: 6, initial: [{ lr: 0.5 }] }, { ...options, space })
    const whole = search.propose(search.initial, [], 6).variants
    const seen: Assignment[] = []
    for (let state = search.initial; seen.length < 6; ) {
      const proposal = search.propose(state, trials(seen), 2)
      state = proposal.state
      seen.push(...proposal.variants)
    }
    expect(canonical(seen)).toBe(canonical(whole))
  })

  it('ends at n_trials and says so with the last of them', () => {
    const search = createSearch('Random', { n_trials: 3 }, { ...options, space })
    expect(search.propose(search.initial, trials([{}, {}]), 4)).toMatchObject({ done: true, variants: [{}] })
    expect(search.propose(search.initial, trials([{}, {}, {}]), 4)).toMatchObject({ done: true, variants: [] })
  })

  it('holds back at max_concurrent, paused trials not counted', () => {
    const search = createSearch('Random', { n_trials: 9, max_concurrent: 2 }, { ...options, space })
    expect(search.propose(search.initial, trials([{}], 'running'), 4).variants).toHaveLength(1)
    expect(search.propose(search.initial, trials([{}, {}], 'running'), 4)).toMatchObject({ variants: [], done: false })
    expect(search.propose(search.initial, trials([{}, {}], 'paused'), 4).variants).toHaveLength(2)
  })

  it('never repeats a point of initial in a grid', () => {
    const search = createSearch('Grid', { initial: [{ x: 2 }] }, { ...options, space: steps })
    const proposal = search.propose(search.initial, [], 9)
    expect(proposal).toMatchObject({ variants: [{ x: 2 }, { x: 0 }, { x: 1 }, { x: 3 }], done: true })
  })
})

describe('the rule around every scheduler', () => {
  const make = (params: object) => createScheduler('ASHA', { max_t: 9, grace: 3, ...params }, options)
  const judge = (params: object, step: number, value: number | null) => {
    const scheduler = make(params)
    return scheduler.judge(scheduler.initial, { trial: 1, step, value }, []).verdict
  }

  it('ends a trial at max_t as complete', () => {
    expect(judge({}, 9, 0.5)).toEqual({ kind: 'stop', reason: 'reached its 9 steps', as: 'complete' })
  })

  it('passes bad values over before the grace, and stops, ignores or fails from then on', () => {
    expect(judge({}, 2, null).kind).toBe('continue')
    expect(judge({}, 3, null)).toEqual({ kind: 'stop', reason: 'diverged: no finite metric at step 3' })
    expect(judge({ on_nan: 'ignore' }, 3, null).kind).toBe('continue')
    expect(judge({ on_nan: 'fail' }, 3, null)).toMatchObject({ kind: 'stop', as: 'failed' })
  })

  it('leaves bad values to a nested scheduler, with its own grace', () => {
    const nested = { tag: 'ASHA', params: { max_t: 9, grace: 3 } }
    const verdict = (step: number, params: object = {}) => {
      const scheduler = createScheduler('Patience', { patience: 1, scheduler: nested, ...params }, options)
      return scheduler.judge(scheduler.initial, { trial: 1, step, value: null }, []).verdict
    }
    expect(verdict(2).kind).toBe('continue')
    expect(verdict(3)).toMatchObject({ kind: 'stop', reason: 'diverged: no finite metric at step 3' })
    expect(verdict(2, { on_nan: 'fail' })).toMatchObject({ kind: 'stop', as: 'failed' })
  })

  it('takes the direction of the params before that of the component', () => {
    const stopped = (params: object) => {
      const scheduler = make(params)
      const { state } = scheduler.judge(scheduler.initial, { trial: 1, step: 3, value: 0.5 }, [])
      return scheduler.judge(state, { trial: 2, step: 3, value: 0.9 }, []).verdict.kind
    }
    expect(stopped({})).toBe('stop')
    expect(stopped({ direction: 'max' })).toBe('continue')
  })
})
