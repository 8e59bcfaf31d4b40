/**
 * An experiment before it runs: what each block costs by plan, and the whole search in virtual time on recorded or synthetic
 * curves. Called by `flambe simulate`; pure but for the curves that it is given. The same input gives the same answer.
 */
import { type TuningView, tuningOf } from '@flambe/hub/plan'
import { isEnumerable, type Plan, type PlannedBlock, variants } from '@flambe/language'
import {
  type Assignment,
  judgedMode,
  objectivesOf,
  recordedCurves,
  type SimulateOptions,
  type Simulation,
  type Space,
  searchProblems,
  simulate,
  syntheticCurves,
} from '@flambe/search'
import { Refused } from '../client/refused.ts'
import type { CurveFile } from './curves.ts'

export interface ForeseeOptions {
  readonly slots: number
  /** Null: synthetic ones. */
  readonly curves: CurveFile | null
  /** Trials of each search, whatever the file says. */
  readonly trials?: number
}

export interface ForeseenBlock {
  readonly id: string
  readonly tag: string
  readonly mode: 'min' | 'max'
  /** Variants; `n_trials` under a search. */
  readonly count: number
  /** Null: nothing searches and nothing stops here, so all variants run to their ends. */
  readonly tuning: TuningView | null
  /** Of a search over several: names and directions, the first one first; else empty. */
  readonly objectives: readonly { readonly name: string | null; readonly mode: 'min' | 'max' }[]
  readonly curves: 'recorded' | 'synthetic' | null
  readonly simulation: Simulation | null
  /** Why a tuned block was not simulated. */
  readonly note: string | null
}

/** Steps of a synthetic trial where nothing says how many there are. */
const USUAL_STEPS = 10
/** Trials of a search that would go on until a budget of time is spent. */
const MOST_TRIALS = 10_000

export function foresee(plan: Plan, options: ForeseeOptions): ForeseenBlock[] {
  return plan.blocks.map(block => foreseen(plan, block, options))
}

function foreseen(plan: Plan, block: PlannedBlock, options: ForeseeOptions): ForeseenBlock {
  const { id, tag, mode, count } = block
  const aims = block.search === null ? [] : objectivesOf(block.search.tag, block.search.params, mode)
  const objectives = aims.length > 1 ? aims : []
  const rows = options.curves?.of(id, objectives) ?? null
  const recorded = rows === null ? null : recordedCurves(rows)
  const tuning = tuningOf(plan, block, {
    ...(options.trials === undefined || block.search === null ? {} : { trials: options.trials }),
    ...(recorded === null ? {} : { full: recorded.steps }),
  })
  const plain = { id, tag, mode, count, tuning, objectives, curves: null, simulation: null, note: null }
  if (tuning === null) return plain
  const steps = tuning.full ?? USUAL_STEPS
  const modes = objectives.map(own => own.mode)
  const towards = judgedMode(block.search, mode)
  const simulation = simulate({
    search: searchOf(plan, block, tuning.trials ?? MOST_TRIALS),
    scheduler: block.scheduler,
    seed: plan.seed,
    block: id,
    mode,
    slots: options.slots,
    curves:
      recorded ?? syntheticCurves({ steps, seed: plan.seed, mode: towards, ...(modes.length > 1 ? { modes } : {}) }),
    most_trials: tuning.trials ?? MOST_TRIALS,
  })
  const note =
    tuning.full === null && recorded === null ? `nothing says how long a trial is: ${USUAL_STEPS} steps taken` : null
  return { ...plain, curves: recorded === null ? 'synthetic' : 'recorded', simulation, note }
}

function searchOf(plan: Plan, { id, search, count }: PlannedBlock, trials: number): SimulateOptions['search'] {
  if (search !== null) {
    const made = { tag: search.tag, params: { ...search.params, n_trials: trials }, space: search.space as Space }
    // Another number of trials than the file's may not do, for a population for example.
    const problems = searchProblems(made.tag, made.params, made.space)
    if (problems.length > 0) throw new Refused(`block ${id}, !${made.tag}: ${problems.join('; ')}`)
    return made
  }
  return { assignments: isEnumerable(plan, id) ? firstParams(plan, id, trials) : numbered(Math.min(count, trials)) }
}

function firstParams(plan: Plan, block: string, most: number): Assignment[] {
  const first: Assignment[] = []
  for (const { params } of variants(plan, block)) {
    if (first.length >= most) break
    first.push(params as Assignment)
  }
  return first
}

/** Below a search: which trials there are is known only when that has ended, but not how many. */
const numbered = (many: number): Assignment[] => Array.from({ length: many }, (_, at) => ({ trial: at + 1 }))
