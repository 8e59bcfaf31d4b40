/** Focal loss (Lin et al., 2017): examples that the model is sure of count less. With gamma 0 it is NLLLoss. */
import { Loss, tf } from '@flambe/components'
import { z } from 'zod'

const params = z.object({
  gamma: z.number().min(0).default(2).describe('How much less a sure example counts; 0: not less'),
})

export class FocalLoss extends Loss {
  static override readonly description = 'Focal loss of the target class, from log probabilities.'
  static override readonly params = params
  /** `!focal.focal` is the same. */
  static override readonly tags = ['focal']
  /** `!focal.FocalLoss.strong` */
  static override readonly factories = { strong: () => new FocalLoss({ gamma: 5 }) }
  readonly #gamma: number

  constructor(args: z.input<typeof params>) {
    super()
    this.#gamma = params.parse(args).gamma
  }

  /** `logs`: [batch, classes]; `target`: indexes of shape [batch]. */
  compute(logs: tf.Tensor, target: tf.Tensor): tf.Scalar {
    const classes = logs.shape.at(-1) as number
    const chosen = tf.sum(tf.mul(tf.oneHot(tf.cast(target, 'int32'), classes), logs), -1)
    const unsure = tf.pow(tf.sub(1, tf.exp(chosen)), this.#gamma)
    return tf.neg(tf.mean(tf.mul(unsure, chosen)))
  }
}
