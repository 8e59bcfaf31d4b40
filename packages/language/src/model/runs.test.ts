import { describe, expect, it } from 'vitest'
import { runsOf } from '../index.ts'
import { file, mustPlan } from '../testing/plan-text.ts'

const runs = (pipeline: string, more = '') => Object.fromEntries(runsOf(mustPlan(file(pipeline, more))))

describe('how many trials run', () => {
  const chain = 'a: !Any {x: !g [1, 2, 3]}\nb: !Any {u: !@ a, x: !g [1, 2]}\nc: !Any {u: !@ b, x: !g [1, 2]}'

  it('is the number of variants where nothing is reduced', () => {
    expect(runs(chain)).toEqual({ a: 3, b: 6, c: 12 })
  })

  it('is what reduces upstream leave', () => {
    expect(runs(chain, 'reduce: {a: 1}\n')).toEqual({ a: 3, b: 2, c: 4 })
    expect(runs(chain, 'reduce: {a: 2, b: 1}\n')).toEqual({ a: 3, b: 4, c: 2 })
    expect(runs(chain, 'reduce: {b: 100}\n')).toEqual({ a: 3, b: 6, c: 12 })
  })

  it('counts trials of a search, and what is kept of them, once', () => {
    const searched = 'a: !Any {x: !uniform [0, 1]}\nb: !Any {u: !@ a, x: !g [1, 2]}\nc: !Any {l: [!@ a, !@ b]}'
    expect(runs(searched, 'search: {a: !TPE {n_trials: 7}}\n')).toEqual({ a: 7, b: 14, c: 14 })
    expect(runs(searched, 'search: {a: !TPE {n_trials: 7}}\nreduce: {a: 2}\n')).toEqual({ a: 7, b: 4, c: 4 })
    expect(runs(searched, 'search: {a: !TPE {n_trials: 7}}\nreduce: {a: 2, b: 1}\n')).toEqual({ a: 7, b: 4, c: 1 })
  })

  it('never says more than there are variants', () => {
    const diamond = 'a: !Any {x: !g [1, 2]}\nb: !Any {u: !@ a}\nc: !Any {u: !@ a}\nd: !Any {l: [!@ b, !@ c]}'
    expect(runs(diamond, 'reduce: {b: 2, c: 2}\n')).toEqual({ a: 2, b: 2, c: 2, d: 2 })
  })
})
