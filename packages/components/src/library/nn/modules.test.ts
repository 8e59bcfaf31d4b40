import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import { context, setContext } from '../../core/context.ts'
import { tf } from '../../tf.ts'
import { ImageClassifier, LogisticRegression } from './classifiers.ts'
import { CNNEncoder } from './cnn-encoder.ts'
import { MLPEncoder } from './mlp-encoder.ts'
import { weightsOf } from './module.ts'
import { SoftmaxLayer } from './softmax-layer.ts'

beforeAll(() => openBackend('wasm'))
const trial = (seed: number) => setContext({ ...context(), env: { ...context().env, seed } })
beforeEach(() => trial(1))
afterEach(() => setContext(null))

const values = async (t: tf.Tensor) => Array.from(await t.data())
const ones = (shape: number[]) => tf.ones(shape)

test('an encoder gives the shape that it announces', () => {
  for (const options of [
    { channels: [3] },
    { channels: [3, 4], pooling: 2 },
    { channels: [3, 4], kernel_size: [5, 2], stride: [2, 1], padding: 'same' as const },
    { channels: [2], kernel_size: 4, padding: 2, pooling: 3, batch_norm: false },
  ]) {
    const encoder = new CNNEncoder({ input_shape: [12, 11, 2], ...options })
    const out = encoder.forward(ones([2, 12, 11, 2]), false)
    expect(out.shape).toEqual([2, ...encoder.output_shape])
    expect(encoder.output_size).toBe(out.size / 2)
  }
  const mlp = new MLPEncoder({ input_size: 6, output_size: 3, n_layers: 3, hidden_size: 5, hidden_activation: 'relu' })
  expect(mlp.forward(ones([4, 2, 3]), false).shape).toEqual([4, 3])
  expect([...mlp.weights.values()].map(w => w.shape)).toEqual([[6, 5], [5], [5, 5], [5], [5, 3], [3]])
})

test('images that are too small, and lists of the wrong length, are errors', () => {
  const encoder = (more: object) => () => new CNNEncoder({ input_shape: [4, 4, 1], channels: [1, 1], ...more })
  expect(encoder({ kernel_size: 3, pooling: 2 })).toThrow('layer 1 leaves nothing of an image of 4 x 4 pixels')
  expect(encoder({ kernel_size: [3] })).toThrow('kernel_size has 1 entries for 2 layers')
  expect(encoder({ padding: 'same', stride: 3, kernel_size: 2 })).toThrow('stride 3 above kernel_size 2')
})

test('weights follow from the seed, and equal layers side by side differ', async () => {
  const build = async (seed: number) => {
    trial(seed)
    const parts = [1, 2].map(() => new MLPEncoder({ input_size: 3, output_size: 2 }))
    return Promise.all(parts.map(part => values(part.weights.get('kernel_0') as tf.Tensor)))
  }
  const [one, two] = await build(7)
  expect(one).not.toEqual(two)
  expect(await build(7)).toEqual([one, two])
  expect((await build(8))[0]).not.toEqual(one)
})

test('weights are found by path through all components, shared ones once', () => {
  const encoder = new CNNEncoder({ input_shape: [6, 6, 1], channels: [2], batch_norm: false })
  const model = new ImageClassifier({
    encoder,
    output_layer: new SoftmaxLayer({ input_size: encoder.output_size, output_size: 3 }),
  })
  expect([...weightsOf(model).keys()]).toEqual([
    'encoder.kernel_0',
    'encoder.bias_0',
    'output_layer.mlp.kernel_0',
    'output_layer.mlp.bias_0',
  ])
  const twice = new ImageClassifier({ encoder: model.output_layer, output_layer: model.output_layer })
  expect(weightsOf(twice).size).toBe(2)
})

test('the state of a module restores its weights, and refuses other shapes', async () => {
  const one = new MLPEncoder({ input_size: 3, output_size: 2 })
  const two = new MLPEncoder({ input_size: 3, output_size: 2 })
  two.setState(one.getState())
  expect(await values(two.weights.get('kernel_0') as tf.Tensor)).toEqual(
    await values(one.weights.get('kernel_0') as tf.Tensor),
  )
  expect(() => new MLPEncoder({ input_size: 4, output_size: 2 }).setState(one.getState())).toThrow(
    'weight kernel_0 has shape [3, 2] where [4, 2] is needed',
  )
})

test('dropout acts while training only, differs from step to step, and follows Math.random', async () => {
  const mlp = new MLPEncoder({ input_size: 2, output_size: 200, n_layers: 2, hidden_size: 200, dropout: 0.5 })
  const run = (training: boolean) => values(mlp.forward(ones([1, 2]), training))
  expect(await run(false)).toEqual(await run(false))
  expect(await run(true)).not.toEqual(await run(true))
  const real = Math.random
  try {
    const seeded = async () => {
      let state = 0.1
      Math.random = () => {
        state = (state * 997) % 1
        return state
      }
      return run(true)
    }
    expect(await seeded()).toEqual(await seeded())
  } finally {
    Math.random = real
  }
})

test('batch normalisation learns moving averages while training and uses them afterwards', async () => {
  const encoder = new CNNEncoder({ input_shape: [4, 4, 1], channels: [2], activation: 'linear' })
  const x = tf.randomNormal([8, 4, 4, 1], 3, 2, 'float32', 1)
  const trained = encoder.forward(x, true)
  const [mean] = [tf.mean(trained, [0, 1, 2])]
  for (const v of await values(mean as tf.Tensor)) expect(v).toBeCloseTo(0, 4)
  for (let i = 0; i < 100; i++) tf.tidy(() => void encoder.forward(x, true))
  const used = tf.mean(encoder.forward(x, false), [0, 1, 2])
  for (const v of await values(used)) expect(v).toBeCloseTo(0, 2)
})

test('softmax layers give probabilities or their logarithms', async () => {
  const log = new SoftmaxLayer({ input_size: 3, output_size: 4 })
  const plain = new SoftmaxLayer({ input_size: 3, output_size: 4, take_log: false })
  plain.mlp.setState(log.mlp.getState())
  const p = await values(plain.forward(ones([1, 3]), false))
  expect(p.reduce((a, b) => a + b)).toBeCloseTo(1)
  for (const [i, v] of (await values(log.forward(ones([1, 3]), false))).entries())
    expect(Math.exp(v)).toBeCloseTo(p[i] as number, 5)
})

test('a model takes the last column of a batch as its target, and needs an input', () => {
  const model = new LogisticRegression({ input_size: 3, output_size: 2 })
  const target = tf.tensor1d([1], 'int32')
  expect(model.forward([ones([1, 3]), target], false).target).toBe(target)
  expect(() => model.forward([target], false)).toThrow('a batch needs inputs and a target')
})
