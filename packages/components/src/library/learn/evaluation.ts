/** One pass over batches without training: the mean loss and the metrics. Shared by Trainer and Evaluator. */
import { tf } from '../../tf.ts'
import type { Loss } from '../loss/loss.ts'
import type { Metric } from '../metric/metric.ts'
import type { Model } from '../nn/model.ts'
import type { Batches } from '../sampler/sampler.ts'
import { breather } from './breath.ts'

export interface Evaluation {
  /** Mean over the examples; NaN without a loss or without data. */
  readonly loss: number
  /** In the order of the metrics. */
  readonly values: readonly number[]
}

/** Values are read back once, at the end. */
export async function evaluate(
  model: Model,
  batches: Batches,
  metrics: readonly Metric[],
  loss: Loss | null = null,
): Promise<Evaluation> {
  const states = metrics.map(metric => metric.start())
  const breathe = breather()
  let total: tf.Scalar | undefined
  let examples = 0
  for (let batch = batches.next(); batch !== null; batch = batches.next()) {
    const now = batch
    examples += now[0]?.shape[0] ?? 0
    const before = total
    tf.tidy(() => {
      const { pred, target } = model.forward(now, false)
      for (const [i, metric] of metrics.entries()) metric.aggregate(states[i], pred, target)
      if (loss === null) return
      const sum = tf.mul(loss.compute(pred, target), now[0]?.shape[0] ?? 0)
      total = tf.keep(before === undefined ? sum : tf.add(before, sum)) as tf.Scalar
      before?.dispose()
    })
    tf.dispose(now)
    await breathe()
  }
  const values: number[] = []
  for (const [i, metric] of metrics.entries()) values.push(await metric.finalize(states[i]))
  const [sum = Number.NaN] = (await total?.data()) ?? []
  total?.dispose()
  return { loss: sum / examples, values }
}
