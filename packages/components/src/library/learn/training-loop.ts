/**
 * The inner loop of a Trainer: batches to gradients to updates (rules TRN-3 to TRN-5). It must not wait for the backend once
 * a batch: what is logged is read back behind the loop, so that a GPU always has work.
 */
import { log_scalars } from '../../core/log.ts'
import { tf } from '../../tf.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Loss } from '../loss/loss.ts'
import type { Metric } from '../metric/metric.ts'
import type { Model } from '../nn/model.ts'
import type { Optimizer } from '../optimizer/optimizer.ts'
import type { Batches, Position, Sampler } from '../sampler/sampler.ts'
import type { LRScheduler } from '../schedule/lr-scheduler.ts'
import { breather } from './breath.ts'

export interface LoopOptions {
  readonly dataset: Dataset
  readonly train_sampler: Sampler
  readonly model: Model
  readonly loss_fn: Loss
  readonly optimizer: Optimizer
  readonly scheduler: LRScheduler | null
  readonly iter_scheduler: LRScheduler | null
  readonly epoch_per_step: number
  readonly iter_per_step: number | null
  readonly batches_per_iter: number
  readonly max_grad_norm: number | null
  readonly max_grad_abs_val: number | null
  readonly training_metrics: readonly Metric[]
  readonly extra_training_metrics_log_interval: number | null
  readonly norm_log_interval: number
}

/** How many logged values may wait to be read back. */
const BEHIND = 16

type Gradients = Map<string, tf.Tensor>

export class TrainingLoop {
  /** Updates that are behind. */
  iteration = 0
  readonly #o: LoopOptions
  /** The optimizer's own rate: what schedules start from. */
  readonly #lr: number
  #batches: Batches | null = null
  #position: Position = { epoch: 0, batch: 0 }
  #behind: { iteration: number; lr: number; values: Promise<ArrayLike<number>> }[] = []
  #metrics: unknown[] = []

  /** @throws Error when batches_per_iter does not go with the sampler (rule TRN-4). */
  constructor(options: LoopOptions) {
    this.#o = options
    this.#lr = options.optimizer.lr
    const { batches_per_iter, train_sampler, dataset } = options
    if (batches_per_iter === 1) return
    if (!train_sampler.drop_last) throw new Error('batches_per_iter above 1 needs a train_sampler with drop_last: true')
    const batches = train_sampler.length(dataset.train)
    if (batches_per_iter > batches)
      throw new Error(`batches_per_iter is ${batches_per_iter}, but an epoch has only ${batches} batches`)
  }

  get position(): Position {
    return this.#batches?.position ?? this.#position
  }
  set position(position: Position) {
    this.#position = position
    if (this.#batches !== null) this.#batches.position = position
  }

  /** One training step; everything that it logs is written when it returns. */
  async step(weights: ReadonlyMap<string, tf.Variable>): Promise<void> {
    const batches = this.#open()
    const { iter_per_step, epoch_per_step, batches_per_iter, extra_training_metrics_log_interval } = this.#o
    const iterations = iter_per_step ?? Math.ceil(epoch_per_step * Math.floor(batches.per_epoch / batches_per_iter))
    const trained = [...weights].filter(([, weight]) => weight.trainable)
    const breathe = breather()
    this.#metrics = this.#o.training_metrics.map(metric => metric.start())
    for (let i = 0; i < iterations; i++) {
      this.#schedule()
      this.#iterate(batches, weights, trained)
      this.iteration += 1
      this.#o.iter_scheduler?.advance(Number.NaN)
      const interval = extra_training_metrics_log_interval
      if (interval !== null && this.iteration % interval === 0) await this.#logMetrics()
      if (this.#behind.length > BEHIND) await this.#logOldest()
      await breathe()
    }
    while (this.#behind.length > 0) await this.#logOldest()
    await this.#logMetrics()
  }

  #schedule(): void {
    const { scheduler, iter_scheduler, optimizer } = this.#o
    if (scheduler === null && iter_scheduler === null) return
    const rate = scheduler === null ? this.#lr : scheduler.rate(this.#lr)
    optimizer.lr = iter_scheduler === null ? rate : iter_scheduler.rate(rate)
  }

  #open(): Batches {
    if (this.#batches === null) {
      this.#batches = this.#o.train_sampler.sample(this.#o.dataset.train, -1)
      this.#batches.position = this.#position
    }
    return this.#batches
  }

  #iterate(
    batches: Batches,
    weights: ReadonlyMap<string, tf.Variable>,
    trained: readonly [string, tf.Variable][],
  ): void {
    const { batches_per_iter: parts, optimizer, norm_log_interval } = this.#o
    const logged = tf.tidy(() => {
      let gradients: Gradients = new Map()
      let loss: tf.Scalar | null = null
      for (let part = 0; part < parts; part++) {
        const { value, grads } = this.#gradients(batches, trained)
        loss = loss === null ? value : tf.add(loss, value)
        for (const [path, gradient] of grads) {
          const sum = gradients.get(path)
          gradients.set(path, sum === undefined ? gradient : tf.add(sum, gradient))
        }
      }
      if (parts > 1) {
        loss = tf.div(loss as tf.Scalar, parts)
        gradients = new Map([...gradients].map(([path, gradient]) => [path, tf.div(gradient, parts)]))
      }
      const clipped = this.#clip(gradients)
      optimizer.update(weights, clipped)
      if (this.iteration % norm_log_interval !== 0) return loss as tf.Scalar
      return tf.stack([loss as tf.Scalar, norm([...clipped.values()]), norm(trained.map(([, weight]) => weight))])
    })
    const values = logged.data().finally(() => logged.dispose())
    this.#behind.push({ iteration: this.iteration, lr: optimizer.lr, values })
  }

  #gradients(batches: Batches, trained: readonly [string, tf.Variable][]): { value: tf.Scalar; grads: Gradients } {
    const { model, loss_fn, training_metrics } = this.#o
    const batch = batches.next()
    if (batch === null) throw new Error('an endless sampler ended')
    let seen: { pred: tf.Tensor; target: tf.Tensor } | null = null
    const { value, grads } = tf.variableGrads(
      () => {
        const { pred, target } = model.forward(batch, true)
        if (training_metrics.length > 0) seen = { pred: tf.keep(tf.clone(pred)), target: tf.keep(tf.clone(target)) }
        return loss_fn.compute(pred, target)
      },
      trained.map(([, weight]) => weight),
    )
    if (seen !== null) {
      const { pred, target } = seen as { pred: tf.Tensor; target: tf.Tensor }
      for (const [i, metric] of training_metrics.entries()) metric.aggregate(this.#metrics[i], pred, target)
      tf.dispose([pred, target])
    }
    const byPath: Gradients = new Map()
    for (const [path, weight] of trained) {
      const gradient = grads[weight.name]
      if (gradient != null) byPath.set(path, gradient)
    }
    return { value, grads: byPath }
  }

  /** First by global norm (Pascanu et al. 2013), then by value. */
  #clip(gradients: Gradients): Gradients {
    const { max_grad_norm, max_grad_abs_val } = this.#o
    let clipped = gradients
    if (max_grad_norm) {
      const scale = tf.minimum(1, tf.div(max_grad_norm, tf.add(norm([...clipped.values()]), 1e-6)))
      clipped = new Map([...clipped].map(([path, gradient]) => [path, tf.mul(gradient, scale)]))
    }
    if (max_grad_abs_val)
      clipped = new Map(
        [...clipped].map(([path, gradient]) => [path, tf.clipByValue(gradient, -max_grad_abs_val, max_grad_abs_val)]),
      )
    return clipped
  }

  async #logOldest(): Promise<void> {
    const oldest = this.#behind.shift()
    if (oldest === undefined) return
    const [loss = Number.NaN, gradient, parameter] = Array.from(await oldest.values)
    const norms =
      gradient === undefined || parameter === undefined
        ? {}
        : { 'Training/Gradient_Norm': gradient, 'Training/Parameter_Norm': parameter }
    const scheduled = this.#o.scheduler !== null || this.#o.iter_scheduler !== null
    const rate = scheduled ? { 'Training/LR': oldest.lr } : {}
    log_scalars({ 'Training/Loss': loss, ...norms, ...rate }, oldest.iteration)
  }

  async #logMetrics(): Promise<void> {
    const metrics = this.#o.training_metrics
    if (metrics.length === 0) return
    const values = new Map<string, number>()
    for (const [i, metric] of metrics.entries())
      values.set(`Training/${metric.title}`, await metric.finalize(this.#metrics[i]))
    this.#metrics = metrics.map(metric => metric.start())
    // An interval that ended with the step leaves nothing for the step's own log.
    const seen = [...values].filter(([, value]) => !Number.isNaN(value))
    if (seen.length > 0) log_scalars(Object.fromEntries(seen), this.iteration - 1)
  }
}

/** Square root of the sum of all squares. */
function norm(tensors: readonly tf.Tensor[]): tf.Scalar {
  const squares = tensors.map(t => tf.sum(tf.square(t)) as tf.Scalar)
  return squares.length === 0
    ? tf.scalar(0)
    : tf.sqrt(squares.length === 1 ? (squares[0] as tf.Scalar) : tf.addN(squares))
}
