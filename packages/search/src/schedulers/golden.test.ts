// Golden table: 200 made-up curves without randomness; stop times and totals measured on Optuna 4.9, and on a short
// re-implementation of Determined's rule.

import { expect, it } from 'vitest'
import type { Scheduler } from '../contract.ts'
import type { TrialRecord } from '../history.ts'
import type { Json } from '../json.ts'
import { asha } from './asha.ts'
import { medianStopping, percentileStopping } from './percentile.ts'

const frac = (x: number) => x - Math.floor(x)

function loss(i: number, t: number): number {
  const a = frac(0.618033988749895 * (i + 1))
  const b = frac(0.754877666246693 * (i + 1))
  const c = frac(0.569840290998053 * (i + 1))
  return 0.1 + 0.8 * a ** 2 + (0.5 + 0.5 * b) * Math.exp(-t / (3 + 27 * c))
}

function play<State extends Json>(scheduler: Scheduler<State>): string {
  let state = scheduler.initial
  const history: TrialRecord[] = []
  const ends: number[] = []
  let best = { trial: -1, value: Number.POSITIVE_INFINITY }
  for (let i = 0; i < 200; i++) {
    const reports: { step: number; value: number }[] = []
    let stopped = false
    for (let t = 1; t <= 81 && !stopped; t++) {
      const value = loss(i, t)
      reports.push({ step: t, value })
      if (value < best.value) best = { trial: i, value }
      if (t === 81) break
      history[i] = { number: i, status: 'running', assignment: {}, reports }
      const judged = scheduler.judge(state, { trial: i, step: t, value }, history)
      state = judged.state
      stopped = judged.verdict.kind === 'stop'
    }
    history[i] = { number: i, status: stopped ? 'stopped' : 'complete', assignment: {}, reports }
    ends.push(reports.length)
  }
  const stops = ends.filter(end => end < 81).length
  const steps = ends.reduce((sum, end) => sum + end, 0)
  return `${stops} | ${steps} | #${best.trial} ${best.value.toFixed(6)} | ${ends.slice(0, 12).join(' ')}`
}

it('decides as Optuna Median default', () => {
  const row = '183 | 1828 | #80 0.102961 | 81 81 81 81 81 1 21 1 1 81 1 20'
  expect(play(medianStopping({ mode: 'min' }))).toBe(row)
})

it('decides as Optuna Median startup 5, warm-up 5, interval 3', () => {
  const row = '182 | 2761 | #122 0.100265 | 81 81 81 81 81 5 23 5 35 81 5 20'
  expect(play(medianStopping({ mode: 'min', startup: 5, warmup: 5, interval: 3 }))).toBe(row)
})

it('decides as Optuna Percentile 25', () => {
  const row = '189 | 1154 | #80 0.102961 | 81 81 81 81 81 1 1 1 1 1 1 2'
  expect(play(percentileStopping({ mode: 'min', percentile: 25 }))).toBe(row)
})

it('decides as Optuna SHA(1, 3) and Determined with divisor 3', () => {
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
