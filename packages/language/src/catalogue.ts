/**
 * What the language knows about components, as plain data: it never loads one. The built-in library writes its
 * catalogue at build time (`@flambe/components/catalogue`). Checking, completion and reference pages all read it.
 */

export interface Catalogue {
  readonly components: { readonly [tag: string]: CatalogueEntry }
}

export interface CatalogueEntry {
  /** As written after `!`, for example `Trainer` or `ext.Train`. */
  readonly tag: string
  readonly description: string
  /** Keywords of the constructor. */
  readonly params: readonly CatalogueParam[]
  /** True when a rest element takes any further keyword. */
  readonly open: boolean
  readonly factories: { readonly [name: string]: CatalogueFactory }
  /** What links may read after the dot; `'*'` = any own field; `null` = unknown, checked when the trial is built. */
  readonly attributes: readonly string[] | '*' | null
  /** Methods that `!call` may call. */
  readonly callable: readonly string[]
  /** Direction of `metric()`; null when the component reports none. */
  readonly lower_is_better: boolean | null
  /** Base kinds, nearest first, for example `['Dataset', 'Component']`; `['SearchAlgorithm']`, `['Scheduler']`. */
  readonly kinds: readonly string[]
  /** Lists of keywords of which exactly one must be written: `[['script', 'command']]`. */
  readonly one_of?: readonly (readonly string[])[]
  /** The tag that this one is another name of. */
  readonly alias_of?: string
}

export interface CatalogueFactory {
  readonly description: string
  readonly params: readonly CatalogueParam[]
  readonly open: boolean
}

export interface CatalogueParam {
  readonly name: string
  readonly required: boolean
  readonly description: string
  readonly default?: Json
  /** JSON schema (draft 2020-12) of a written value; absent = anything. Not applied to links, options, components. */
  readonly schema?: { readonly [key: string]: Json }
  /** When a component is expected: its kind, for example `Dataset`, or `Component` for any. */
  readonly component?: string
  /**
   * `shipped`: a relative path to a file or folder on the writer's machine, sent with the experiment like a resource
   * (`Script.code`, `Script.script`). The plan lists it in `resources` under the name `code:<path as written>`.
   */
  readonly path?: 'shipped'
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
