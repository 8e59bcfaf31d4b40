/** The usual schedules, with the names and formulas of PyTorch and Flambé. */
import { z } from 'zod'
import { LRScheduler } from './lr-scheduler.ts'

const count = z.number().int().min(1)

export class StepLR extends LRScheduler {
  static override readonly description = 'Multiplies the rate by gamma every step_size steps.'
  static override readonly params = z.object({
    step_size: count.describe('Steps between two changes'),
    gamma: z.number().positive().default(0.1).describe('Factor of each change'),
  })
  readonly #p: z.output<typeof StepLR.params>

  constructor(args: z.input<typeof StepLR.params>) {
    super()
    this.#p = StepLR.params.parse(args)
  }
  rate(base: number): number {
    return base * this.#p.gamma ** Math.floor(this.count / this.#p.step_size)
  }
}

export class ExponentialLR extends LRScheduler {
  static override readonly description = 'Multiplies the rate by gamma every step.'
  static override readonly params = z.object({ gamma: z.number().positive().describe('Factor of each step') })
  readonly #gamma: number

  constructor(args: z.input<typeof ExponentialLR.params>) {
    super()
    this.#gamma = ExponentialLR.params.parse(args).gamma
  }
  rate(base: number): number {
    return base * this.#gamma ** this.count
  }
}

export class CosineAnnealingLR extends LRScheduler {
  static override readonly description =
    'Lets the rate fall to eta_min along half a cosine (Loshchilov and Hutter 2017).'
  static override readonly params = z.object({
    T_max: count.describe('Steps until eta_min; it stays there afterwards'),
    eta_min: z.number().min(0).default(0).describe('The lowest rate'),
  })
  readonly #p: z.output<typeof CosineAnnealingLR.params>

  constructor(args: z.input<typeof CosineAnnealingLR.params>) {
    super()
    this.#p = CosineAnnealingLR.params.parse(args)
  }
  rate(base: number): number {
    const { T_max, eta_min } = this.#p
    return eta_min + ((base - eta_min) * (1 + Math.cos((Math.PI * Math.min(this.count, T_max)) / T_max))) / 2
  }
}

export class ReduceLROnPlateau extends LRScheduler {
  static override readonly description = 'Multiplies the rate by factor when the validation loss has stopped falling.'
  static override readonly state = ['count', 'best', 'waited', 'scale']
  static override readonly params = z.object({
    factor: z.number().gt(0).lt(1).default(0.1).describe('Factor of each change'),
    patience: z.number().int().min(0).default(10).describe('Steps without a better loss that are borne'),
    threshold: z.number().min(0).lt(1).default(1e-4).describe('Share by which a loss must be lower to be better'),
    min_lr: z.number().min(0).default(0).describe('The lowest rate'),
  })
  readonly #p: z.output<typeof ReduceLROnPlateau.params>
  best = Number.POSITIVE_INFINITY
  waited = 0
  scale = 1

  constructor(args: z.input<typeof ReduceLROnPlateau.params> = {}) {
    super()
    this.#p = ReduceLROnPlateau.params.parse(args)
  }
  rate(base: number): number {
    return Math.max(Math.min(base, this.#p.min_lr), base * this.scale)
  }
  override advance(loss: number): void {
    super.advance(loss)
    if (loss < this.best * (1 - this.#p.threshold)) {
      this.best = loss
      this.waited = 0
    } else this.waited += 1
    if (this.waited <= this.#p.patience) return
    this.scale *= this.#p.factor
    this.waited = 0
  }
}

export class NoamScheduler extends LRScheduler {
  static override readonly description =
    'Linear warm-up, then a fall with the root of the updates (Vaswani et al. 2017). For iter_scheduler.'
  static override readonly params = z.object({
    warmup: count.describe('Updates of the warm-up'),
    d_model: count.describe('Width of the model'),
  })
  readonly #p: z.output<typeof NoamScheduler.params>

  constructor(args: z.input<typeof NoamScheduler.params>) {
    super()
    this.#p = NoamScheduler.params.parse(args)
  }
  rate(base: number): number {
    const n = this.count + 1
    return base * this.#p.d_model ** -0.5 * Math.min(n ** -0.5, n * this.#p.warmup ** -1.5)
  }
}

export class WarmupLinearScheduler extends LRScheduler {
  static override readonly description = 'Linear warm-up, then a linear fall to zero. For iter_scheduler.'
  static override readonly params = z.object({
    warmup: count.describe('Updates of the warm-up'),
    n_steps: count.describe('Updates until the rate is zero'),
  })
  readonly #p: z.output<typeof WarmupLinearScheduler.params>

  constructor(args: z.input<typeof WarmupLinearScheduler.params>) {
    super()
    this.#p = WarmupLinearScheduler.params.parse(args)
    if (this.#p.n_steps <= this.#p.warmup) throw new Error('n_steps must be above warmup')
  }
  rate(base: number): number {
    const { warmup, n_steps } = this.#p
    const n = this.count
    // The first update has a rate too: PyTorch's start at zero wastes it.
    return base * (n < warmup ? (n + 1) / warmup : Math.max(0, (n_steps - n) / (n_steps - warmup)))
  }
}
