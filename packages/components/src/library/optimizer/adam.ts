/** Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), as PyTorch writes them. */
import { z } from 'zod'
import type { State } from '../../core/component.ts'
import { tf } from '../../tf.ts'
import { Optimizer, type Slots } from './optimizer.ts'

const shape = {
  lr: z.number().min(0).default(0.001).describe('Learning rate'),
  betas: z
    .tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)])
    .default([0.9, 0.999])
    .describe('Weight of the past in the means of gradients and of their squares'),
  eps: z.number().positive().default(1e-8).describe('Added to the denominator'),
}
const adamParams = z.object({
  ...shape,
  weight_decay: z.number().min(0).default(0).describe('Added to the gradient: this times the weight'),
})
const adamWParams = z.object({
  ...shape,
  weight_decay: z.number().min(0).default(0.01).describe('Share of the weight, times lr, taken off at each update'),
})

abstract class AdamBase extends Optimizer {
  readonly #betas: readonly [number, number]
  readonly #eps: number
  /** Powers of the betas, as a running product: saved, so that they go on with the same bits. */
  #powers: [number, number] = [1, 1]

  constructor(p: { lr: number; betas: readonly [number, number]; eps: number }) {
    super(p.lr)
    this.#betas = p.betas
    this.#eps = p.eps
  }

  protected override begin(): void {
    this.#powers = [this.#powers[0] * this.#betas[0], this.#powers[1] * this.#betas[1]]
  }

  /** The gradient with its decay, and the weight before the step. */
  protected abstract decayed(weight: tf.Tensor, gradient: tf.Tensor): { weight: tf.Tensor; gradient: tf.Tensor }

  protected step(variable: tf.Variable, raw: tf.Tensor, slots: Slots): Slots {
    const { weight, gradient } = this.decayed(variable, raw)
    const [b1, b2] = this.#betas
    const [p1, p2] = this.#powers
    const fresh = tf.mul(gradient, 1 - b1)
    const freshSquare = tf.mul(tf.square(gradient), 1 - b2)
    const mean = slots.mean === undefined ? fresh : tf.add(tf.mul(slots.mean, b1), fresh)
    const square = slots.square === undefined ? freshSquare : tf.add(tf.mul(slots.square, b2), freshSquare)
    // lr / (1 - p1) * mean / (sqrt(square / (1 - p2)) + eps), with the scalars gathered: fewer passes over memory.
    const unbias = Math.sqrt(1 - p2)
    const denominator = tf.add(tf.sqrt(square), this.#eps * unbias)
    variable.assign(tf.sub(weight, tf.mul(tf.div(mean, denominator), (this.lr * unbias) / (1 - p1))))
    return { mean, square }
  }

  override getState(): State {
    return { ...super.getState(), powers: [...this.#powers] }
  }
  override setState(state: State): void {
    super.setState(state)
    this.#powers = [...(state.powers as [number, number])]
  }
}

export class Adam extends AdamBase {
  static override readonly description = 'Adam: step sizes a weight, from means of its gradients and of their squares.'
  static override readonly params = adamParams
  readonly #decay: number

  constructor(args: z.input<typeof adamParams> = {}) {
    const p = adamParams.parse(args)
    super(p)
    this.#decay = p.weight_decay
  }
  protected decayed(weight: tf.Tensor, gradient: tf.Tensor) {
    return { weight, gradient: this.#decay > 0 ? tf.add(gradient, tf.mul(weight, this.#decay)) : gradient }
  }
}

export class AdamW extends AdamBase {
  static override readonly description = 'Adam with a weight decay of its own, apart from the gradients.'
  static override readonly params = adamWParams
  readonly #decay: number

  constructor(args: z.input<typeof adamWParams> = {}) {
    const p = adamWParams.parse(args)
    super(p)
    this.#decay = p.weight_decay
  }
  protected decayed(weight: tf.Tensor, gradient: tf.Tensor) {
    return { weight: this.#decay > 0 ? tf.mul(weight, 1 - this.lr * this.#decay) : weight, gradient }
  }
}
