/**
 * Trials of one block as rows that insight is drawn from: parameters that differ, and the best metric. A failed or cancelled
 * trial has no metric that counts; one that still runs counts with what it has so far. Pure.
 */
import type { Row } from '@flambe/search/insight'
import type { BlockView, TrialView } from '../api/views.ts'
import { metricNumber } from '../format/number.ts'
import { differingKeys } from '../format/param.ts'
import { totalCount } from '../ui/counts.ts'

/** More axes than this cannot be read. */
const MOST_AXES = 12

export interface TrialRow extends Row {
  readonly id: string
  readonly state: TrialView['state']
  /** Why it is in that state, for example why a scheduler stopped it. */
  readonly reason: string | null
  /** Its metric may still change. */
  readonly open: boolean
}

const COUNTS: ReadonlySet<TrialView['state']> = new Set<TrialView['state']>(['success', 'pruned'])
const OPEN: ReadonlySet<TrialView['state']> = new Set<TrialView['state']>([
  'running',
  'preparing',
  'stopping',
  'unreachable',
  'paused',
])

/**
 * In the order of their numbers; trials that never began are left out. `objective`: of several, the one that counts as the
 * metric, as of the last step; null for the trial's own, the best so far.
 */
export function trialRows(
  trials: readonly TrialView[],
  pruned: boolean,
  objective: string | null = null,
): readonly TrialRow[] {
  const keys = new Set(differingKeys(trials).slice(0, MOST_AXES))
  return trials
    .filter(trial => trial.epoch > 0 && (pruned || trial.state !== 'pruned'))
    .map((trial): TrialRow => {
      const metric = metricNumber(objective === null ? trial.best : trial.metrics?.[objective])
      const open = OPEN.has(trial.state)
      return {
        id: trial.id,
        number: trial.number,
        state: trial.state,
        reason: trial.reason,
        open,
        params: Object.fromEntries(Object.entries(trial.params).filter(([key]) => keys.has(key))),
        metric: Number.isFinite(metric) && (open || COUNTS.has(trial.state)) ? metric : null,
      }
    })
    .sort((a, b) => a.number - b.number)
}

/** The block whose search is shown first: the one chosen, else the one with a metric of which most trials began. */
export function searchedBlock(blocks: readonly BlockView[], chosen: string): BlockView | undefined {
  const named = blocks.find(block => block.id === chosen)
  if (named) return named
  const measured = blocks.filter(block => block.best !== null)
  const most = Math.max(...measured.map(begun))
  // Of equals the first: later blocks only inherit its options.
  return measured.find(block => begun(block) === most) ?? blocks.find(block => block.count > 1) ?? blocks[0]
}

function begun({ trials }: BlockView): number {
  const waiting = (trials.masked ?? 0) + (trials.pending ?? 0) + (trials.queued ?? 0)
  return totalCount(trials) - waiting
}
