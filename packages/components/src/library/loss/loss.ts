/** The base of losses: a scalar, the mean over the batch, through which gradients flow. */
import { Component } from '../../core/component.ts'
import type { tf } from '../../tf.ts'

export abstract class Loss extends Component {
  static override readonly lower_is_better: boolean = true
  static override readonly uses_backend: boolean = false

  /** Called inside of `tf.tidy`; must not read tensors back. */
  abstract compute(pred: tf.Tensor, target: tf.Tensor): tf.Scalar
}
