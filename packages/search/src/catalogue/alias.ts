// Makes an alias from a table: which of the other engine's params is which of ours, which change nothing here, and which
// cannot be had. The tables stand in `ray-schedulers.ts` and `ray-searches.ts`.

import type { Json } from '../json.ts'
import type { AliasDefinition } from './definition.ts'
import type { Param, Params } from './params.ts'

export interface AliasTable {
  readonly tag: string
  readonly of: AliasDefinition['of']
  readonly alias_of: string
  readonly description: string
  readonly params: readonly AliasParam[]
  /** Params of ours that follow from the name alone. */
  readonly fixed?: Params
}

export type AliasParam = Param & {
  /** Its name here; several for one value are not needed. */
  readonly becomes?: string
  /** Values that can be had as they are; any other is refused with this sentence. */
  readonly refused?: { readonly unless: readonly Json[]; readonly say: string }
}

export function aliasFrom(table: AliasTable): AliasDefinition {
  return {
    kind: 'alias',
    tag: table.tag,
    of: table.of,
    alias_of: table.alias_of,
    description: table.description,
    params: table.params.map(({ becomes: _becomes, refused: _refused, ...param }) => param),
    translate(params) {
      const refused = table.params.flatMap(({ name, refused: no }) => {
        const value = params[name]
        return no === undefined || value === undefined || no.unless.includes(value) ? [] : [`${name}: ${no.say}`]
      })
      if (refused.length > 0) return { problem: refused.join('; ') }
      const renamed = table.params.flatMap(({ name, becomes }) => {
        const value = params[name]
        return becomes === undefined || value === undefined ? [] : [[becomes, value] as const]
      })
      return { params: { ...table.fixed, ...Object.fromEntries(renamed) } }
    },
  }
}

/** A name that stands for nothing here. */
export function aliasForNothing(tag: string, of: AliasDefinition['of'], problem: string): AliasDefinition {
  return { kind: 'alias', tag, of, alias_of: null, description: problem, params: [], translate: () => ({ problem }) }
}
