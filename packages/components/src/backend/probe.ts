/**
 * Tries one rung for real: opens it and takes two training steps of a tiny model with the kernels that backends lack most
 * often (convolution, embedding, dense). The agent runs it in a child process with a time-out, because a bad driver may
 * hang or crash, and because a backend stays open afterwards.
 */
import { tf } from '../tf.ts'
import { openBackend } from './open.ts'
import { type BackendName, type BackendOptions, BackendRefused, type Opened } from './opened.ts'

export interface Probed {
  readonly name: BackendName
  readonly accepted: boolean
  /** Why, in one line: the device when accepted, the reason when not. */
  readonly detail: string
  readonly versions: Opened['versions']
}

export async function probe(name: BackendName, options: BackendOptions = {}): Promise<Probed> {
  try {
    const opened = await openBackend(name, options)
    const losses = await tinyFit()
    const [first = Number.NaN, last = Number.NaN] = losses
    if (!Number.isFinite(first) || !Number.isFinite(last) || first === last)
      return {
        name,
        accepted: false,
        detail: `training gives wrong losses (${losses.join(', ')})`,
        versions: opened.versions,
      }
    return { name, accepted: true, detail: opened.detail, versions: opened.versions }
  } catch (error) {
    const reason = error instanceof BackendRefused ? error.message : `training fails: ${String(error)}`
    return { name, accepted: false, detail: reason.split('\n')[0] ?? reason, versions: {} }
  }
}

/** Losses before and after one step of gradient descent. */
async function tinyFit(): Promise<number[]> {
  const ramp = (shape: number[], scale: number) =>
    tf.tidy(() => tf.reshape(tf.sin(tf.mul(tf.range(0, tf.util.sizeFromShape(shape)), scale)), shape))
  const images = ramp([4, 6, 6, 1], 0.7) as tf.Tensor4D
  const words = tf.tensor2d([0, 1, 2, 2, 1, 1, 4, 0], [4, 2], 'int32')
  const target = tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1], [4, 2])
  const weight = (shape: number[], scale: number) => {
    const start = ramp(shape, scale)
    const variable = tf.variable(start)
    start.dispose()
    return variable
  }
  const kernel = weight([3, 3, 1, 2], 1.3)
  const table = weight([5, 3], 0.9)
  const dense = weight([4 * 4 * 2 + 3, 2], 0.3)
  const loss = () => {
    const seen = tf.reshape(tf.relu(tf.conv2d(images, kernel as tf.Tensor4D, 1, 'valid')), [4, 32])
    const read = tf.mean(tf.gather(table, words), 1)
    const guess = tf.matMul(tf.concat([seen, read], 1), dense as tf.Tensor2D)
    return tf.losses.softmaxCrossEntropy(target, guess) as tf.Scalar
  }
  const optimizer = tf.train.sgd(0.1)
  const losses: number[] = []
  try {
    for (let step = 0; step < 2; step++) {
      const value = optimizer.minimize(loss, true, [kernel, table, dense]) as tf.Scalar
      losses.push((await value.data())[0] as number)
      value.dispose()
    }
  } finally {
    optimizer.dispose()
    tf.dispose([images, words, target, kernel, table, dense])
  }
  return losses
}
