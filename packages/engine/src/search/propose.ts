/**
 * Where trials of a searched block come from: paused ones that their scheduler lets go on, then new ones that the algorithm
 * proposes. `placement` asks when there is a slot; `settle` asks for paused ones when nothing of the block runs.
 */
import type { PlannedBlock } from '@flambe/language'
import { spentBudget } from '../budget.ts'
import type { Draft } from '../draft.ts'
import { isFinished, takeOver } from '../earlier.ts'
import { blockKey, must } from '../ids.ts'
import { newTrial } from '../new-trial.ts'
import type { BlockRow, ExperimentRow, SearchRow, TrialRow } from '../rows.ts'
import { haltedBy, rest } from '../wish.ts'
import { exhausted } from './patience.ts'
import { actOnOthers, measured } from './told.ts'
import { drawnOf, variantOfTrial } from './variant.ts'

/** A trial that is queued now, or null: nothing for now, or, once `done` says so, nothing any more. */
export function nextTrial(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): TrialRow | null {
  if (!mayAsk(draft, experiment, planned)) return null
  const resumed = resumeNext(draft, experiment, planned.id)
  if (resumed) return resumed
  for (let proposed = propose(draft, experiment, planned); proposed; proposed = propose(draft, experiment, planned)) {
    if (proposed.state === 'queued') return proposed
    // Taken over from an earlier experiment: it has ended already.
    draft.touched.add(experiment.id)
    if (!mayAsk(draft, experiment, planned)) return null
  }
  const key = blockKey(experiment.id, planned.id)
  const course = must(draft.course(key), key)
  // With nothing under way no result will ever come that it could wait for.
  if (course.running === 0 && planned.search && searchOf(draft.block(experiment.id, planned.id)).done === null)
    finish(draft, experiment, planned.id, `!${planned.search.tag} proposes nothing more`)
  return null
}

/** Whether a slot for this block would be taken, as far as one can say without asking. */
export function mayAsk(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): boolean {
  const key = blockKey(experiment.id, planned.id)
  const course = draft.course(key)
  const { search } = draft.block(experiment.id, planned.id)
  if (course === null || search === null || search.over) return false
  if (haltedBy(draft, experiment) !== null && draft.index.count(key, 'failure') === 0) return false
  const most = planned.search?.params.max_concurrent
  if (typeof most === 'number' && course.running >= most) return false
  return course.paused > 0 || (planned.search !== null && search.done === null)
}

/** The next paused trial goes on, if the scheduler names one that people have not paused; what it says of others is done. */
export function resumeNext(draft: Draft, experiment: ExperimentRow, block: string): TrialRow | null {
  const key = blockKey(experiment.id, block)
  for (;;) {
    const course = must(draft.course(key), key)
    const { scheduler } = course.tuner
    if (course.paused === 0 || scheduler === null) return null
    const { trial: number, others = [] } = scheduler.next(course.state, course.history)
    if (number === null && others.length === 0) return null
    draft.journal(experiment.id, block, { what: 'resumed', trial: number })
    actOnOthers(draft, key, others)
    if (number === null) continue
    const trial: TrialRow = { ...draft.trial(`${key}.${number}`), held: null, verdict: null }
    // Stopping: the attempt ends first, then `rest` puts the trial back into the queue.
    if (trial.state !== 'paused') draft.putTrial(trial)
    else rest(draft, trial)
    const now = draft.trial(trial.id)
    if (now.state === 'queued') return now
  }
}

function propose(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): TrialRow | null {
  const { search: written } = planned
  const key = blockKey(experiment.id, planned.id)
  const block = draft.block(experiment.id, planned.id)
  const search = searchOf(block)
  const course = must(draft.course(key), key)
  if (written === null || search.done !== null || course.tuner.search === null) return null
  const over =
    (draft.index.begun(key) > 0 ? spentBudget(draft, experiment) : null) ??
    timedOut(draft, search, written.params.timeout) ??
    exhausted(planned, experiment.plan.settings.budget, course.history) ??
    full(draft, experiment)
  if (over !== null) {
    finish(draft, experiment, planned.id, over)
    return null
  }
  const { state, variants, done } = course.tuner.search.propose(search.state, course.history, 1)
  draft.putBlock({ ...block, search: { ...search, state, since: search.since ?? draft.time } })
  const [assignment] = variants
  let trial: TrialRow | null = null
  if (assignment !== undefined) {
    const number = course.history.length + 1
    const { upon, own } = course.tuner.place(assignment, number)
    const ancestors = Object.values(upon).map(id => variantOfTrial(draft, draft.trial(id)))
    const variant = draft.variants.of(experiment.plan, planned.id, ancestors, own)
    const built = Object.fromEntries(Object.keys(variant.ancestors).map(id => [id, must(upon[id], id)]))
    const born = { number, variant, ancestors: built, drawn: drawnOf(variant) }
    trial = takeOver(draft, experiment, planned.id)(newTrial(draft, experiment, planned, born))
    draft.journal(experiment.id, planned.id, { what: 'proposed', trial: number, assignment })
    putBorn(draft, trial, true)
  }
  if (done) finish(draft, experiment, planned.id, `!${written.tag} has proposed all of its trials`)
  return trial
}

/** A new trial; one that has ended before it began is told at once, as seen, not judged. */
export function putBorn(draft: Draft, trial: TrialRow, watched: boolean): void {
  const { experiment, block, number } = trial
  draft.putTrial(trial)
  if (!watched || !isFinished(trial)) return
  if (trial.step > 0) {
    const planned = must(
      draft.experiment(experiment).plan.blocks.find(({ id }) => id === block),
      block,
    )
    const seen = measured(planned, trial)
    draft.journal(experiment, block, { what: 'reported', trial: number, step: trial.step, ...seen, judged: false })
  }
  const status = trial.state === 'success' ? 'complete' : 'stopped'
  actOnOthers(
    draft,
    blockKey(experiment, block),
    draft.journal(experiment, block, { what: 'ended', trial: number, status }).others,
  )
}

/** No new trial will come; what waits paused now goes on or ends as the scheduler says. */
export function finish(draft: Draft, experiment: ExperimentRow, id: string, why: string): void {
  const block = draft.block(experiment.id, id)
  const key = blockKey(experiment.id, id)
  draft.putBlock({ ...block, search: { ...searchOf(block), done: why } })
  draft.touched.add(experiment.id)
  if (draft.course(key)?.tuner.scheduler?.closed === undefined) return
  const { others } = draft.journal(experiment.id, id, { what: 'closed' })
  actOnOthers(draft, key, others)
  draft.mayPlace = true
}

function timedOut(draft: Draft, { since }: SearchRow, seconds: unknown): string | null {
  if (typeof seconds !== 'number' || since === null || draft.time - since < seconds * 1000) return null
  return `no new trials after ${seconds} s (timeout)`
}

/** A search without an end of its own stays within what the file allows. */
function full(draft: Draft, { id, plan }: ExperimentRow): string | null {
  const { max_trials } = plan.settings
  const total = plan.blocks.reduce((n, block) => n + draft.index.total(blockKey(id, block.id)), 0)
  return total >= max_trials ? `the experiment has ${max_trials} trials (max_trials)` : null
}

export const searchOf = (block: BlockRow): SearchRow => must(block.search, `search of block ${block.id}`)
