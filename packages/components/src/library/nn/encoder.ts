/** The base of encoders: one tensor in, one tensor out. */
import type { tf } from '../../tf.ts'
import { Module } from './module.ts'

export abstract class Encoder extends Module {
  abstract forward(x: tf.Tensor, training: boolean): tf.Tensor
}
