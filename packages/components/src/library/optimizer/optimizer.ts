/**
 * The base of optimizers: new weights from gradients. State stands per weight (by path) in plain tensors, so that a resumed
 * training goes on bit for bit; TensorFlow.js's own Adam does not (it recomputes powers on load).
 */
import { Component, type State } from '../../core/component.ts'
import { tf } from '../../tf.ts'

export type Slots = { [slot: string]: tf.Tensor }

export abstract class Optimizer extends Component {
  static override readonly attributes: readonly string[] | '*' = ['lr']
  static override readonly uses_backend: boolean = false

  /** The learning rate; schedules set it. */
  lr: number
  /** The learning rate as written. */
  readonly #written: number
  readonly #slots = new Map<string, Slots>()

  constructor(lr: number) {
    super()
    this.lr = lr
    this.#written = lr
  }

  /** Changes the weights in place. Gradients stay the caller's. */
  update(weights: ReadonlyMap<string, tf.Variable>, gradients: ReadonlyMap<string, tf.Tensor>): void {
    this.begin()
    for (const [path, gradient] of gradients) {
      const weight = weights.get(path)
      if (weight === undefined) throw new Error(`a gradient for an unknown weight: ${path}`)
      tf.tidy(() => {
        const old = this.#slots.get(path) ?? {}
        const next = this.step(weight, gradient, old)
        for (const slot of Object.values(next)) tf.keep(slot)
        for (const [name, slot] of Object.entries(old)) if (next[name] !== slot) slot.dispose()
        this.#slots.set(path, next)
      })
    }
  }

  /** Once an update, before the weights. */
  protected begin(): void {}

  /** Assigns the weight and gives its new slots (which must be new tensors). Called inside of `tf.tidy`. */
  protected abstract step(weight: tf.Variable, gradient: tf.Tensor, slots: Slots): Slots

  override getState(): State {
    return { lr: this.lr, written: this.#written, slots: Object.fromEntries(this.#slots) }
  }

  /** A rate that is written anew (population-based training) wins over the saved one. */
  override setState(state: State): void {
    if (state.written === this.#written) this.lr = state.lr as number
    this.dispose()
    for (const [path, slots] of Object.entries(state.slots as { [path: string]: Slots }))
      this.#slots.set(path, Object.fromEntries(Object.entries(slots).map(([name, t]) => [name, tf.keep(tf.clone(t))])))
  }

  override dispose(): void {
    for (const slots of this.#slots.values()) tf.dispose(slots)
    this.#slots.clear()
  }
}
