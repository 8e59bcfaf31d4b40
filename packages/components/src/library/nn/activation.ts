/** Activations by name, and dropout. */
import { z } from 'zod'
import { tf } from '../../tf.ts'
import { glorotUniform, heNormal } from './fill.ts'
import type { Fill } from './module.ts'

const ACTIVATIONS = {
  linear: <T extends tf.Tensor>(x: T): T => x,
  relu: <T extends tf.Tensor>(x: T): T => tf.relu(x),
  elu: <T extends tf.Tensor>(x: T): T => tf.elu(x),
  selu: <T extends tf.Tensor>(x: T): T => tf.selu(x),
  tanh: <T extends tf.Tensor>(x: T): T => tf.tanh(x),
  sigmoid: <T extends tf.Tensor>(x: T): T => tf.sigmoid(x),
  softplus: <T extends tf.Tensor>(x: T): T => tf.softplus(x),
} as const

export type Activation = keyof typeof ACTIVATIONS

export const activation = (what: string, standard: Activation | null = null) =>
  z
    .enum(Object.keys(ACTIVATIONS) as [Activation, ...Activation[]])
    .nullable()
    .default(standard)
    .describe(what)

export const activate = <T extends tf.Tensor>(x: T, name: Activation | null): T => ACTIVATIONS[name ?? 'linear'](x)

/** Weights of a layer that is followed by this activation. */
export function fillFor(name: Activation | null, fan_in: number, fan_out: number): Fill {
  return name === 'relu' || name === 'elu' ? heNormal(fan_in) : glorotUniform(fan_in, fan_out)
}

export const dropoutRate = () =>
  z.number().min(0).lt(1).default(0).describe('Share of values set to zero while training')

/**
 * Draws its mask from Math.random, which the trial process seeds and saves: a seeded `tf.dropout` would drop the same
 * values at every step.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, training: boolean): T {
  return training && rate > 0 ? (tf.dropout(x, rate) as T) : x
}
