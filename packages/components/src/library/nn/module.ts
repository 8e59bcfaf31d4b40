/**
 * The base of everything with weights. A module owns variables by name; modules inside it are its children, found among its
 * own fields. Its state is its own weights; children save theirs. Weights are drawn when built, from the trial's seed.
 */
import { Component, type State } from '../../core/component.ts'
import { type Context, context } from '../../core/context.ts'
import { type Random, random } from '../../core/random.ts'
import { tf } from '../../tf.ts'

export abstract class Module extends Component {
  readonly #weights = new Map<string, tf.Variable>()
  #random: Random | undefined

  /** Own weights by name, without those of children. */
  get weights(): ReadonlyMap<string, tf.Variable> {
    return this.#weights
  }

  /** Adds an own variable. Trainable ones get gradients; others (moving averages) are only saved. */
  protected weight(name: string, shape: readonly number[], fill: Fill, trainable = true): tf.Variable {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
    this.#random ??= layerRandom(this.constructor.name)
    fill(values, this.#random)
    const start = tf.tensor(values, [...shape], 'float32')
    const variable = tf.variable(start, trainable)
    start.dispose()
    this.#weights.set(name, variable)
    return variable
  }

  override getState(): State {
    return Object.fromEntries(this.#weights)
  }

  override setState(state: State): void {
    for (const [name, variable] of this.#weights) {
      const value = state[name]
      if (value instanceof tf.Tensor) assign(variable, value, name)
    }
  }

  override dispose(): void {
    for (const variable of this.#weights.values()) variable.dispose()
  }
}

/** Fills a new weight with numbers. */
export type Fill = (values: Float32Array, random: Random) => void

/** Puts values into a variable without copying; `value` stays the caller's. @throws Error when shapes differ. */
export function assign(variable: tf.Variable, value: tf.Tensor, name: string): void {
  if (value.shape.join() !== variable.shape.join())
    throw new Error(
      `weight ${name} has shape [${value.shape.join(', ')}] where [${variable.shape.join(', ')}] is needed`,
    )
  variable.assign(value)
}

/** All weights of a component and the components below it, by path, in the order of fields; shared ones once. */
export function weightsOf(root: Component): ReadonlyMap<string, tf.Variable> {
  const found = new Map<string, tf.Variable>()
  const seen = new Set<object>()
  const walk = (value: unknown, path: string): void => {
    if (value === null || typeof value !== 'object' || seen.has(value)) return
    const plain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value))
    if (!plain && !(value instanceof Component)) return
    seen.add(value)
    if (value instanceof Module) for (const [name, variable] of value.weights) found.set(path + name, variable)
    for (const [key, child] of Object.entries(value)) walk(child, `${path}${key}.`)
  }
  walk(root, '')
  return found
}

const layers = new WeakMap<Context, number>()

/** One stream a module, in the order in which a trial builds them: equal modules side by side start with unequal weights. */
function layerRandom(name: string): Random {
  const trial = context()
  const number = (layers.get(trial) ?? 0) + 1
  layers.set(trial, number)
  return random(trial.env.seed, `${name} ${number}`)
}
