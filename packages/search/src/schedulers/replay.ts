// Runs a schedule of values again, as a population found it (after Ray Tune's PopulationBasedTrainingReplay): at a step of the
// schedule the trial goes on from its own checkpoint with the values that stand there. A step that is never reported applies at
// the next one that is; of several that are due only the last.

import type { Scheduler } from '../contract.ts'
import { randomStream } from '../random.ts'
import type { Assignment } from '../space.ts'
import { emptyTrie, getAt, setAt, type Trie } from './trie.ts'
import { unmoved } from './unmoved.ts'

/** By trial: how many entries of the schedule lie behind it. */
export type ReplayState = Trie<number>

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
      const behind = getAt(state, trial) ?? 0
      const due = steps.findLastIndex(known => known <= step)
      const now = history[trial - 1]?.assignment
      if (due < behind || now === undefined) return { state, verdict: { kind: 'continue' } }
      const assignment = at(due, now, randomStream(seed, `${block} replay ${steps[due]}`, trial))
      const reason = `at ${step}: goes on with the values of the schedule`
      return { state: setAt(state, trial, due + 1), verdict: { kind: 'exploit', donor: trial, assignment, reason } }
    },
  }
}
