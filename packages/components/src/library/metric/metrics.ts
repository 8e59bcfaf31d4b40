/** The usual metrics. Targets of classes are indexes; predictions are scores, probabilities or log probabilities. */
import { z } from 'zod'
import { tf } from '../../tf.ts'
import { difference } from '../loss/losses.ts'
import { AverageMetric } from './metric.ts'

export class Accuracy extends AverageMetric {
  static override readonly description: string = 'Share of examples whose highest score is the target, 0..1.'
  static override readonly params = z.object({})
  static override readonly lower_is_better = false

  protected total(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    const right = tf.equal(tf.argMax(pred, -1), tf.cast(target, 'int32'))
    return tf.sum(tf.cast(right, 'float32'))
  }
}

export class RecallAtK extends AverageMetric {
  static override readonly description: string = 'Share of examples whose target is among the k highest scores, 0..1.'
  static override readonly params = z.object({
    top_k: z.number().int().min(1).default(1).describe('How many scores count'),
  })
  static override readonly lower_is_better = false
  readonly top_k: number

  constructor(args: z.input<typeof RecallAtK.params> = {}) {
    super()
    this.top_k = RecallAtK.params.parse(args).top_k
  }
  override get title(): string {
    return `RecallAt${this.top_k}`
  }
  protected total(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    const classes = pred.shape.at(-1) as number
    const chosen = tf.oneHot(tf.cast(target, 'int32') as tf.Tensor1D, classes, 1, 0, 'float32')
    const own = tf.sum(tf.mul(pred, chosen), -1, true)
    // Rank = how many score higher.
    const higher = tf.sum(tf.cast(tf.greater(pred, own), 'float32'), -1)
    return tf.sum(tf.cast(tf.less(higher, this.top_k), 'float32'))
  }
}

abstract class ErrorMetric extends AverageMetric {
  static override readonly params = z.object({})
  static override readonly lower_is_better = true
  protected override count(pred: tf.Tensor): number {
    return pred.size
  }
}

export class MSE extends ErrorMetric {
  static override readonly description: string = 'Mean squared error.'
  protected total(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    return tf.sum(tf.square(difference(pred, target)))
  }
}

export class RMSE extends MSE {
  static override readonly description: string = 'Root of the mean squared error.'
  protected override finish(mean: number): number {
    return Math.sqrt(mean)
  }
}

export class MAE extends ErrorMetric {
  static override readonly description: string = 'Mean absolute error.'
  protected total(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    return tf.sum(tf.abs(difference(pred, target)))
  }
}

/** Mean negative log likelihood of the target class, from log probabilities. */
abstract class LikelihoodMetric extends AverageMetric {
  static override readonly params = z.object({})
  static override readonly lower_is_better = true
  protected total(pred: tf.Tensor, target: tf.Tensor): tf.Scalar {
    const logs = tf.logSoftmax(pred)
    const chosen = tf.oneHot(tf.cast(target, 'int32') as tf.Tensor1D, pred.shape.at(-1) as number, 1, 0, 'float32')
    return tf.neg(tf.sum(tf.mul(chosen, logs)))
  }
}

export class Perplexity extends LikelihoodMetric {
  static override readonly description: string = 'e to the mean negative log likelihood of the target.'
  protected override finish(mean: number): number {
    return Math.exp(mean)
  }
}

export class BPC extends LikelihoodMetric {
  static override readonly description: string = 'Bits a character: mean negative log likelihood in base 2.'
  protected override finish(mean: number): number {
    return mean / Math.LN2
  }
}
