/**
 * What the search algorithm and the scheduler of a block will cost by plan, before anything runs: trials, rungs, steps. Pure;
 * the submission page (PlanView) and `flambe simulate` show the same. What only values can tell is null, never a guess.
 */
import type { Plan, PlannedBlock, TreeNode } from '@flambe/language'
import { plannedRungs } from '@flambe/search'
import { catalogue } from './catalogue.ts'

export interface TuningView {
  /** Tag of the search algorithm; null: every variant is a trial. */
  readonly search: string | null
  /** Tag of the scheduler; null: every trial runs to its end. */
  readonly scheduler: string | null
  /** Null: the search goes on until a budget of time is spent. */
  readonly trials: number | null
  /** Steps of a trial that nobody stops; null = not known before it runs. */
  readonly full: number | null
  /** How many trials run to which step, by bracket, ascending. Null: no plan can be made from the parameters alone. */
  readonly rungs: readonly { readonly bracket: number; readonly step: number; readonly trials: number }[] | null
  /** Steps of all trials together, with the scheduler and without it. */
  readonly steps: number | null
  readonly steps_without: number | null
  /** Share of steps that the scheduler saves, 0 to 1. */
  readonly saved: number | null
}

/** Null for a block without a search and without a scheduler. `trials` and `full` win over what the file says. */
export function tuningOf(
  plan: Plan,
  block: PlannedBlock,
  given: { readonly trials?: number; readonly full?: number } = {},
): TuningView | null {
  const { search, scheduler } = block
  if (search === null && scheduler === null) return null
  const trials = given.trials ?? trialsOf(plan, block)
  const own = given.full ?? stepsOf(block)
  const entry = scheduler ?? { tag: 'FIFO', params: {} }
  const planned = trials === null ? null : plannedRungs(entry.tag, entry.params, trials, own ?? undefined)
  const most = scheduler?.params.max_t
  const bound = typeof most === 'number' ? Math.min(most, own ?? most) : own
  const full = planned === null ? bound : Math.max(...planned.rungs.map(rung => rung.step))
  return {
    search: search?.tag ?? null,
    scheduler: scheduler?.tag ?? null,
    trials,
    full,
    rungs: planned?.rungs ?? null,
    steps: planned?.steps ?? null,
    steps_without: planned?.steps_without ?? null,
    saved: planned === null || planned.steps_without === 0 ? null : 1 - planned.steps / planned.steps_without,
  }
}

/**
 * A search without a number of trials ends by itself when its space is finite, else by the experiment's budget; the language
 * counts `max_trials` for it then, which is a bound and no plan.
 */
function trialsOf({ settings }: Plan, { search, count }: PlannedBlock): number | null {
  const own = search === null || search.n_trials !== null || count < settings.max_trials ? count : null
  const { trials } = settings.budget
  return own === null ? trials : trials === null ? own : Math.min(own, trials)
}

/** Steps of a trial, where the component says so by a plain number `max_steps`, written or by default. */
function stepsOf({ root }: PlannedBlock): number | null {
  const written = root.args.find(([name]) => name === 'max_steps')?.[1]
  if (written !== undefined) return numberOf(written)
  const entry = catalogue.components[root.tag]
  const params = root.factory === null ? entry?.params : entry?.factories[root.factory]?.params
  const usual = params?.find(param => param.name === 'max_steps')?.default
  return typeof usual === 'number' && usual > 0 ? usual : null
}

function numberOf(node: TreeNode): number | null {
  return node.kind === 'scalar' && typeof node.value === 'number' && node.value > 0 ? node.value : null
}
