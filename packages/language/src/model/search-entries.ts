/**
 * The search algorithms and schedulers of a plan, for whoever has `@flambe/search` beside the language: what those say about
 * keywords and spaces becomes Problems at the entry's line. Called by the hub and the command line.
 */
import { own } from '../checks/tags.ts'
import type { SearchSpace } from '../distribution.ts'
import type { Place, Plan, PlannedScheduler, PlannedSearch } from '../plan.ts'
import type { Problem } from '../problem.ts'

export interface SearchEntry {
  readonly block: string
  /** Direction of the block's metric. */
  readonly mode: 'min' | 'max'
  /** Null: a scheduler alone. */
  readonly search: PlannedSearch | null
  readonly scheduler: PlannedScheduler | null
  /** The block's own options; empty without a search. */
  readonly space: SearchSpace
}

/** One for every block that has a search algorithm or a scheduler, in document order. */
export function searchEntries(plan: Plan): readonly SearchEntry[] {
  return plan.blocks
    .filter(({ search, scheduler }) => search !== null || scheduler !== null)
    .map(({ id, mode, search, scheduler }) => ({ block: id, mode, search, scheduler, space: search?.space ?? {} }))
}

/** What `@flambe/search` found wrong: at the keyword or option that its words begin with (`n_trials: ...`), else at the entry. */
export function entryProblem(entry: PlannedSearch | PlannedScheduler, message: string, file: string): Problem {
  const search = 'space' in entry
  const name = /^([^\s:]+): /.exec(message)?.[1] ?? ''
  const missing = name !== '' && message.startsWith(`${name}: is needed`)
  return {
    severity: 'error',
    code: search ? 'SPACE' : 'BLOCKREF',
    rule: search ? 'search-space' : 'scheduler',
    message: `!${entry.tag}: ${missing ? `\`${name}\`${message.slice(name.length + 1)}` : message}`,
    ...inProblem(own(entry.places, name) ?? entry.place),
    file,
    hint: missing ? `!${entry.tag} {${name}: 20}` : '',
  }
}

export function inProblem({ path, line, column, end_line, end_column }: Place) {
  return { path, line, column, endLine: end_line, endColumn: end_column }
}
