/** The usual losses, with the names of PyTorch. Targets of classes are indexes, `int32` of shape [batch]. */
import { z } from 'zod'
import { tf } from '../../tf.ts'
import { Loss } from './loss.ts'

const classParams = z.object({
  weight: z
    .array(z.number().min(0))
    .nullable()
    .default(null)
    .describe('Weight of each class; the mean is weighted too'),
})

/** Mean of -log p(target), from log probabilities. */
abstract class ClassLoss extends Loss {
  static override readonly params: z.ZodObject = classParams
  readonly #weight: readonly number[] | null

  constructor(args: z.input<typeof classParams> = {}) {
    super()
    this.#weight = classParams.parse(args).weight
  }

  protected ofLog(logs: tf.Tensor, target: tf.Tensor): tf.Scalar {
    const classes = logs.shape.at(-1) as number
    const chosen = tf.oneHot(tf.cast(target, 'int32') as tf.Tensor1D, classes, 1, 0, 'float32')
    if (this.#weight === null) return tf.mul(tf.sum(tf.mul(chosen, logs)), -1 / target.size)
    if (this.#weight.length !== classes)
      throw new Error(`weight has ${this.#weight.length} entries for ${classes} classes`)
    const weighted = tf.mul(chosen, tf.tensor1d([...this.#weight]))
    return tf.neg(tf.div(tf.sum(tf.mul(weighted, logs)), tf.sum(weighted)))
  }
}

export class NLLLoss extends ClassLoss {
  static override readonly description = 'Negative log likelihood of the target class, from log probabilities.'
  compute(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    return this.ofLog(pred, target)
  }
}

export class CrossEntropyLoss extends ClassLoss {
  static override readonly description =
    'Cross entropy of the target class, from unnormalised scores (or log probabilities).'
  compute(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    return this.ofLog(tf.logSoftmax(pred), target)
  }
}

export class BCEWithLogitsLoss extends Loss {
  static override readonly description = 'Binary cross entropy of 0/1 targets, from unnormalised scores.'
  static override readonly params = z.object({})
  compute(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    const x = tf.reshape(pred, [-1])
    const y = tf.cast(tf.reshape(target, [-1]), 'float32')
    // softplus(x) - x y, which is stable for large scores of either sign.
    return tf.mean(tf.sub(tf.softplus(x), tf.mul(x, y)))
  }
}

export class MSELoss extends Loss {
  static override readonly description = 'Mean squared error.'
  static override readonly params = z.object({})
  compute(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    return tf.mean(tf.square(difference(pred, target)))
  }
}

export class L1Loss extends Loss {
  static override readonly description = 'Mean absolute error.'
  static override readonly params = z.object({})
  compute(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    return tf.mean(tf.abs(difference(pred, target)))
  }
}

/** Shapes are made equal first: [batch, 1] against [batch] would broadcast to [batch, batch]. */
export function difference(pred: tf.Tensor, target: tf.Tensor): tf.Tensor {
  if (pred.size !== target.size) throw new Error(`${pred.size} predictions for ${target.size} targets`)
  return tf.sub(tf.reshape(pred, [-1]), tf.cast(tf.reshape(target, [-1]), 'float32'))
}
