/** The output layer of classifiers: dense layers, then (log) probabilities (Flambé's SoftmaxLayer). */
import { z } from 'zod'
import { tf } from '../../tf.ts'
import { activation, dropoutRate } from './activation.ts'
import { Encoder } from './encoder.ts'
import { MLPEncoder } from './mlp-encoder.ts'

const params = z.object({
  input_size: z.number().int().min(1).describe('Numbers an example has'),
  output_size: z.number().int().min(1).describe('Classes'),
  mlp_layers: z.number().int().min(1).default(1).describe('Dense layers'),
  mlp_dropout: dropoutRate(),
  mlp_hidden_size: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Width of hidden layers; default input_size'),
  mlp_hidden_activation: activation('After each hidden layer'),
  take_log: z.boolean().default(true).describe('Give log probabilities (for NLLLoss) instead of probabilities'),
})

export class SoftmaxLayer extends Encoder {
  static override readonly description = 'Dense layers followed by (log) softmax.'
  static override readonly params = params
  static override readonly attributes = ['input_size', 'output_size']

  readonly input_size: number
  readonly output_size: number
  readonly mlp: MLPEncoder
  readonly #log: boolean

  constructor(args: z.input<typeof params>) {
    super()
    const p = params.parse(args)
    this.input_size = p.input_size
    this.output_size = p.output_size
    this.#log = p.take_log
    this.mlp = new MLPEncoder({
      input_size: p.input_size,
      output_size: p.output_size,
      n_layers: p.mlp_layers,
      dropout: p.mlp_dropout,
      hidden_size: p.mlp_hidden_size,
      hidden_activation: p.mlp_hidden_activation,
    })
  }

  /** [batch, input_size] to [batch, output_size] of log probabilities (or probabilities). */
  forward(x: tf.Tensor, training: boolean): tf.Tensor {
    const scores = this.mlp.forward(x, training)
    return this.#log ? tf.logSoftmax(scores) : tf.softmax(scores)
  }
}
