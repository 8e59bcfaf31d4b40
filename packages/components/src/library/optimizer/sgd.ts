/** Stochastic gradient descent, with momentum (Polyak 1964) or Nesterov momentum, as PyTorch writes it. */
import { z } from 'zod'
import { tf } from '../../tf.ts'
import { Optimizer, type Slots } from './optimizer.ts'

const params = z
  .object({
    lr: z.number().min(0).default(0.01).describe('Learning rate'),
    momentum: z.number().min(0).lt(1).default(0).describe('Weight of past gradients'),
    weight_decay: z.number().min(0).default(0).describe('Added to the gradient: this times the weight'),
    nesterov: z.boolean().default(false).describe('Look ahead along the momentum'),
  })
  .refine(p => !p.nesterov || p.momentum > 0, { error: 'nesterov needs a momentum' })

export class SGD extends Optimizer {
  static override readonly description = 'Stochastic gradient descent, with or without momentum.'
  static override readonly params = params
  readonly #p: z.output<typeof params>

  constructor(args: z.input<typeof params> = {}) {
    const p = params.parse(args)
    super(p.lr)
    this.#p = p
  }

  protected step(weight: tf.Variable, gradient: tf.Tensor, { velocity }: Slots): Slots {
    const { momentum, weight_decay, nesterov } = this.#p
    const g = weight_decay > 0 ? tf.add(gradient, tf.mul(weight, weight_decay)) : gradient
    if (momentum === 0) {
      weight.assign(tf.sub(weight, tf.mul(g, this.lr)))
      return {}
    }
    // A clone where there is no past: the gradient itself is the caller's.
    const next = velocity === undefined ? tf.clone(g) : tf.add(tf.mul(velocity, momentum), g)
    const along = nesterov ? tf.add(g, tf.mul(next, momentum)) : next
    weight.assign(tf.sub(weight, tf.mul(along, this.lr)))
    return { velocity: next }
  }
}
