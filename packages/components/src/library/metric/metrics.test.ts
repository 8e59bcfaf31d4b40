import { beforeAll, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import { tf } from '../../tf.ts'
import { BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss, NLLLoss } from '../loss/losses.ts'
import type { Metric } from './metric.ts'
import { Accuracy, BPC, MAE, MSE, Perplexity, RecallAtK, RMSE } from './metrics.ts'

beforeAll(() => openBackend('wasm'))

const scores = [
  [0.1, 0.7, 0.2],
  [0.5, 0.3, 0.2],
  [0.2, 0.3, 0.5],
]
const targets = [1, 1, 0]

/** Over batches of these sizes. */
async function measured(
  metric: Metric,
  pred: number[][],
  target: number[],
  sizes: number[],
  dtype: 'int32' | 'float32' = 'int32',
) {
  const state = metric.start()
  let from = 0
  for (const size of sizes) {
    tf.tidy(() =>
      metric.aggregate(
        state,
        tf.tensor2d(pred.slice(from, from + size)),
        tf.tensor1d(target.slice(from, from + size), dtype),
      ),
    )
    from += size
  }
  return metric.finalize(state)
}

test('metrics weight batches by their size', async () => {
  for (const sizes of [[3], [2, 1], [1, 1, 1]]) {
    expect(await measured(new Accuracy(), scores, targets, sizes)).toBeCloseTo(1 / 3)
    expect(await measured(new RecallAtK({ top_k: 2 }), scores, targets, sizes)).toBeCloseTo(2 / 3)
    expect(await measured(new RecallAtK({ top_k: 3 }), scores, targets, sizes)).toBe(1)
  }
})

test('errors and likelihoods are what their formulas say', async () => {
  const [pred, target] = [
    [[1], [2], [5]],
    [1, 4, 4],
  ]
  expect(await measured(new MSE(), pred, target, [2, 1], 'float32')).toBeCloseTo(5 / 3)
  expect(await measured(new RMSE(), pred, target, [2, 1], 'float32')).toBeCloseTo(Math.sqrt(5 / 3))
  expect(await measured(new MAE(), pred, target, [2, 1], 'float32')).toBeCloseTo(1)
  const even = [[0, 0, 0, 0]]
  expect(await measured(new Perplexity(), even, [2], [1])).toBeCloseTo(4, 4)
  expect(await measured(new BPC(), even, [2], [1])).toBeCloseTo(2, 4)
})

test('a metric that saw nothing is NaN, and no tensor stays behind', async () => {
  expect(await measured(new Accuracy(), [], [], [])).toBeNaN()
  const before = tf.memory().numTensors
  await measured(new Accuracy(), scores, targets, [2, 1])
  expect(tf.memory().numTensors).toBe(before)
})

const value = async (loss: tf.Scalar) => (await loss.data())[0] as number

test('losses are what their formulas say', async () => {
  const logs = tf.log(tf.tensor2d(scores))
  const target = tf.tensor1d(targets, 'int32')
  const expected = -(Math.log(0.7) + Math.log(0.3) + Math.log(0.2)) / 3
  expect(await value(new NLLLoss().compute(logs, target))).toBeCloseTo(expected, 5)
  expect(await value(new CrossEntropyLoss().compute(tf.add(logs, 5), target))).toBeCloseTo(expected, 5)
  const weighted = -(2 * Math.log(0.7) + 2 * Math.log(0.3) + Math.log(0.2)) / 5
  expect(await value(new NLLLoss({ weight: [1, 2, 3] }).compute(logs, target))).toBeCloseTo(weighted, 5)
  expect(() => new NLLLoss({ weight: [1] }).compute(logs, target)).toThrow('weight has 1 entries for 3 classes')
  const x = tf.tensor2d([[2], [-100]])
  const y = tf.tensor1d([1, 0], 'int32')
  expect(await value(new BCEWithLogitsLoss().compute(x, y))).toBeCloseTo(Math.log(1 + Math.exp(-2)) / 2, 5)
  expect(await value(new MSELoss().compute(x, tf.tensor1d([0, -98])))).toBeCloseTo(4, 5)
  expect(await value(new L1Loss().compute(x, tf.tensor1d([0, -98])))).toBeCloseTo(2, 5)
  expect(() => new MSELoss().compute(x, tf.tensor1d([1]))).toThrow('2 predictions for 1 targets')
})
