/**
 * What the Trainer costs over a loop written by hand: the same model, data, batch size and optimizer on the same backend.
 * Both take turns and CPU time is counted, so that a busy machine does little. Prints medians in ms a batch, and their ratio
 * (aim: <= 1.05).
 *
 *     node bench/trainer.ts [backend] [rounds]
 */
import { fileURLToPath } from 'node:url'
import { type BackendName, openBackend } from '../src/backend/index.ts'
import {
  Accuracy,
  Adam,
  BaseSampler,
  CNNEncoder,
  type Encoder,
  ImageClassifier,
  ImageDataset,
  MLPEncoder,
  NLLLoss,
  SoftmaxLayer,
  Trainer,
  weightsOf,
} from '../src/library/index.ts'
import { tf } from '../src/tf.ts'

const DIGITS = fileURLToPath(new URL('../../../examples/data/digits', import.meta.url))
const BATCH = 64
const STEPS = 50

const { detail } = await openBackend((process.argv[2] as BackendName | undefined) ?? 'wasm')
const rounds = Number(process.argv[3] ?? 15)
const data = ImageDataset.fromIdx({ path: DIGITS })
console.log(detail)

const cnn = () =>
  new CNNEncoder({ input_shape: [28, 28, 1], channels: [16, 32], pooling: 2, padding: 'same', batch_norm: false })
const mlp = () =>
  new MLPEncoder({
    input_size: 784,
    n_layers: 2,
    hidden_size: 256,
    hidden_activation: 'relu',
    output_size: 128,
    output_activation: 'relu',
  })

await compare('CNN 16-32', cnn, (x, [k0, b0, k1, b1, k2, b2]) => {
  const one = tf.maxPool(
    tf.relu(tf.add(tf.conv2d(x, k0 as tf.Tensor4D, 1, 'same'), b0 as tf.Tensor)) as tf.Tensor4D,
    2,
    2,
    'valid',
  )
  const two = tf.maxPool(
    tf.relu(tf.add(tf.conv2d(one, k1 as tf.Tensor4D, 1, 'same'), b1 as tf.Tensor)) as tf.Tensor4D,
    2,
    2,
    'valid',
  )
  return tf.add(tf.matMul(tf.reshape(two, [x.shape[0], -1]), k2 as tf.Tensor2D), b2 as tf.Tensor)
})
await compare('MLP 784-256-128', mlp, (x, [k0, b0, k1, b1, k2, b2]) => {
  const one = tf.relu(tf.add(tf.matMul(tf.reshape(x, [x.shape[0], -1]), k0 as tf.Tensor2D), b0 as tf.Tensor))
  const two = tf.relu(tf.add(tf.matMul(one as tf.Tensor2D, k1 as tf.Tensor2D), b1 as tf.Tensor))
  return tf.add(tf.matMul(two as tf.Tensor2D, k2 as tf.Tensor2D), b2 as tf.Tensor)
})

type ByHand = (x: tf.Tensor4D, weights: readonly tf.Variable[]) => tf.Tensor

async function compare(name: string, encoder: () => Encoder & { output_size: number }, forward: ByHand): Promise<void> {
  const classifier = () => {
    const e = encoder()
    return new ImageClassifier({
      encoder: e,
      output_layer: new SoftmaxLayer({ input_size: e.output_size, output_size: 10 }),
    })
  }
  const trainer = new Trainer({
    dataset: data,
    model: classifier(),
    train_sampler: new BaseSampler({ batch_size: BATCH }),
    val_sampler: new BaseSampler({ batch_size: 1, downsample_max_samples: 1 }),
    loss_fn: new NLLLoss(),
    metric_fn: new Accuracy(),
    optimizer: new Adam(),
    max_steps: 1_000_000,
    iter_per_step: STEPS,
  })
  const byHand = await handWritten([...weightsOf(classifier()).values()], forward)
  const times = { trainer: [] as number[], hand: [] as number[] }
  for (let round = -1; round < rounds; round++) {
    const before = cpuMs()
    await trainer.run()
    const between = cpuMs()
    await byHand()
    const after = cpuMs()
    if (round < 0) continue // warm-up
    times.trainer.push((between - before) / STEPS)
    times.hand.push((after - between) / STEPS)
  }
  const [ours, theirs] = [median(times.trainer), median(times.hand)]
  console.log(
    `${name}: Trainer ${ours.toFixed(2)} ms, by hand ${theirs.toFixed(2)} ms, ratio ${(ours / theirs).toFixed(3)}`,
  )
}

/** What a user of TensorFlow.js writes: shuffle, cut, minimise, read the loss. */
async function handWritten(weights: readonly tf.Variable[], forward: ByHand): Promise<() => Promise<void>> {
  const all = Array.from({ length: data.train.length }, (_, i) => i)
  const [images, labels] = data.train.batch(all) as [tf.Tensor, tf.Tensor]
  const pixels = (await images.data()) as Float32Array
  const targets = (await labels.data()) as Int32Array
  tf.dispose([images, labels])
  const order = Int32Array.from(all)
  const optimizer = tf.train.adam(0.001)
  let at = order.length
  return async () => {
    for (let step = 0; step < STEPS; step++) {
      if (at + BATCH > order.length) {
        tf.util.shuffle(order)
        at = 0
      }
      const x = new Float32Array(BATCH * 784)
      const y = new Int32Array(BATCH)
      for (let i = 0; i < BATCH; i++) {
        const row = order[at + i] as number
        x.set(pixels.subarray(row * 784, (row + 1) * 784), i * 784)
        y[i] = targets[row] as number
      }
      at += BATCH
      const batch = tf.tensor4d(x, [BATCH, 28, 28, 1])
      const target = tf.tensor1d(y, 'int32')
      const loss = optimizer.minimize(
        () => tf.losses.softmaxCrossEntropy(tf.oneHot(target, 10), forward(batch, weights)) as tf.Scalar,
        true,
        [...weights],
      )
      await loss?.data()
      tf.dispose([batch, target])
      loss?.dispose()
    }
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}
