/** Copies of a model's weights that cost nothing until the model changes: handles on the same data. */
import { tf } from '../../tf.ts'
import { assign } from '../nn/module.ts'

export type Snapshot = ReadonlyMap<string, tf.Tensor>

export function snapshot(weights: ReadonlyMap<string, tf.Tensor>): Snapshot {
  return new Map([...weights].map(([path, weight]) => [path, tf.keep(tf.clone(weight))]))
}

/** @throws Error when the snapshot is of another model. */
export function put(weights: ReadonlyMap<string, tf.Variable>, values: Snapshot): void {
  for (const [path, weight] of weights) {
    const value = values.get(path)
    if (value === undefined) throw new Error(`no value for weight ${path}: the weights are of another model`)
    assign(weight, value, path)
  }
}

export const drop = (values: Snapshot | null): void => {
  if (values !== null) tf.dispose([...values.values()])
}
