/**
 * The base of metrics (rule DAT-6): batches are added to a state, which becomes a number at the end. A state belongs to one
 * evaluation, so one metric can be used in many. Sums stay on the backend until `finalize`: no read-back a batch.
 */
import { Component } from '../../core/component.ts'
import { tf } from '../../tf.ts'

export abstract class Metric<S = unknown> extends Component {
  static override readonly uses_backend: boolean = false

  /** Stands in log tags: `Validation/<title>`. */
  get title(): string {
    return this.constructor.name
  }

  abstract start(): S
  /** Called inside of `tf.tidy`: what the state keeps must be `tf.keep`t, and disposed by `finalize`. */
  abstract aggregate(state: S, pred: tf.Tensor, target: tf.Tensor): void
  /** The number; NaN when nothing was added. Called once; frees the state. */
  abstract finalize(state: S): Promise<number>
}

export interface Mean {
  sum: tf.Scalar | null
  count: number
}

/** A metric that is a mean over examples, whatever the sizes of the batches. */
export abstract class AverageMetric extends Metric<Mean> {
  /** Sum over the batch's examples. */
  protected abstract total(pred: tf.Tensor, target: tf.Tensor): tf.Scalar
  protected finish(mean: number): number {
    return mean
  }
  /** How many the sum is over. */
  protected count(_pred: tf.Tensor, target: tf.Tensor): number {
    return target.shape[0] ?? 1
  }

  start(): Mean {
    return { sum: null, count: 0 }
  }
  aggregate(state: Mean, pred: tf.Tensor, target: tf.Tensor): void {
    const total = this.total(pred, target)
    const sum = state.sum === null ? tf.clone(total) : tf.add(state.sum, total)
    state.sum?.dispose()
    state.sum = tf.keep(sum) as tf.Scalar
    state.count += this.count(pred, target)
  }
  async finalize(state: Mean): Promise<number> {
    if (state.sum === null) return Number.NaN
    const [sum = Number.NaN] = await state.sum.data()
    state.sum.dispose()
    state.sum = null
    return this.finish(sum / state.count)
  }
}
