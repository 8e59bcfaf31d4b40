// Stories of the rules with rungs: who stops, who waits, who goes on, and in which words.

import { describe, expect, it } from 'vitest'
import type { Scheduler, Verdict } from '../contract.ts'
import type { Json } from '../json.ts'
import { drive } from '../simulate/drive.ts'
import { goldenLoss } from '../testing/golden.ts'
import { asha, ashaRungs } from './asha.ts'
import { ashaPromote } from './asha-promote.ts'
import { brackets, evenly, hyperband } from './hyperband.ts'
import { syncHyperband } from './sync-hyperband.ts'

/** Keeps a scheduler's state between calls, and tells in one line what each call answered. */
function talk<State extends Json>(scheduler: Scheduler<State>) {
  let state = scheduler.initial
  const history = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      number: at + 1,
      status: 'running' as const,
      assignment: {},
      reports: [],
    }))
  const told = (
    verdict: Verdict | null,
    others: readonly { readonly trial: number; readonly verdict: Verdict }[] = [],
  ) => [verdict?.kind, ...others.map(other => `${other.trial} ${other.verdict.kind}`)].filter(Boolean).join(', ')
  return {
    judge(trial: number, step: number, value: number | null) {
      const answer = scheduler.judge(state, { trial, step, value }, [])
      state = answer.state
      return told(answer.verdict, answer.others)
    },
    why(trial: number, step: number, value: number | null) {
      const { verdict } = scheduler.judge(state, { trial, step, value }, [])
      return 'reason' in verdict ? verdict.reason : verdict.kind
    },
    end(trial: number, status: 'complete' | 'failed' | 'stopped' = 'failed') {
      const answer = scheduler.ended(state, { trial, status }, [])
      state = answer.state
      return told(null, answer.others)
    },
    next() {
      const answer = scheduler.next(state, [])
      state = answer.state
      return [answer.trial, ...(answer.others ?? []).map(other => `${other.trial} ${other.verdict.kind}`)].join(', ')
    },
    close(trials: number) {
      const answer = scheduler.closed?.(state, history(trials))
      if (answer !== undefined) state = answer.state
      return told(null, answer?.others)
    },
  }
}

describe('ASHA that stops', () => {
  it('keeps the best third of those seen at a rung, the own one counted, ties too', () => {
    const scheduler = talk(asha({ mode: 'min', max_t: 9, grace: 1 }))
    expect(scheduler.judge(1, 1, 0.5)).toBe('continue')
    expect(scheduler.judge(2, 1, 0.5)).toBe('continue')
    expect(scheduler.why(3, 1, 0.6)).toBe('stopped at 1: rank 3 of 3, needs 1')
    expect(scheduler.judge(3, 1, 0.4)).toBe('continue')
  })

  it('climbs several rungs in one report, and judges none twice', () => {
    const scheduler = talk(asha({ mode: 'max', max_t: 27, grace: 1 }))
    expect(scheduler.judge(1, 1, 0.5)).toBe('continue')
    expect(scheduler.judge(1, 2, 0.1)).toBe('continue')
    expect(scheduler.judge(2, 9, 0.9)).toBe('continue')
    expect(scheduler.why(1, 3, 0.1)).toBe('stopped at 3: rank 2 of 2, needs 1')
  })

  it('takes rungs by multiplication, by default from a thirteenth of max_t', () => {
    expect(ashaRungs({ max_t: 81, grace: 1 })).toEqual([1, 3, 9, 27])
    expect(ashaRungs({ max_t: 1000, grace: 1, factor: 10 })).toEqual([1, 10, 100])
    expect(ashaRungs({ max_t: 130 })).toEqual([10, 30, 90])
    expect(() => ashaRungs({ max_t: 9, factor: 1.5 })).toThrow('factor')
  })
})

describe('ASHA that promotes', () => {
  it('pauses at a rung, and lets the best third of those seen go on, the highest rung first', () => {
    const scheduler = talk(ashaPromote({ mode: 'min', max_t: 9, grace: 1 }))
    expect(scheduler.why(1, 1, 0.5)).toBe('waits at 1: rank 1 of 1, 0 go on')
    expect([scheduler.judge(1, 1, 0.5), scheduler.judge(2, 1, 0.6), scheduler.next()]).toEqual(['pause', 'pause', ''])
    expect(scheduler.judge(3, 1, 0.7)).toBe('pause')
    expect(scheduler.next()).toBe('1')
    expect(scheduler.next()).toBe('')
    expect(scheduler.judge(1, 3, 0.4)).toBe('pause')
    expect([scheduler.judge(4, 1, 0.8), scheduler.judge(5, 1, 0.9), scheduler.judge(6, 1, 1)]).toEqual([
      'pause',
      'pause',
      'pause',
    ])
    expect(scheduler.next()).toBe('2')
  })

  it('lets a trial that would be promoted at once go on without a pause', () => {
    const scheduler = talk(ashaPromote({ mode: 'min', max_t: 9, grace: 1 }))
    expect([scheduler.judge(1, 1, 0.5), scheduler.judge(2, 1, 0.6), scheduler.judge(3, 1, 0.4)]).toEqual([
      'pause',
      'pause',
      'continue',
    ])
    expect(scheduler.next()).toBe('')
  })

  it('brings the best to max_t and ends the others, once no more trials come and nothing runs', () => {
    const scheduler = talk(ashaPromote({ mode: 'min', max_t: 9, grace: 1 }))
    scheduler.judge(1, 1, 0.5)
    scheduler.judge(2, 1, 0.6)
    expect(scheduler.close(3)).toBe('')
    expect(scheduler.next()).toBe('')
    expect(scheduler.end(3)).toBe('')
    expect(scheduler.next()).toBe('1')
    expect(scheduler.judge(1, 3, 0.4)).toBe('continue')
    expect(scheduler.end(1, 'complete')).toBe('2 stop')
    expect(scheduler.next()).toBe('')
  })

  it('promotes no trial twice, and none that ended while it waited', () => {
    const scheduler = talk(ashaPromote({ mode: 'min', max_t: 9, grace: 1 }))
    for (const [trial, value] of [0.5, 0.4, 0.6].entries()) scheduler.judge(trial + 1, 1, value)
    scheduler.end(2)
    expect(scheduler.next()).toBe('')
    for (const trial of [4, 5, 6]) scheduler.judge(trial, 1, 0.9)
    expect(scheduler.next()).toBe('1')
  })
})

describe('HyperBand', () => {
  it('has the brackets of the paper, each of which reaches max_t', () => {
    expect(brackets({ max_t: 81, grace: 1 }).map(({ size, rungs }) => [size, ...rungs])).toEqual([
      [81, 1, 3, 9, 27],
      [34, 3, 9, 27],
      [15, 9, 27],
      [8, 27],
      [5],
    ])
    expect(brackets({ max_t: 100, grace: 3 }).map(({ rungs }) => rungs)).toEqual([[3, 11, 33], [11, 33], [33], []])
  })

  it('mixes the brackets so that every prefix of the trials has its share of each', () => {
    const sizes = [81, 34, 15, 8, 5]
    const bracketOf = evenly(sizes)
    const counts = sizes.map(() => 0)
    for (let trial = 1; trial <= 286; trial++) {
      const at = bracketOf(trial)
      counts[at] = (counts[at] ?? 0) + 1
      for (const [bracket, size] of sizes.entries())
        expect(Math.abs((counts[bracket] ?? 0) - (trial * size) / 143)).toBeLessThan(2)
    }
    expect(counts).toEqual(sizes.map(size => 2 * size))
  })

  it('judges a trial only among those of its bracket', () => {
    const scheduler = talk(hyperband({ mode: 'min', max_t: 9, grace: 1, bracketOf: trial => trial % 3 }))
    expect(scheduler.judge(3, 1, 0.5)).toBe('continue')
    expect(scheduler.judge(4, 1, 0.9)).toBe('continue')
    expect(scheduler.why(6, 1, 0.9)).toBe('stopped at 1: rank 2 of 2, needs 1 (bracket 1 of 3)')
    expect(scheduler.judge(5, 8, 0.9)).toBe('continue')
  })

  it('lets somebody of every bracket run to max_t', () => {
    const { trials } = drive({
      search: {
        initial: null,
        propose: (state, { length }, n) => ({
          state,
          variants: Array(Math.min(n, 143 - length)).fill({}),
          done: length + n >= 143,
        }),
      },
      scheduler: hyperband({ mode: 'min', max_t: 81, grace: 1 }),
      slots: 8,
      curves: { steps: 81, value: (trial, _, step) => goldenLoss(trial, step) },
    })
    const bracketOf = evenly([81, 34, 15, 8, 5])
    const whole = trials.filter(trial => trial.status === 'complete').map(trial => bracketOf(trial.number))
    expect(new Set(whole)).toEqual(new Set([0, 1, 2, 3, 4]))
  })
})

describe('SyncHyperBand', () => {
  // max_t 9, factor 3: brackets of 9 (rungs 1, 3), 5 (rung 3) and 3 trials.
  const make = () => talk(syncHyperband({ mode: 'min', max_t: 9, grace: 1 }))

  it('waits until all of a bracket are at the rung, then lets the best third go on and ends the others', () => {
    const scheduler = make()
    for (let trial = 1; trial <= 8; trial++) expect(scheduler.judge(trial, 1, trial / 10)).toBe('pause')
    expect(scheduler.next()).toBe('')
    expect(scheduler.judge(9, 1, 0.05)).toBe('continue, 3 stop, 4 stop, 5 stop, 6 stop, 7 stop, 8 stop')
    expect([scheduler.next(), scheduler.next(), scheduler.next()]).toEqual(['1', '2', ''])
  })

  it('does not wait for trials that end or crash, and gives their places to the next best', () => {
    const scheduler = make()
    for (let trial = 1; trial <= 5; trial++) scheduler.judge(trial, 1, trial / 10)
    for (const trial of [6, 7, 8]) expect(scheduler.end(trial)).toBe('')
    expect(scheduler.end(9)).toBe('4 stop, 5 stop')
    expect(scheduler.end(1)).toBe('')
    expect([scheduler.next(), scheduler.next(), scheduler.next()]).toEqual(['2', '3', ''])
    expect(scheduler.judge(2, 3, 0.1)).toBe('pause')
    expect(scheduler.end(3)).toBe('')
    expect(scheduler.next()).toBe('2')
  })

  it('goes on with those it has when no more trials come', () => {
    const scheduler = make()
    for (let trial = 1; trial <= 4; trial++) scheduler.judge(trial, 1, trial / 10)
    expect(scheduler.close(5)).toBe('')
    expect(scheduler.why(5, 1, 0.5)).toBe('stopped at 1: rank 5 of 5, 1 go on (bracket 1)')
    expect(scheduler.judge(5, 1, 0.5)).toBe('stop, 2 stop, 3 stop, 4 stop')
    expect(scheduler.next()).toBe('1')
  })

  it('fills one bracket after another by trial number', () => {
    const scheduler = make()
    expect(scheduler.judge(10, 1, 0.5)).toBe('continue')
    expect(scheduler.judge(10, 3, 0.5)).toBe('pause')
    expect(scheduler.judge(15, 8, 0.5)).toBe('continue')
    expect(scheduler.judge(18, 1, 0.5)).toBe('pause')
  })
})
