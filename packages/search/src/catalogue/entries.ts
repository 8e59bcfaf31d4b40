// `searchCatalogue`: what language, editor and reference pages know of algorithms and schedulers, as plain data in the shape of
// the language's CatalogueEntry (structurally; nothing is imported). The hub merges it with the components' catalogue.

import { searchDefinitions } from '../algorithms/definitions/index.ts'
import { schedulerDefinitions } from '../schedulers/definitions/index.ts'
import { aliases } from './aliases.ts'
import { schedulerParams, searchParams } from './common.ts'
import type { Param } from './params.ts'

export interface SearchCatalogueEntry {
  readonly tag: string
  readonly description: string
  readonly params: readonly Param[]
  /** True only for names that stand for nothing: the problem is the name, whatever its params. */
  readonly open: boolean
  readonly factories: { readonly [name: string]: never }
  readonly attributes: readonly string[]
  readonly callable: readonly string[]
  readonly lower_is_better: null
  readonly kinds: readonly ['SearchAlgorithm' | 'Scheduler']
  /** The tag that this name stands for; absent for our own, null when we have none. */
  readonly alias_of?: string | null
}

/** By tag. */
export const searchCatalogue: { readonly [tag: string]: SearchCatalogueEntry } = Object.fromEntries(
  [
    ...searchDefinitions.map(definition => entry(definition, 'SearchAlgorithm', searchParams)),
    ...schedulerDefinitions.map(definition => entry(definition, 'Scheduler', schedulerParams)),
    ...aliases.map(alias => ({
      ...entry(alias, alias.of, []),
      open: alias.alias_of === null,
      alias_of: alias.alias_of,
    })),
  ].map(made => [made.tag, made]),
)

function entry(
  from: { readonly tag: string; readonly description: string; readonly params: readonly Param[] },
  kind: 'SearchAlgorithm' | 'Scheduler',
  common: readonly Param[],
): SearchCatalogueEntry {
  return {
    tag: from.tag,
    description: from.description,
    params: [...from.params, ...common],
    open: false,
    factories: {},
    attributes: [],
    callable: [],
    lower_is_better: null,
    kinds: [kind],
  }
}
