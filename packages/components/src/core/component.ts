/**
 * The base of everything that a block can build. A subclass is a named export with a constructor that takes one object of
 * keywords; its statics say what the catalogue, links, state and reduce need to know (docs: components.md). The trial
 * process sets `env`, `seed` and `trial_dir` before the constructor runs (see context.ts), so they can be read in it.
 */
import { type ZodObject, z } from 'zod'
import { tf } from '../tf.ts'
import { context, type Env } from './context.ts'
import { LoadError } from './failure.ts'

/** Data only: what a component's state may hold. Tensors and typed arrays go to the binary file, the rest to JSON. */
export type StateValue =
  | null
  | boolean
  | number
  | string
  | tf.Tensor
  | Float32Array
  | Int32Array
  | Uint8Array
  | readonly StateValue[]
  | { readonly [key: string]: StateValue }
export type State = { readonly [key: string]: StateValue }

// biome-ignore lint/suspicious/noExplicitAny: keywords are whatever the subclass declares.
type Constructor<T> = abstract new (args: any) => T
export type ComponentClass<T extends Component = Component> = Constructor<T> & Omit<typeof Component, 'prototype'>

// biome-ignore lint/suspicious/noExplicitAny: a factory's keywords are its own.
export type Factory = ((args: any) => Component | Promise<Component>) & {
  readonly params?: ZodObject
  readonly description?: string
}

/** A component's written keywords, before they are built (see `precompile`). */
export interface Keywords {
  readonly names: readonly string[]
  /** Builds one keyword now; the same value is used when its turn comes. */
  build(name: string): Promise<unknown>
}

export abstract class Component {
  /** Names of own fields that `getState` saves and `setState` restores. Children are saved by themselves. */
  static readonly state: readonly string[] = []
  /** Fields that links may read; `'*'` = any own field, said openly; absent = any own field, checked when built. */
  static readonly attributes?: readonly string[] | '*'
  /** Methods that `!call` may call. */
  static readonly callable: readonly string[] = []
  /** Direction of `metric()`; absent = no metric. */
  static readonly lower_is_better?: boolean
  /** `!Class.name`. Inherited by subclasses. */
  static readonly factories: { readonly [name: string]: Factory } = { load_from_path: loadFromPath() }
  /** Further tags for the same class. Not inherited. */
  static readonly tags?: readonly string[]
  /** Checks, defaults, docs and completion of the constructor's keywords. Unknown keywords are Problems unless `.loose()`. */
  static readonly params?: ZodObject
  /** Lists of keywords of which exactly one must be written. */
  static readonly one_of?: readonly (readonly string[])[]
  /** One or two sentences for the reference page and hover. */
  static readonly description?: string
  /** False = builds and runs without TensorFlow.js: a trial made of such components only opens no backend. */
  static readonly uses_backend: boolean = true
  /** `x.y.z`; anything but 0.0.0 opts in to version checks on load. */
  static readonly version: string = '0.0.0'

  /** Sees the keywords after links were checked and before any of them is built; may build some out of order. */
  static precompile?(keywords: Keywords): void | Promise<void>

  /** Called once after construction (or after the factory), before anything links to this component or loads its state. */
  built?(): void | Promise<void>

  /**
   * The trial is over for good. Called before the last checkpoint of a trial that is done or was stopped, and again after
   * an ancestor's checkpoint was loaded (it may stem from a pause); a second call must change nothing. A trainer puts its
   * best weights into the model here.
   */
  ended?(): void | Promise<void>

  /** Files beside the state: writes them into `dir`, which is empty and becomes part of the checkpoint. */
  saveFiles?(dir: string): void | Promise<void>
  /** Gives back what `saveFiles` wrote; `dir` is read-only. */
  loadFiles?(dir: string): void | Promise<void>

  /** Where this runs: hub, agent, trial, devices, seed. */
  get env(): Env {
    return context().env
  }
  /** The trial's seed: 32-bit, >= 1. Derive streams from it with `random(seed, name)`. */
  get seed(): number {
    return context().env.seed
  }
  /** The running trial's folder, for files of its own. */
  get trial_dir(): string {
    return context().trial_dir
  }

  /** One step of some seconds; true = call me again. Absent = one step. */
  run(): boolean | undefined | Promise<boolean | undefined> {
    return false
  }

  /** Asked after every step: a number (NaN and infinities are legal), or undefined when there is none. */
  metric(): number | undefined {
    return undefined
  }

  /** State of this component alone, without its children. Tensors in it stay owned by the component. */
  getState(): State | Promise<State> {
    const { state: names, name: cls } = this.constructor as ComponentClass
    // A misspelt name would else be saved as nothing, and what it was meant for lost without a word (STA-2).
    const unknown = names.find(name => !(name in this))
    if (unknown !== undefined)
      throw new TypeError(`${cls}: \`static state\` names "${unknown}", which it does not have`)
    return Object.fromEntries(names.map(name => [name, (this as unknown as State)[name] ?? null]))
  }

  /** Restores what `getState` gave. Tensors in it belong to the caller afterwards: keep a copy or assign. */
  setState(state: State): void | Promise<void> {
    const { state: names, name: cls } = this.constructor as ComponentClass
    for (const name of names) {
      if (!Object.hasOwn(state, name)) console.warn(`${cls}: no "${name}" was saved, so it keeps the value that it has`)
      else (this as unknown as Record<string, StateValue>)[name] = kept(state[name] ?? null)
    }
  }

  /** Frees tensors and handles of this component alone; called once for each when the trial is over. */
  dispose(): void {}
}

/** The same value with tensors of its own, which outlive the given ones and any `tidy`. */
function kept(value: StateValue): StateValue {
  if (value instanceof tf.Tensor) return tf.keep(tf.clone(value))
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
  const copies = Object.entries(value).map(([name, one]) => [name, one, kept(one)] as const)
  if (copies.every(([, one, copy]) => one === copy)) return value
  if (Array.isArray(value)) return copies.map(([, , copy]) => copy)
  return Object.fromEntries(copies.map(([name, , copy]) => [name, copy]))
}

/** What `load_from_path` calls. load.ts puts itself in, because it imports this file. */
export const loading: { load(path: string, keywords: { readonly [name: string]: unknown }): Promise<Component> } = {
  load: () => Promise.reject(new Error('loading is not there: import core/load.ts')),
}

function loadFromPath(): Factory {
  const factory = async function (
    this: ComponentClass,
    { path, ...keywords }: { path: string; [name: string]: unknown },
  ): Promise<Component> {
    const component = await loading.load(path, keywords)
    const { name } = component.constructor
    if (component instanceof this) return component
    throw new LoadError(`${path} holds a ${name}, not a ${this.name}`)
  }
  return Object.assign(factory, {
    params: z.looseObject({ path: z.string().describe('A save folder.') }),
    description: 'Rebuilds a saved component; further keywords replace the saved ones.',
  })
}
