// Golden table: 200 made-up curves without randomness, one trial after another; stop times and totals measured on Optuna 4.9, and
// on short re-implementations of the rules of Determined, Ray Tune and Syne Tune.

import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Scheduler } from '../contract.ts'
import type { TrialRecord } from '../history.ts'
import { goldenLoss } from '../testing/golden.ts'
import { asha } from './asha.ts'
import { brackets, hyperband } from './hyperband.ts'
import { medianStopping } from './median.ts'
import { percentileStopping } from './percentile.ts'

/** Stopped trials, steps, best found (numbered from 0 as in the table), and the steps of the first twelve. */
function play(scheduler: Scheduler): string {
  let state = scheduler.initial
  const history: TrialRecord[] = []
  const ends: number[] = []
  let best = { trial: -1, value: Number.POSITIVE_INFINITY }
  for (let trial = 1; trial <= 200; trial++) {
    const reports: { step: number; value: number }[] = []
    let stopped = false
    for (let step = 1; step <= 81 && !stopped; step++) {
      const value = goldenLoss(trial, step)
      reports.push({ step, value })
      if (value < best.value) best = { trial, value }
      if (step === 81) break
      history[trial - 1] = { number: trial, status: 'running', assignment: {}, reports }
      const judged = scheduler.judge(state, { trial, step, value }, history)
      state = judged.state
      stopped = judged.verdict.kind === 'stop'
    }
    const status = stopped ? 'stopped' : 'complete'
    history[trial - 1] = { number: trial, status, assignment: {}, reports }
    state = scheduler.ended(state, { trial, status }, history).state
    ends.push(reports.length)
  }
  const stops = ends.filter(end => end < 81).length
  const steps = ends.reduce((sum, end) => sum + end, 0)
  return `${stops} | ${steps} | #${best.trial - 1} ${best.value.toFixed(6)} | ${ends.slice(0, 12).join(' ')}`
}

it('decides as Optuna Median default', () => {
  const row = '183 | 1828 | #80 0.102961 | 81 81 81 81 81 1 21 1 1 81 1 20'
  expect(play(percentileStopping({ mode: 'min', percentile: 50 }))).toBe(row)
})

it('decides as Optuna Median startup 5, warm-up 5, interval 3', () => {
  const row = '182 | 2761 | #122 0.100265 | 81 81 81 81 81 5 23 5 35 81 5 20'
  expect(play(percentileStopping({ mode: 'min', percentile: 50, startup: 5, grace: 5, interval: 3 }))).toBe(row)
})

it('decides as Optuna Percentile 25', () => {
  const row = '189 | 1154 | #80 0.102961 | 81 81 81 81 81 1 1 1 1 1 1 2'
  expect(play(percentileStopping({ mode: 'min', percentile: 25 }))).toBe(row)
})

it('decides as Optuna SHA(1, 3) and Determined with length 81, divisor 3, 5 rungs', () => {
  const row = '192 | 1066 | #80 0.102961 | 81 81 1 3 1 1 1 1 1 1 1 3'
  expect(play(asha({ mode: 'min', max_t: 81, grace: 1 }))).toBe(row)
})

it('decides as Optuna SHA(1, 4)', () => {
  const row = '195 | 804 | #64 0.123725 | 81 81 1 4 1 1 1 1 1 1 1 4'
  expect(play(asha({ mode: 'min', max_t: 81, grace: 1, factor: 4 }))).toBe(row)
})

it('decides as Determined with length 81, divisor 4, 4 rungs', () => {
  const row = '195 | 850 | #64 0.123725 | 81 81 1 5 1 1 1 1 1 1 1 5'
  expect(play(asha({ mode: 'min', max_t: 81, factor: 4, rungs: [1, 5, 20] }))).toBe(row)
})

it('decides as Optuna Hyperband(1, 81, 3) of the study "golden"', () => {
  const sizes = brackets({ max_t: 81, grace: 1 }).map(bracket => bracket.size)
  const bracketOf = (trial: number) => {
    let left = crc32(`golden_${trial - 1}`) % sizes.reduce((sum, size) => sum + size, 0)
    return sizes.findIndex(size => {
      left -= size
      return left < 0
    })
  }
  const row = '171 | 3162 | #156 0.104933 | 81 81 1 3 81 81 81 3 1 1 1 81'
  expect(play(hyperband({ mode: 'min', max_t: 81, grace: 1, bracketOf }))).toBe(row)
})

it('decides as Ray ASHA grace 1, factor 3', () => {
  const row = '189 | 1382 | #122 0.100265 | 81 81 1 27 1 1 3 1 1 3 1 3'
  expect(play(asha({ mode: 'min', max_t: 81, grace: 1, rule: 'ray' }))).toBe(row)
})

it('decides as Ray ASHA grace 1, factor 4', () => {
  const row = '193 | 1117 | #80 0.102961 | 81 81 1 16 1 1 4 1 1 1 1 4'
  expect(play(asha({ mode: 'min', max_t: 81, grace: 1, factor: 4, rule: 'ray' }))).toBe(row)
})

it('decides as Ray ASHA grace 5, factor 3', () => {
  const row = '184 | 3276 | #122 0.100265 | 81 81 5 45 5 5 15 5 5 15 5 15'
  expect(play(asha({ mode: 'min', max_t: 81, grace: 5, rule: 'ray' }))).toBe(row)
})

it('decides as Syne Tune ASHA grace 1, factor 3', () => {
  const row = '188 | 1488 | #122 0.100265 | 81 81 1 81 1 1 3 1 1 3 1 9'
  expect(play(asha({ mode: 'min', max_t: 81, grace: 1, rule: 'syne' }))).toBe(row)
})

it('decides as Ray median grace 5, min 3', () => {
  const row = '154 | 4781 | #122 0.100265 | 81 81 81 81 5 5 81 5 81 81 5 81'
  expect(play(medianStopping({ mode: 'min', grace: 5, min_trials: 3, rule: 'ray' }))).toBe(row)
})
