/** A multi-layer perceptron (Flambé's MLPEncoder). */
import { z } from 'zod'
import { tf } from '../../tf.ts'
import { activate, activation, dropout, dropoutRate, fillFor } from './activation.ts'
import { Encoder } from './encoder.ts'
import { zeros } from './fill.ts'

const params = z.object({
  input_size: z.number().int().min(1).describe('Numbers an example has'),
  output_size: z.number().int().min(1).describe('Numbers that come out'),
  n_layers: z.number().int().min(1).default(1).describe('Dense layers, the output layer included'),
  dropout: dropoutRate(),
  output_activation: activation('After the last layer'),
  hidden_size: z.number().int().min(1).nullable().default(null).describe('Width of hidden layers; default input_size'),
  hidden_activation: activation('After each hidden layer'),
})

export class MLPEncoder extends Encoder {
  static override readonly description: string =
    'Dense layers: a multi-layer perceptron. Inputs with more dimensions are flattened.'
  static override readonly params: z.ZodObject = params
  static override readonly attributes: readonly string[] | '*' = ['input_size', 'output_size']

  readonly input_size: number
  readonly output_size: number
  readonly #p: z.output<typeof params>
  readonly #layers: readonly { kernel: tf.Variable; bias: tf.Variable }[]

  constructor(args: z.input<typeof params>) {
    super()
    const p = params.parse(args)
    this.#p = p
    this.input_size = p.input_size
    this.output_size = p.output_size
    const hidden = new Array<number>(p.n_layers - 1).fill(p.hidden_size ?? p.input_size)
    const sizes = [p.input_size, ...hidden, p.output_size]
    this.#layers = sizes.slice(1).map((size, i) => {
      const from = sizes[i] as number
      const fill = fillFor(i === p.n_layers - 1 ? p.output_activation : p.hidden_activation, from, size)
      return { kernel: this.weight(`kernel_${i}`, [from, size], fill), bias: this.weight(`bias_${i}`, [size], zeros) }
    })
  }

  /** [batch, ...] of input_size numbers to [batch, output_size]. */
  forward(x: tf.Tensor, training: boolean): tf.Tensor {
    let y = x.rank === 2 ? x : tf.reshape(x, [x.shape[0] as number, -1])
    const last = this.#layers.length - 1
    for (const [i, { kernel, bias }] of this.#layers.entries()) {
      y = tf.add(tf.matMul(y as tf.Tensor2D, kernel as tf.Tensor2D), bias)
      if (i < last) y = dropout(activate(y, this.#p.hidden_activation), this.#p.dropout, training)
    }
    return activate(y, this.#p.output_activation)
  }
}
