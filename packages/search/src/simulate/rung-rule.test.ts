// How a rule with rungs sorts trials, as pages tell it, against what the schedulers do.

import { describe, expect, it } from 'vitest'
import { createScheduler, objectivesOf } from '../catalogue/registry.ts'
import { randomStream } from '../random.ts'
import { plannedRungs, rungRule } from './planned.ts'

describe('the cut-off of a rung', () => {
  it.each(['halving', 'ray', 'syne'])('is the score at which !ASHA (%s) lets a newcomer go on, and not below', rule => {
    const params = { max_t: 9, grace: 1, factor: 3, rule }
    const cutoff = rungRule('ASHA', params)?.cutoff
    const random = randomStream(1, rule, 1)
    const scheduler = createScheduler('ASHA', params, { mode: 'max', seed: 1, block: 'b' })
    let state = scheduler.initial
    const seen: number[] = []
    let stopped = 0
    for (let trial = 1; trial <= 60; trial++) {
      const least = cutoff?.(seen) ?? null
      const go = (value: number) => scheduler.judge(state, { trial, step: 1, value }, [])
      if (least !== null) {
        expect(go(least).verdict.kind).toBe('continue')
        expect(go(least - 1e-9).verdict.kind).toBe('stop')
      }
      const value = random()
      const judged = go(value)
      if (judged.verdict.kind === 'stop') stopped++
      state = judged.state
      seen.push(value)
      seen.sort((a, b) => b - a)
    }
    expect(stopped).toBeGreaterThan(20)
  })
})

it.each(['HyperBand', 'SyncHyperBand'])('%s puts as many trials into each bracket as its plan says', tag => {
  const params = { max_t: 27, grace: 1, factor: 3 }
  const planned = plannedRungs(tag, params, 90)
  const rule = rungRule(tag, params)
  const counts = new Map<number, number>()
  for (let trial = 1; trial <= 90; trial++) {
    const bracket = rule?.bracketOf(trial) ?? -1
    counts.set(bracket, (counts.get(bracket) ?? 0) + 1)
  }
  const first = new Map<number, number>()
  for (const { bracket, trials } of planned?.rungs ?? []) if (!first.has(bracket)) first.set(bracket, trials)
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(first))
})

it('there is no such rule where nobody stands at rungs', () => {
  for (const tag of ['FIFO', 'MedianStopping']) expect(rungRule(tag, {})).toBeNull()
})

it('tells the objectives of a search by name, each with its direction', () => {
  const written = { metric: ['error', 'leaves', 'speed'], mode: ['min', 'min', 'max'] }
  expect(objectivesOf('NSGA2', written, 'max').map(({ name, mode }) => `${name} ${mode}`)).toEqual([
    'error min',
    'leaves min',
    'speed max',
  ])
  expect(objectivesOf('Random', {}, 'max')).toEqual([{ name: null, mode: 'max' }])
})
