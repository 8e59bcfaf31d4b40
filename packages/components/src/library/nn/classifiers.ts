/** Classifiers: an encoder and an output layer over one input column (images or numbers). */
import { z } from 'zod'
import { component } from '../../core/params.ts'
import { tf } from '../../tf.ts'
import { dropout, dropoutRate } from './activation.ts'
import type { Encoder } from './encoder.ts'
import { Model } from './model.ts'
import { SoftmaxLayer } from './softmax-layer.ts'

const params = z.object({
  encoder: component<Encoder>('Encoder').describe('Turns an input into features'),
  output_layer: component<Encoder>('Encoder').describe('Turns flattened features into (log) probabilities'),
})

class Classifier extends Model {
  static override readonly params: z.ZodObject = params
  static override readonly attributes: readonly string[] | '*' = ['encoder', 'output_layer']

  readonly encoder: Encoder
  readonly output_layer: Encoder

  constructor(args: z.input<typeof params>) {
    super()
    const p = params.parse(args)
    this.encoder = p.encoder
    this.output_layer = p.output_layer
  }

  predict([x]: readonly [tf.Tensor, ...tf.Tensor[]], training: boolean): tf.Tensor {
    const features = this.encoder.forward(x, training)
    const flat = features.rank === 2 ? features : tf.reshape(features, [features.shape[0] as number, -1])
    return this.output_layer.forward(flat, training)
  }
}

export class ImageClassifier extends Classifier {
  static override readonly description = 'Classifies images with an encoder and an output layer.'
}

export class TabularClassifier extends Classifier {
  static override readonly description = 'Classifies rows of numbers with an encoder and an output layer.'
}

const logisticParams = z.object({
  input_size: z.number().int().min(1).describe('Numbers an example has'),
  output_size: z.number().int().min(2).default(2).describe('Classes'),
  dropout: dropoutRate(),
})

export class LogisticRegression extends Model {
  static override readonly description = 'One dense layer with log softmax: logistic regression.'
  static override readonly params = logisticParams
  static override readonly attributes = ['output_layer']

  readonly output_layer: SoftmaxLayer
  readonly #dropout: number

  constructor(args: z.input<typeof logisticParams>) {
    super()
    const { input_size, output_size, dropout } = logisticParams.parse(args)
    this.output_layer = new SoftmaxLayer({ input_size, output_size })
    this.#dropout = dropout
  }

  predict([x]: readonly [tf.Tensor, ...tf.Tensor[]], training: boolean): tf.Tensor {
    return this.output_layer.forward(dropout(x, this.#dropout, training), training)
  }
}
