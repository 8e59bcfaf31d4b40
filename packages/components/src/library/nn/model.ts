/**
 * The base of models, what a Trainer trains. A model takes a whole batch and gives predictions; by convention the batch's
 * last column is the target, the others are inputs.
 */
import type { tf } from '../../tf.ts'
import { Module } from './module.ts'

export interface Output {
  readonly pred: tf.Tensor
  readonly target: tf.Tensor
}

export abstract class Model extends Module {
  /** Predictions for the inputs. Called inside of `tf.tidy`; must not read tensors back. */
  abstract predict(inputs: readonly tf.Tensor[], training: boolean): tf.Tensor

  forward(batch: readonly tf.Tensor[], training: boolean): Output {
    const target = batch.at(-1)
    if (target === undefined || batch.length < 2)
      throw new Error(`a batch needs inputs and a target; it has ${batch.length} column(s)`)
    return { pred: this.predict(batch.slice(0, -1), training), target }
  }
}
