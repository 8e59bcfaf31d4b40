/**
 * The search algorithm and the scheduler of a block, built from its plan. Which ancestors' trials a new trial builds on is one
 * more choice of the space, named `@`; an algorithm that cannot search choices takes them in turn.
 */
import type { Assignment, Json, PlannedBlock } from '@flambe/language'
import {
  createScheduler,
  createSearch,
  type Scheduler,
  type SearchAlgorithm,
  type Space,
  schedulerProblems,
  searchProblems,
} from '@flambe/search'
import type { Upon } from './upon.ts'

/** The name of the choice of ancestors in spaces and assignments. Keys of options begin with a block's id, so it is free. */
export const UPON = '@'

type Mode = PlannedBlock['mode']

/** By `max_trials` at the latest; `planText` of the hub asks for an end that was written. */
const BOUNDED = { bounded: true }

export interface Tuner {
  readonly search: SearchAlgorithm | null
  readonly scheduler: Scheduler | null
  /** The ancestors of a proposal, and the values of the block's own options. */
  place(assignment: Assignment, number: number): { readonly upon: Upon; readonly own: Assignment }
}

/** `judged`: direction in which the scheduler looks. */
export function tunerOf(planned: PlannedBlock, seed: number, upon: readonly Upon[], judged: Mode): Tuner {
  const { search, scheduler, mode, id: block } = planned
  const own = (search?.space ?? {}) as Space
  const choosing = upon.length > 1 && search !== null ? { ...own, [UPON]: choiceOf(upon) } : own
  const rotates =
    search !== null && choosing !== own && searchProblems(search.tag, params(search), choosing, BOUNDED).length > 0
  const space = rotates ? own : choosing
  return {
    search: search && createSearch(search.tag, params(search), { space, seed, block, mode, ...BOUNDED }),
    scheduler:
      scheduler &&
      createScheduler(scheduler.tag, scheduler.params, { mode: judged, seed, block, space: search ? own : null }),
    place(assignment, number) {
      const { [UPON]: chosen, ...rest } = assignment
      const among = upon.findIndex(each => same(each, chosen))
      return { upon: upon[among === -1 ? (number - 1) % upon.length : among] ?? {}, own: rest }
    },
  }
}

/** What is wrong with a block's search or scheduler, in words: asked before anything runs. */
export function tunerProblems({ search, scheduler }: PlannedBlock): string[] {
  const space = (search?.space ?? null) as Space | null
  return [
    ...(search
      ? searchProblems(search.tag, params(search), space ?? {}, BOUNDED).map(p => `!${search.tag}: ${p}`)
      : []),
    ...(scheduler ? schedulerProblems(scheduler.tag, scheduler.params, space).map(p => `!${scheduler.tag}: ${p}`) : []),
  ]
}

/** `n_trials` was read by the language; the algorithm counts by it. */
function params({ params, n_trials }: NonNullable<PlannedBlock['search']>): { readonly [name: string]: Json } {
  return n_trials === null ? params : { ...params, n_trials }
}

const choiceOf = (upon: readonly Upon[]): Space[string] => ({
  kind: 'choice',
  options: upon.map(each => ({ value: { ...each } })),
})

function same(upon: Upon, chosen: Json | undefined): boolean {
  if (typeof chosen !== 'object' || chosen === null || Array.isArray(chosen)) return false
  const named = chosen as { readonly [block: string]: Json }
  return Object.entries(upon).every(([block, trial]) => named[block] === trial)
}
