/**
 * Trains a model step by step, evaluates it after each step and keeps the best weights (rules TRN-1 to TRN-11).
 *
 * Invariant: between steps `model` holds the best weights, and the trainer's own state the current ones. So whoever looks at
 * the model (a later block, an export, an archive) sees the best weights, however the trial ended; and a resumed trial goes
 * on from the current ones, bit for bit, with optimizer, position in the data and best value so far.
 */
import { z } from 'zod'
import type { State } from '../../core/component.ts'
import { Component } from '../../core/component.ts'
import { log_scalars } from '../../core/log.ts'
import { component } from '../../core/params.ts'
import type { tf } from '../../tf.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Loss } from '../loss/loss.ts'
import type { Metric } from '../metric/metric.ts'
import type { Model } from '../nn/model.ts'
import { weightsOf } from '../nn/module.ts'
import type { Optimizer } from '../optimizer/optimizer.ts'
import { BaseSampler } from '../sampler/base-sampler.ts'
import type { Position, Sampler } from '../sampler/sampler.ts'
import type { LRScheduler } from '../schedule/lr-scheduler.ts'
import { checkDirection, lowerIsBetter } from './direction.ts'
import { evaluate } from './evaluation.ts'
import { TrainingLoop } from './training-loop.ts'
import { drop, put, type Snapshot, snapshot } from './weights.ts'

const params = z.object({
  dataset: component<Dataset>('Dataset').describe('Its train split is learned from, its val split evaluated on'),
  train_sampler: component<Sampler>('Sampler').describe('Batches of the train split'),
  val_sampler: component<Sampler>('Sampler').optional().describe('Batches of the val split; default: 128 in order'),
  model: component<Model>('Model').describe('What is trained'),
  loss_fn: component<Loss>('Loss').describe('What is minimised'),
  metric_fn: component<Metric>('Metric').describe('What says which weights are best'),
  optimizer: component<Optimizer>('Optimizer').describe('How weights follow gradients'),
  scheduler: component<LRScheduler>('LRScheduler').nullable().default(null).describe('Learning rate by step'),
  iter_scheduler: component<LRScheduler>('LRScheduler').nullable().default(null).describe('Learning rate by update'),
  max_steps: z.number().int().min(0).default(10).describe('Steps until done; a step is trained, then evaluated'),
  epoch_per_step: z.number().positive().default(1).describe('Passes over the train split a step'),
  iter_per_step: z.number().int().min(1).nullable().default(null).describe('Updates a step; wins over epoch_per_step'),
  batches_per_iter: z.number().int().min(1).default(1).describe('Batches whose gradients are averaged for an update'),
  lower_is_better: lowerIsBetter(),
  max_grad_norm: z
    .number()
    .min(0)
    .nullable()
    .default(null)
    .describe('Upper bound of the global gradient norm; 0 = none'),
  max_grad_abs_val: z.number().min(0).nullable().default(null).describe('Upper bound of each gradient; 0 = none'),
  extra_validation_metrics: z
    .array(component<Metric>('Metric'))
    .default([])
    .describe('Further metrics of the val split, only logged'),
  extra_training_metrics: z
    .array(component<Metric>('Metric'))
    .default([])
    .describe('Metrics of the train batches, only logged'),
  extra_training_metrics_log_interval: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Updates between two logs of them; default: once a step'),
  norm_log_interval: z
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Updates between two logs of the norms of gradient and weights, which cost time'),
})

export class Trainer extends Component {
  static override readonly description: string =
    'Trains a model in steps, evaluates after each, and keeps the best weights.'
  static override readonly params: z.ZodObject = params
  static override readonly lower_is_better: boolean = false
  static override readonly attributes: readonly string[] | '*' = [
    'dataset',
    'model',
    'optimizer',
    'step',
    'best_metric',
    'max_steps',
  ]

  readonly dataset: Dataset
  readonly train_sampler: Sampler
  readonly val_sampler: Sampler
  readonly model: Model
  readonly loss_fn: Loss
  readonly metric_fn: Metric
  readonly optimizer: Optimizer
  readonly scheduler: LRScheduler | null
  readonly iter_scheduler: LRScheduler | null
  readonly extra_validation_metrics: readonly Metric[]
  readonly extra_training_metrics: readonly Metric[]
  readonly max_steps: number
  readonly lower_is_better: boolean
  /** Steps that are behind. */
  step = 0
  /** Value of `metric_fn` with the best weights; null before the first evaluation. */
  best_metric: number | null = null

  readonly #loop: TrainingLoop
  /** Weights to go on from; null while the model itself holds them. */
  #current: Snapshot | null = null

  constructor(args: z.input<typeof params>) {
    super()
    const p = params.parse(args)
    checkDirection(p.metric_fn, p.lower_is_better)
    this.dataset = p.dataset
    this.train_sampler = p.train_sampler
    this.val_sampler = p.val_sampler ?? new BaseSampler({ batch_size: 128, shuffle: false })
    this.model = p.model
    this.loss_fn = p.loss_fn
    this.metric_fn = p.metric_fn
    this.optimizer = p.optimizer
    this.scheduler = p.scheduler
    this.iter_scheduler = p.iter_scheduler
    this.extra_validation_metrics = p.extra_validation_metrics
    this.extra_training_metrics = p.extra_training_metrics
    this.max_steps = p.max_steps
    this.lower_is_better = p.lower_is_better
    this.#loop = new TrainingLoop({ ...p, training_metrics: p.extra_training_metrics })
  }

  /** One step. The untrained model is evaluated first: `max_steps` steps make `max_steps + 1` evaluations. */
  override async run(): Promise<boolean> {
    const weights = weightsOf(this.model)
    let best: Snapshot | null = null
    if (this.#current !== null) {
      best = snapshot(weights)
      put(weights, this.#current)
      drop(this.#current)
      this.#current = null
    } else {
      await this.#evaluate()
      best = snapshot(weights)
    }
    if (this.step < this.max_steps) {
      await this.#loop.step(weights)
      this.step += 1
      const { better, loss } = await this.#evaluate()
      this.scheduler?.advance(loss)
      if (better) {
        drop(best)
        best = snapshot(weights)
      }
    }
    this.#current = snapshot(weights)
    put(weights, best)
    drop(best)
    return this.step < this.max_steps
  }

  override metric(): number | undefined {
    return this.best_metric ?? undefined
  }

  /** `better`: these weights are the best so far, strictly, so that ties keep the earlier. */
  async #evaluate(): Promise<{ better: boolean; loss: number }> {
    const metrics = [this.metric_fn, ...this.extra_validation_metrics]
    const batches = this.val_sampler.sample(this.dataset.val)
    const { loss, values } = await evaluate(this.model, batches, metrics, this.loss_fn)
    const [value = Number.NaN] = values
    const better = isBetter(value, this.best_metric, this.lower_is_better)
    if (better) this.best_metric = value
    log_scalars(
      {
        'Validation/Loss': loss,
        ...Object.fromEntries(metrics.map((metric, i) => [`Validation/${metric.title}`, values[i] as number])),
        [`Best/${this.metric_fn.title}`]: this.best_metric ?? Number.NaN,
      },
      this.step,
    )
    return { better, loss }
  }

  override getState(): State {
    return {
      step: this.step,
      best_metric: this.best_metric,
      iteration: this.#loop.iteration,
      position: { ...this.#loop.position },
      current: this.#current === null ? null : Object.fromEntries(this.#current),
    }
  }

  override setState(state: State): void {
    this.step = state.step as number
    this.best_metric = state.best_metric as number | null
    this.#loop.iteration = state.iteration as number
    this.#loop.position = state.position as unknown as Position
    drop(this.#current)
    const current = state.current as { [path: string]: tf.Tensor } | null
    this.#current = current === null ? null : snapshot(new Map(Object.entries(current)))
  }

  override dispose(): void {
    drop(this.#current)
    this.#current = null
  }
}

/** NaN is never better than a number, and any number is better than NaN. */
function isBetter(value: number, best: number | null, lower: boolean): boolean {
  if (best === null) return true
  if (Number.isNaN(value)) return false
  return Number.isNaN(best) || (lower ? value < best : value > best)
}
