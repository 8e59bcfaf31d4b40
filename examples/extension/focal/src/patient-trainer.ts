/** A Trainer that stops by itself when its metric has not become better for some steps. All else is inherited. */
import { log, type State, Trainer } from '@flambe/components'
import { z } from 'zod'

const params = Trainer.params.extend({
  patience: z.number().int().min(1).default(5).describe('Steps without a better metric until it stops'),
})

type Keywords = ConstructorParameters<typeof Trainer>[0] & { readonly patience?: number }

export class PatientTrainer extends Trainer {
  static override readonly description = 'Trains like Trainer and stops when the metric does not become better.'
  static override readonly params = params
  static override readonly version: string = '1.0.0'
  readonly #patience: number
  #best = Number.NEGATIVE_INFINITY
  #waited = 0

  constructor({ patience = 5, ...rest }: Keywords) {
    super(rest)
    this.#patience = patience
  }

  override async run(): Promise<boolean> {
    const more = await super.run()
    const metric = super.metric() ?? Number.NEGATIVE_INFINITY
    this.#waited = metric > this.#best ? 0 : this.#waited + 1
    this.#best = Math.max(this.#best, metric)
    log('waited', this.#waited)
    return more && this.#waited < this.#patience
  }

  /** What a pause or a crash must not forget. */
  override getState(): State {
    return { ...super.getState(), waiting: { best: this.#best, waited: this.#waited } }
  }

  override setState({ waiting, ...rest }: State): void {
    super.setState(rest)
    const { best, waited } = waiting as { readonly best: number; readonly waited: number }
    this.#best = best
    this.#waited = waited
  }
}
