// Params as plain data (structurally the language's CatalogueParam), and readers for checked ones.
// A reader that meets a missing or foreign value throws: `check.ts` has been asked before.

import type { Json } from '../json.ts'

export type Params = { readonly [name: string]: Json }

export interface Param {
  readonly name: string
  readonly required: boolean
  readonly description: string
  readonly default?: Json
  /** JSON schema (draft 2020-12): type, enum, minimum, maximum, exclusive bounds, items, minItems, anyOf. */
  readonly schema?: { readonly [key: string]: Json }
  /** Kind of a nested entry, `Scheduler`; its value is `{ tag, params }`. */
  readonly component?: string
}

/** A param that may be left out; without a default the algorithm decides by itself. */
export function optional(
  name: string,
  description: string,
  schema: { readonly [key: string]: Json },
  value?: Json,
): Param {
  return { name, required: false, description, schema, ...(value === undefined ? {} : { default: value }) }
}

export function needed(name: string, description: string, schema: { readonly [key: string]: Json }): Param {
  return { name, required: true, description, schema }
}

export function numberOf(params: Params, name: string): number {
  const value = params[name]
  if (typeof value !== 'number') throw new Error(`${name} is not a number`)
  return value
}

/** Undefined when left out or null. */
export function maybeNumber(params: Params, name: string): number | undefined {
  const value = params[name] ?? undefined
  return value === undefined ? undefined : numberOf(params, name)
}

export function flagOf(params: Params, name: string): boolean {
  const value = params[name]
  if (typeof value !== 'boolean') throw new Error(`${name} is neither true nor false`)
  return value
}

export function wordOf<Word extends string>(params: Params, name: string, words: readonly Word[]): Word {
  const found = words.find(word => word === params[name])
  if (found === undefined) throw new Error(`${name} is none of ${words.join(', ')}`)
  return found
}
