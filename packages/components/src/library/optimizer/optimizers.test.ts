import { beforeAll, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import { tf } from '../../tf.ts'
import { Adam, AdamW } from './adam.ts'
import type { Optimizer } from './optimizer.ts'
import { SGD } from './sgd.ts'

beforeAll(() => openBackend('wasm'))

const START = [1, -2, 3]
const gradient = (step: number) => [0.5 + step, -0.25, 1 / (step + 1)]

/** Weights after some updates with fixed gradients. */
async function after(optimizer: Optimizer, steps: number, handOver?: () => Optimizer): Promise<number[]> {
  const weight = tf.variable(tf.tensor1d(START))
  const weights = new Map([['w', weight]])
  let now = optimizer
  for (let step = 0; step < steps; step++) {
    if (handOver !== undefined && step === 3) {
      const next = handOver()
      next.setState(now.getState())
      now.dispose()
      now = next
    }
    const g = tf.tensor1d(gradient(step))
    now.update(weights, new Map([['w', g]]))
    g.dispose()
  }
  now.dispose()
  const values = Array.from(await weight.data())
  weight.dispose()
  return values
}

async function reference(optimizer: tf.Optimizer, steps: number): Promise<number[]> {
  const weight = tf.variable(tf.tensor1d(START))
  for (let step = 0; step < steps; step++) optimizer.applyGradients({ [weight.name]: tf.tensor1d(gradient(step)) })
  return Array.from(await weight.data())
}

function expectClose(ours: number[], theirs: number[]): void {
  for (const [i, v] of theirs.entries()) expect(ours[i]).toBeCloseTo(v, 4)
}

test('updates are those of the optimizers of TensorFlow.js', async () => {
  expectClose(await after(new SGD({ lr: 0.1 }), 6), await reference(tf.train.sgd(0.1), 6))
  expectClose(await after(new SGD({ lr: 0.1, momentum: 0.9 }), 6), await reference(tf.train.momentum(0.1, 0.9), 6))
  expectClose(
    await after(new SGD({ lr: 0.1, momentum: 0.9, nesterov: true }), 6),
    await reference(tf.train.momentum(0.1, 0.9, true), 6),
  )
  expectClose(await after(new Adam({ lr: 0.1 }), 6), await reference(tf.train.adam(0.1, 0.9, 0.999, 1e-8), 6))
})

test('weight decay is added to the gradient by Adam, taken off the weight by AdamW', async () => {
  const zero = async (optimizer: Optimizer) => {
    const weight = tf.variable(tf.tensor1d([2]))
    optimizer.update(new Map([['w', weight]]), new Map([['w', tf.tensor1d([0])]]))
    return (await weight.data())[0]
  }
  expect(await zero(new SGD({ lr: 0.1, weight_decay: 0.5 }))).toBeCloseTo(2 - 0.1 * 0.5 * 2, 5)
  expect(await zero(new Adam({ lr: 0.1, weight_decay: 0.5 }))).toBeCloseTo(2 - 0.1, 5)
  expect(await zero(new AdamW({ lr: 0.1, weight_decay: 0.5 }))).toBeCloseTo(2 * (1 - 0.1 * 0.5), 5)
})

test('an optimizer that took over the state of another goes on bit for bit (G11)', async () => {
  for (const make of [
    () => new SGD({ lr: 0.1 }),
    () => new SGD({ lr: 0.1, momentum: 0.9, weight_decay: 0.01 }),
    () => new Adam({ lr: 0.1 }),
    () => new AdamW({ lr: 0.1 }),
  ])
    expect(await after(make(), 7, make)).toEqual(await after(make(), 7))
})

test('a learning rate that was changed is part of the state', () => {
  const one = new SGD({ lr: 0.1 })
  one.lr = 0.01
  const two = new SGD({ lr: 0.1 })
  two.setState(one.getState())
  expect(two.lr).toBe(0.01)
})

test('updates leave no tensor behind', async () => {
  await after(new Adam(), 1)
  const before = tf.memory().numTensors
  const optimizer = new Adam()
  const weights = new Map([['w', tf.variable(tf.tensor1d(START))]])
  const g = tf.tensor1d(START)
  const between = tf.memory().numTensors
  for (let i = 0; i < 5; i++) optimizer.update(weights, new Map([['w', g]]))
  expect(tf.memory().numTensors).toBe(between + 2)
  optimizer.dispose()
  expect(tf.memory().numTensors).toBe(between)
  tf.dispose([g, [...weights.values()]])
  expect(tf.memory().numTensors).toBe(before + 1)
})

test('nesterov without momentum is refused', () => {
  expect(() => new SGD({ nesterov: true })).toThrow('nesterov needs a momentum')
})

test('a rate that is written anew wins over the saved one, a scheduled rate comes back', () => {
  const saved = new SGD({ lr: 0.1 })
  saved.lr = 0.05
  const same = new SGD({ lr: 0.1 })
  same.setState(saved.getState())
  expect(same.lr).toBe(0.05)
  const changed = new SGD({ lr: 0.12 })
  changed.setState(saved.getState())
  expect(changed.lr).toBe(0.12)
})
