/**
 * A resumed search begins with the trials of the earlier run, in their order: finished ones are taken over, the others run again with
 * the values that were drawn for them. The algorithm sees them all; the scheduler has not judged them.
 */
import type { Assignment, Json, PlannedBlock, Variant } from '@flambe/language'
import type { Space } from '@flambe/search'
import type { Draft } from '../draft.ts'
import { isFinished, taken } from '../earlier.ts'
import { blockKey, must } from '../ids.ts'
import { newTrial } from '../new-trial.ts'
import type { ExperimentRow, TrialRow } from '../rows.ts'
import { putBorn } from './propose.ts'
import { UPON } from './tuner.ts'
import type { Upon } from './upon.ts'
import { drawnOf } from './variant.ts'

export function beginWith(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock, ways: readonly Upon[]): void {
  const { plan, earlier } = experiment
  const key = blockKey(experiment.id, planned.id)
  let { search } = draft.block(experiment.id, planned.id)
  let number = 0
  for (const id of earlier.searched[planned.id] ?? []) {
    const old = must(draft.trials.get(id), id)
    const upon = ways.find(way => standsFor(draft, way, old))
    // What it was built on is not there any more: the trial neither.
    if (upon === undefined || old.drawn === null) continue
    const variant = draft.variants.from(plan, planned.id, old.drawn)
    const ancestors = Object.fromEntries(Object.keys(variant.ancestors).map(block => [block, must(upon[block], block)]))
    number++
    // Its state moves on as if it had proposed this one.
    const course = must(draft.course(key), key)
    const moved = course.tuner.search?.propose(search?.state ?? null, course.history, 1)
    if (search && moved) search = { ...search, state: moved.state, since: draft.time }
    const assignment = {
      ...assignmentOf((planned.search?.space ?? {}) as Space, old.drawn, old.params),
      ...(ways.length > 1 ? { [UPON]: { ...upon } } : {}),
    }
    draft.journal(experiment.id, planned.id, { what: 'proposed', trial: number, assignment })
    const trial = newTrial(draft, experiment, planned, { number, variant, ancestors, drawn: drawnOf(variant) })
    putBorn(draft, isFinished(old) ? taken(trial, old) : trial, true)
  }
  draft.putBlock({ ...draft.block(experiment.id, planned.id), search })
}

/** Whether these trials are the same as those that the earlier one was built on. */
function standsFor(draft: Draft, way: Upon, old: TrialRow): boolean {
  return Object.entries(old.ancestors).every(([block, id]) => {
    const [now, before] = [way[block], draft.trials.get(id)]
    return now !== undefined && before !== undefined && draft.trial(now).variant === before.variant
  })
}

/** What the algorithm had proposed, of the block's own options. */
function assignmentOf(
  space: Space,
  drawn: Pick<Variant, 'choices' | 'values'>,
  params: TrialRow['params'],
): Assignment {
  const assignment: { [name: string]: Json } = {}
  for (const [name, distribution] of Object.entries(space)) {
    if (distribution.kind !== 'choice') {
      assignment[name] = drawn.values[name] ?? params[name] ?? null
      continue
    }
    const option = distribution.options[drawn.choices[name] ?? -1]
    if (option === undefined) continue
    assignment[name] = option.value
    Object.assign(assignment, assignmentOf(option.children ?? {}, drawn, params))
  }
  return assignment
}
