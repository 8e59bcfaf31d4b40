/** Names things for later loading (rule BLD-1): every keyword becomes a field, components are saved, one step does nothing. */
import { z } from 'zod'
import { Component, type State, type StateValue } from '../../core/component.ts'

const params = z.object({}).loose()

export class Exporter extends Component {
  static override readonly description = 'Keeps components and values under names of your choice, for later loading.'
  static override readonly params = params
  static override readonly attributes = '*'
  static override readonly uses_backend = false

  readonly #values: string[] = []

  constructor(args: { readonly [name: string]: unknown }) {
    super()
    for (const [name, value] of Object.entries(args)) {
      if (name in this) throw new Error(`"${name}" is a name that every component has; choose another`)
      Object.defineProperty(this, name, { value, enumerable: true, writable: true })
      if (isData(value)) this.#values.push(name)
    }
  }

  override getState(): State {
    return Object.fromEntries(this.#values.map(name => [name, (this as unknown as State)[name] as StateValue]))
  }
  override setState(state: State): void {
    for (const name of this.#values) if (Object.hasOwn(state, name)) Object.assign(this, { [name]: state[name] })
  }
}

/** Without a component anywhere in it: those are children and save themselves. */
function isData(value: unknown): boolean {
  if (value instanceof Component || typeof value === 'function' || value === undefined) return false
  return value === null || typeof value !== 'object' || Object.values(value).every(isData)
}
