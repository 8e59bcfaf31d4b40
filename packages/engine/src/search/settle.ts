/**
 * A searched block of which nothing runs: its scheduler says which paused trial goes on, slot or no slot, so that the block
 * ends when none does. Called by `settle`.
 */
import type { PlannedBlock } from '@flambe/language'
import type { Draft } from '../draft.ts'
import { blockKey } from '../ids.ts'
import type { ExperimentRow, TrialRow } from '../rows.ts'
import { FINAL, TRIAL_STATES } from '../transitions.ts'
import { haltedBy, rest } from '../wish.ts'
import { resumeNext, searchOf } from './propose.ts'
import { tellEnds } from './told.ts'

/** Will go on, or end, without its scheduler. */
const BUSY = TRIAL_STATES.filter(s => !FINAL.trial(s) && s !== 'paused')

export function settleSearch(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): void {
  const key = blockKey(experiment.id, planned.id)
  if (experiment.wish !== 'run' || searchOf(draft.block(experiment.id, planned.id)).done === null) return
  if (haltedBy(draft, experiment) !== null && draft.index.count(key, 'failure') === 0) return
  while (isQuiet(draft, key)) {
    if (resumeNext(draft, experiment, planned.id)) return
    tellEnds(draft, experiment.id)
    // What the scheduler leaves paused though nothing will ever come would be there for ever.
    if (isQuiet(draft, key)) {
      const left: TrialRow[] = [...draft.trialsOf(key)].filter(trial => trial.held !== null)
      const verdict = { kind: 'stop', reason: 'not promoted before the search was over', as: 'pruned' } as const
      for (const trial of left) rest(draft, { ...trial, held: null, verdict })
      tellEnds(draft, experiment.id)
    }
  }
}

/** Nothing but trials that wait for their scheduler. */
function isQuiet(draft: Draft, key: string): boolean {
  const paused = draft.course(key)?.paused ?? 0
  return paused > 0 && draft.index.sum(key, BUSY) === 0 && draft.index.count(key, 'paused') === paused
}

/** Nothing more will come: all is proposed, or nobody wants more. */
export function searchIsOver(draft: Draft, experiment: ExperimentRow, block: string): boolean {
  const { search } = draft.block(experiment.id, block)
  return search === null || search.done !== null || search.over || experiment.wish === 'cancel'
}
