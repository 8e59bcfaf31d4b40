// Runs a schedule of values again, as a population found it (after Ray Tune's PopulationBasedTrainingReplay): at a step of the
// schedule the trial goes on from its own checkpoint with the values that stand there. A step that is never reported applies at
// the next one that is; of several that are due only the last. What did not come true (the trial failed, or its machine was lost,
// before it had saved) is said again at the next report.

import type { Scheduler } from '../contract.ts'
import { randomStream } from '../random.ts'
import type { Assignment } from '../space.ts'
import { emptyTrie, getAt, setAt, type Trie } from './trie.ts'
import { unmoved } from './unmoved.ts'

export type ReplayState = Trie<Place>

/** Of a trial: how many entries of the schedule lie behind it, and how many will once what it was told has come true. */
type Place = {
  readonly behind: number
  readonly told: number
  /** Changes of its values that had come true when it was told. */
  readonly changes: number
}

export interface ReplayOptions {
  readonly seed: number
  readonly block: string
  /** Ascending steps, from 1. */
  readonly steps: readonly number[]
  /** The whole assignment at an entry of the schedule, for one that runs with `now`. */
  readonly at: (entry: number, now: Assignment, random: () => number) => Assignment
}

export function replay({ seed, block, steps, at }: ReplayOptions): Scheduler<ReplayState> {
  return {
    ...unmoved,
    initial: emptyTrie,
    judge(state, { trial, step }, history) {
      const before = getAt(state, trial) ?? { behind: 0, told: 0, changes: 0 }
      const record = history[trial - 1]
      // Those that had come true by this report: a fold over the record may look at the history of today.
      const changes = record?.earlier?.filter(({ until }) => until < step).length ?? 0
      const behind = changes > before.changes ? before.told : before.behind
      const due = steps.findLastIndex(known => known <= step)
      const now = record?.assignment
      if (due < behind || now === undefined) return { state, verdict: { kind: 'continue' } }
      const assignment = at(due, now, randomStream(seed, `${block} replay ${steps[due]}`, trial))
      const reason = `at ${step}: goes on with the values of the schedule`
      return {
        state: setAt(state, trial, { behind, told: due + 1, changes }),
        verdict: { kind: 'exploit', donor: trial, assignment, reason },
      }
    },
  }
}
