import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import { context, setContext } from '../../core/context.ts'
import { ImageDataset } from '../data/image-dataset.ts'
import { NLLLoss } from '../loss/losses.ts'
import { Accuracy } from '../metric/metrics.ts'
import { ImageClassifier } from '../nn/classifiers.ts'
import { CNNEncoder } from '../nn/cnn-encoder.ts'
import { SoftmaxLayer } from '../nn/softmax-layer.ts'
import { Adam } from '../optimizer/adam.ts'
import { BaseSampler } from '../sampler/base-sampler.ts'
import { Evaluator } from './evaluator.ts'
import { Trainer } from './trainer.ts'

beforeAll(() => openBackend('wasm'))

test('a small network learns real digits from 1,500 examples in seconds', async () => {
  setContext({ ...context(), env: { ...context().env, seed: 5 } })
  const dataset = ImageDataset.fromIdx({
    path: fileURLToPath(new URL('../../../../../examples/data/digits', import.meta.url)),
  })
  const encoder = new CNNEncoder({ input_shape: [28, 28, 1], channels: [6, 12], pooling: 2, batch_norm: false })
  const model = new ImageClassifier({
    encoder,
    output_layer: new SoftmaxLayer({ input_size: encoder.output_size, output_size: 10 }),
  })
  const trainer = new Trainer({
    dataset,
    model,
    train_sampler: new BaseSampler({ batch_size: 32, downsample_max_samples: 1500 }),
    val_sampler: new BaseSampler({ batch_size: 100, shuffle: false, downsample_max_samples: 300 }),
    loss_fn: new NLLLoss(),
    metric_fn: new Accuracy(),
    optimizer: new Adam({ lr: 0.005 }),
    max_steps: 3,
  })
  while (await trainer.run());
  const test = new Evaluator({
    dataset,
    model,
    metric_fn: new Accuracy(),
    eval_sampler: new BaseSampler({ batch_size: 100, shuffle: false, downsample_max_samples: 500 }),
  })
  await test.run()
  expect(test.metric()).toBeGreaterThan(0.85)
  setContext(null)
})
