// Tags: ours, and those of other engines. The registry and the planner look them up; it builds nothing.

import { searchDefinitions } from '../algorithms/definitions/index.ts'
import { schedulerDefinitions } from '../schedulers/definitions/index.ts'
import { aliases } from './aliases.ts'
import { paramProblems, withDefaults } from './check.ts'
import { closest } from './closest.ts'
import type { AliasDefinition, SchedulerDefinition, SearchDefinition } from './definition.ts'
import type { Params } from './params.ts'

export type Found =
  | { readonly kind: 'search'; readonly definition: SearchDefinition; readonly params: Params }
  | { readonly kind: 'scheduler'; readonly definition: SchedulerDefinition; readonly params: Params }
  | { readonly kind: 'problems'; readonly problems: string[] }

/** The definition that a tag means, through an alias if need be, with the params that it understands. */
export function lookUp(tag: string, params: Params, kind: AliasDefinition['of']): Found {
  const search = searchDefinitions.find(definition => definition.tag === tag)
  const scheduler = schedulerDefinitions.find(definition => definition.tag === tag)
  const alias = aliases.find(definition => definition.tag === tag)
  const isSearch = search !== undefined || alias?.of === 'SearchAlgorithm'
  const isScheduler = scheduler !== undefined || alias?.of === 'Scheduler'
  if (isSearch && kind === 'Scheduler') return wrong(`${tag} is a search algorithm: write it under search`)
  if (isScheduler && kind === 'SearchAlgorithm') return wrong(`${tag} is a scheduler: write it under schedulers`)
  if (search !== undefined) return { kind: 'search', definition: search, params }
  if (scheduler !== undefined) return { kind: 'scheduler', definition: scheduler, params }
  if (alias === undefined) {
    const known = kind === 'Scheduler' ? schedulerDefinitions : searchDefinitions
    const what = kind === 'Scheduler' ? 'scheduler' : 'search algorithm'
    return wrong(
      `there is no ${what} ${tag}${closest(
        tag,
        known.map(definition => definition.tag),
      )}`,
    )
  }
  const problems = alias.alias_of === null ? [] : paramProblems(params, alias.params)
  if (problems.length > 0) return { kind: 'problems', problems }
  const translated = alias.translate(withDefaults(params, alias.params))
  if ('problem' in translated) return wrong(translated.problem)
  if (alias.alias_of === null) throw new Error(`${tag} stands for nothing`)
  return lookUp(alias.alias_of, translated.params, kind)
}

function wrong(problem: string): Found {
  return { kind: 'problems', problems: [problem] }
}
