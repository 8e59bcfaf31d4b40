/** Convolutional layers over images (Flambé's CNNEncoder, two dimensions). */
import { z } from 'zod'
import { tf } from '../../tf.ts'
import { activate, activation, dropout, dropoutRate, fillFor } from './activation.ts'
import { Encoder } from './encoder.ts'
import { ones, zeros } from './fill.ts'

const side = z.number().int().min(1)
const perLayer = (each: z.ZodNumber) => z.union([each, z.array(each).min(1)])

const params = z.object({
  input_shape: z.tuple([side, side, side]).describe('Height, width and channels of an image: `!@ data.image.shape`'),
  channels: z.array(side).min(1).describe('Filters of each convolution, in order'),
  kernel_size: perLayer(side).default(3).describe('Side of the filters, one for all or one a layer'),
  activation: activation('After each convolution', 'relu'),
  pooling: side.nullable().default(null).describe('Side and stride of the max pooling after each convolution'),
  dropout: dropoutRate(),
  batch_norm: z.boolean().default(true).describe('Normalise over the batch after each convolution'),
  stride: perLayer(side).default(1).describe('Stride of the convolutions, one for all or one a layer'),
  padding: z
    .union([z.enum(['same', 'valid']), z.number().int().min(0)])
    .default(0)
    .describe('Pixels added at each border'),
})

/** Weight of the past in moving averages, and what keeps divisions finite: the values of the usual frameworks. */
const MOMENTUM = 0.9
const EPSILON = 1e-5

interface Layer {
  readonly kernel: tf.Variable
  readonly bias: tf.Variable
  readonly stride: number
  readonly norm: { readonly scale: tf.Variable; readonly mean: tf.Variable; readonly variance: tf.Variable } | null
}

export class CNNEncoder extends Encoder {
  static override readonly description = 'Convolutions with activation and pooling over images.'
  static override readonly params = params
  static override readonly attributes = ['input_shape', 'output_shape', 'output_size', 'output_channels']

  readonly input_shape: readonly number[]
  /** Height, width, channels of what comes out. */
  readonly output_shape: readonly number[]
  readonly #p: z.output<typeof params>
  readonly #layers: readonly Layer[]

  constructor(args: z.input<typeof params>) {
    super()
    const p = params.parse(args)
    this.#p = p
    this.input_shape = p.input_shape
    let [height, width, from] = p.input_shape as [number, number, number]
    this.#layers = p.channels.map((to, i) => {
      const k = at(p.kernel_size, i, p.channels.length, 'kernel_size')
      const stride = at(p.stride, i, p.channels.length, 'stride')
      if (p.padding === 'same' && stride > k)
        throw new Error(`stride ${stride} above kernel_size ${k} with padding "same" is wrong in TensorFlow.js on wasm`)
      ;[height, width] = [height, width].map(n => after(n, k, stride, p.padding, p.pooling)) as [number, number]
      if (height < 1 || width < 1)
        throw new Error(`layer ${i} leaves nothing of an image of ${p.input_shape.slice(0, 2).join(' x ')} pixels`)
      const layer: Layer = {
        kernel: this.weight(`kernel_${i}`, [k, k, from, to], fillFor(p.activation, k * k * from, k * k * to)),
        bias: this.weight(`bias_${i}`, [to], zeros),
        stride,
        norm: p.batch_norm
          ? {
              scale: this.weight(`scale_${i}`, [to], ones),
              mean: this.weight(`moving_mean_${i}`, [to], zeros, false),
              variance: this.weight(`moving_variance_${i}`, [to], ones, false),
            }
          : null,
      }
      from = to
      return layer
    })
    this.output_shape = [height, width, from]
  }

  get output_channels(): number {
    return this.output_shape[2] as number
  }
  /** Numbers that come out of an image, when flattened. */
  get output_size(): number {
    return this.output_shape.reduce((a, b) => a * b, 1)
  }

  /** [batch, height, width, channels] to [batch, ...output_shape]. */
  forward(x: tf.Tensor, training: boolean): tf.Tensor4D {
    const { pooling, padding, activation } = this.#p
    let y = x as tf.Tensor4D
    for (const { kernel, bias, stride, norm } of this.#layers) {
      y = tf.conv2d(
        y,
        kernel as tf.Tensor4D,
        stride,
        padding as 'same',
        'NHWC',
        1,
        typeof padding === 'number' ? 'floor' : undefined,
      )
      y = norm === null ? tf.add(y, bias) : normalise(y, bias, norm, training)
      y = activate(y, activation)
      if (pooling !== null) y = tf.maxPool(y, pooling, pooling, 'valid')
      y = dropout(y, this.#p.dropout, training)
    }
    return y
  }
}

/** Ioffe and Szegedy 2015; moving averages are set while training, used otherwise. */
function normalise(
  y: tf.Tensor4D,
  bias: tf.Variable,
  norm: NonNullable<Layer['norm']>,
  training: boolean,
): tf.Tensor4D {
  const { scale, mean, variance } = norm
  if (!training) return tf.batchNorm(y, mean as never, variance as never, bias as never, scale as never, EPSILON)
  const now = tf.moments(y, [0, 1, 2])
  mean.assign(tf.add(tf.mul(mean, MOMENTUM), tf.mul(now.mean, 1 - MOMENTUM)))
  variance.assign(tf.add(tf.mul(variance, MOMENTUM), tf.mul(now.variance, 1 - MOMENTUM)))
  return tf.batchNorm(y, now.mean as never, now.variance as never, bias as never, scale as never, EPSILON)
}

function at(value: number | readonly number[], i: number, layers: number, name: string): number {
  if (typeof value === 'number') return value
  if (value.length !== layers) throw new Error(`${name} has ${value.length} entries for ${layers} layers`)
  return value[i] as number
}

function after(
  n: number,
  kernel: number,
  stride: number,
  padding: 'same' | 'valid' | number,
  pooling: number | null,
): number {
  const pad = typeof padding === 'number' ? 2 * padding : 0
  const out = padding === 'same' ? Math.ceil(n / stride) : Math.floor((n + pad - kernel) / stride) + 1
  return pooling === null ? out : Math.floor((out - pooling) / pooling) + 1
}
