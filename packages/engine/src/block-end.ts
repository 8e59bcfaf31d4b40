/** Ends a block whose trials are all final: its state, the reason that names what failed, and reduce's decision. */
import type { PlannedBlock } from '@flambe/language'
import type { Draft } from './draft.ts'
import { blockKey } from './ids.ts'
import { ranked } from './reduce.ts'
import type { BlockState, ExperimentRow, TrialRow } from './rows.ts'

/** So many failed trials are named in a reason. */
const NAMED = 5

export function endBlock(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): void {
  const key = blockKey(experiment.id, planned.id)
  const state = outcome(draft, experiment, key)
  const reasons: string[] = []
  if (state === 'failure') reasons.push(whatFailed(draft, experiment.id, planned.id))
  const dropped = [...draft.trialsOf(key)].filter(t => t.state === 'cancelled' && t.reason !== null)
  if (dropped.length > 0) reasons.push(`${dropped.length} of its trials did not begin: ${dropped[0]?.reason}`)
  let ranking = null
  if (planned.reduce && (state === 'success' || state === 'failure')) {
    const finished = trialsOf(draft, experiment.id, planned.id).filter(
      t => t.state === 'success' || t.state === 'pruned',
    )
    const decision = ranked(finished, planned.reduce)
    ranking = decision.ranking
    if (decision.warning) reasons.push(decision.warning)
    for (const { trial, kept } of ranking) draft.putTrial({ ...draft.trial(trial), kept })
  }
  const block = draft.block(experiment.id, planned.id)
  draft.putBlock({
    ...block,
    search: block.search && { ...block.search, over: true },
    state,
    reason: reasons.join('; ') || null,
    ranking,
    ended: draft.time,
  })
}

function outcome(draft: Draft, experiment: ExperimentRow, key: string): BlockState {
  const count = (...states: TrialRow['state'][]): number => draft.index.sum(key, states)
  if (count('failure') > 0) return 'failure'
  if (count('cancelled') > 0 && experiment.wish === 'cancel') return 'cancelled'
  if (count('success', 'pruned') > 0) return 'success'
  const empty = draft.index.total(key) === 0 && experiment.wish === 'cancel'
  return count('cancelled') > 0 || empty ? 'cancelled' : 'masked'
}

/** `2 of 6 trials failed (3, 5): first line of the first failure`. */
export function whatFailed(draft: Draft, experiment: string, block: string): string {
  const trials = trialsOf(draft, experiment, block)
  const failed = trials.filter(t => t.state === 'failure')
  const names = failed.slice(0, NAMED).map(t => t.number)
  const list = failed.length > NAMED ? `${names.join(', ')} ...` : names.join(', ')
  const head = trials.length === 1 ? 'its trial failed' : `${failed.length} of ${trials.length} trials failed (${list})`
  const first = failed[0]?.reason?.split('\n', 1)[0]
  return first ? `${head}: ${first}` : head
}

const trialsOf = (draft: Draft, experiment: string, block: string): TrialRow[] => [
  ...draft.trialsOf(blockKey(experiment, block)),
]
