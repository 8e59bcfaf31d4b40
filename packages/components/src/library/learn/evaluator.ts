/** Evaluates a model on one split, by default the test split, once (rule LRN-1; each run reads the data afresh). */
import { z } from 'zod'
import { Component } from '../../core/component.ts'
import { log_scalars } from '../../core/log.ts'
import { component } from '../../core/params.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Metric } from '../metric/metric.ts'
import type { Model } from '../nn/model.ts'
import { BaseSampler } from '../sampler/base-sampler.ts'
import type { Sampler } from '../sampler/sampler.ts'
import { checkDirection, lowerIsBetter } from './direction.ts'
import { evaluate } from './evaluation.ts'

const params = z.object({
  dataset: component<Dataset>('Dataset').describe('Where the split comes from'),
  model: component<Model>('Model').describe('What is evaluated'),
  metric_fn: component<Metric>('Metric').describe('The metric of this trial'),
  eval_sampler: component<Sampler>('Sampler').optional().describe('Batches; default: 128 in order'),
  eval_data: z.enum(['train', 'val', 'test']).default('test').describe('The split'),
  lower_is_better: lowerIsBetter(),
  extra_metrics: z.array(component<Metric>('Metric')).default([]).describe('Further metrics, only logged'),
})

export class Evaluator extends Component {
  static override readonly description = 'Evaluates a model on the test split (or another).'
  static override readonly params = params
  static override readonly lower_is_better = false
  static override readonly attributes = ['dataset', 'model', 'eval_metric']
  static override readonly state = ['eval_metric']

  readonly dataset: Dataset
  readonly model: Model
  readonly metric_fn: Metric
  readonly extra_metrics: readonly Metric[]
  readonly eval_sampler: Sampler
  readonly eval_data: 'train' | 'val' | 'test'
  /** Null before the run. */
  eval_metric: number | null = null

  constructor(args: z.input<typeof params>) {
    super()
    const p = params.parse(args)
    checkDirection(p.metric_fn, p.lower_is_better)
    this.dataset = p.dataset
    this.model = p.model
    this.metric_fn = p.metric_fn
    this.extra_metrics = p.extra_metrics
    this.eval_sampler = p.eval_sampler ?? new BaseSampler({ batch_size: 128, shuffle: false })
    this.eval_data = p.eval_data
  }

  override async run(): Promise<boolean> {
    const metrics = [this.metric_fn, ...this.extra_metrics]
    const { values } = await evaluate(this.model, this.eval_sampler.sample(this.dataset[this.eval_data]), metrics)
    this.eval_metric = values[0] as number
    log_scalars(Object.fromEntries(metrics.map((metric, i) => [`Eval/${metric.title}`, values[i] as number])), 0)
    return false
  }

  override metric(): number | undefined {
    return this.eval_metric ?? undefined
  }
}
