/**
 * A resolved configuration: what one trial's process builds. Plain JSON, no options left; order of keywords kept in
 * arrays of pairs, since objects reorder integer-like keys. `resolve()` makes it, `components` compiles it.
 */

export type ConfigNode =
  /** `number` holds what JSON cannot: `.nan`, `.inf`, `-.inf`. */
  | { readonly kind: 'scalar'; readonly value: null | boolean | number | string }
  | { readonly kind: 'number'; readonly value: '.nan' | '.inf' | '-.inf' }
  | { readonly kind: 'list'; readonly items: readonly ConfigNode[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, ConfigNode])[] }
  | ComponentNode
  | LinkNode
  /** An alias: the same node as the one with this `id` that stands earlier in the same block. */
  | { readonly kind: 'same'; readonly id: number }

export interface ComponentNode {
  readonly kind: 'component'
  /** Unique within the experiment; what `same` points at. */
  readonly id: number
  /** The class tag without the factory: `Trainer`, `ext.Train`. */
  readonly tag: string
  /** The factory's name in `!Class.factory`, else null. */
  readonly factory: string | null
  readonly args: readonly (readonly [string, ConfigNode])[]
  /** Key path in the document, for errors: `pipeline.train.optimizer`. */
  readonly path: string
}

export interface LinkNode {
  readonly kind: 'link'
  /** A block id or a resource name (shipped code: `code:<path>`). */
  readonly root: string
  /** Bracket steps through the written configuration; numbers for places in lists. */
  readonly keys: readonly (string | number)[]
  /** Steps on the built object after the dots. */
  readonly attributes: readonly string[]
  /** True for `!call`: the value is called without arguments. */
  readonly call: boolean
  readonly path: string
}

export interface ResolvedBlock {
  readonly id: string
  readonly root: ComponentNode
}

/** A block and all its ancestors, ancestors first, in document order; the trial's own block is the last. */
export type ResolvedConfig = readonly ResolvedBlock[]
