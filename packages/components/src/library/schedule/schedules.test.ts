import { expect, test } from 'vitest'
import type { LRScheduler } from './lr-scheduler.ts'
import {
  CosineAnnealingLR,
  ExponentialLR,
  NoamScheduler,
  ReduceLROnPlateau,
  StepLR,
  WarmupLinearScheduler,
} from './schedules.ts'

const curve = (schedule: LRScheduler, losses: readonly number[]) =>
  losses.map(loss => {
    const rate = schedule.rate(1)
    schedule.advance(loss)
    return Number(rate.toFixed(4))
  })
const five = [1, 1, 1, 1, 1]

test('each schedule follows its formula', () => {
  expect(curve(new StepLR({ step_size: 2 }), five)).toEqual([1, 1, 0.1, 0.1, 0.01])
  expect(curve(new ExponentialLR({ gamma: 0.5 }), five)).toEqual([1, 0.5, 0.25, 0.125, 0.0625])
  expect(curve(new CosineAnnealingLR({ T_max: 2, eta_min: 0.2 }), five)).toEqual([1, 0.6, 0.2, 0.2, 0.2])
  expect(curve(new WarmupLinearScheduler({ warmup: 2, n_steps: 4 }), five)).toEqual([0.5, 1, 1, 0.5, 0])
  expect(curve(new NoamScheduler({ warmup: 2, d_model: 4 }), [1, 1, 1])).toEqual([0.1768, 0.3536, 0.2887])
})

test('a plateau is a loss that stays, rises or is NaN, and the rate has a floor', () => {
  const reduce = () => new ReduceLROnPlateau({ patience: 1, factor: 0.1, min_lr: 0.05 })
  expect(curve(reduce(), [5, 4, 3, 2, 1])).toEqual([1, 1, 1, 1, 1])
  expect(curve(reduce(), [5, 5, 6, Number.NaN, 5, 5])).toEqual([1, 1, 1, 0.1, 0.1, 0.05])
})
