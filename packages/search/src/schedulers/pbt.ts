// Population-based training (Jaderberg et al., 2017; the asynchronous form of Ray Tune): every `interval` steps a trial is ranked
// among the live ones; one of the worst share goes on from the checkpoint of a random one of the best share, with that one's
// values, perturbed. Who is chosen and what it becomes follow from (seed, block, trial, step) and the order of reports.
// Ranks are those of the reports at the last interval. Ended trials leave the population. PB2 brings another `explore`.

import type { Scheduler } from '../contract.ts'
import { type History, type Mode, score } from '../history.ts'
import { type Random, randomStream } from '../random.ts'
import type { Assignment } from '../space.ts'
import { emptyRanking, entryAt, placeOf, type Ranking, sizeOf, withEntry, withoutEntry } from './ranking.ts'
import { emptyTrie, getAt, setAt, type Trie } from './trie.ts'
import { unmoved } from './unmoved.ts'

export type PbtState = {
  readonly population: Ranking
  /** By trial: its score in the population, null for none (yet, or any more), and the step at which it was ranked. */
  readonly trials: Trie<Member>
}

type Member = { readonly score: number | null; readonly step: number }

export interface PbtOptions {
  readonly mode: Mode
  readonly seed: number
  readonly block: string
  /** Steps between two ranks of a trial. */
  readonly interval: number
  /** Steps before the first; default 0. */
  readonly burn_in?: number
  /** The share that copies, and the share that is copied; at most 0.5. Default 0.25. */
  readonly quantile?: number
  /** New values for one that copies `donor`. */
  readonly explore: (donor: Assignment, random: Random, at: Exploration) => Assignment
}

export interface Exploration {
  readonly trial: number
  readonly donor: number
  readonly step: number
  readonly history: History
}

export function pbt(options: PbtOptions): Scheduler<PbtState> {
  const { mode, interval, burn_in = 0, quantile = 0.25 } = options
  return {
    ...unmoved,
    initial: { population: emptyRanking, trials: emptyTrie },
    judge(state, { trial, step, value }, history) {
      const before = getAt(state.trials, trial) ?? { score: null, step: 0 }
      const own = score(value, mode)
      if (step < burn_in || step - before.step < interval || own === Number.NEGATIVE_INFINITY)
        return { state, verdict: { kind: 'continue' } }
      const others = before.score === null ? state.population : withoutEntry(state.population, before.score, trial)
      const population = withEntry(others, own, trial)
      const next = { population, trials: setAt(state.trials, trial, { score: own, step }) }
      const count = sizeOf(population)
      const share = shareOf(count, quantile)
      const rank = placeOf(population, own, trial) + 1
      if (rank <= count - share) return { state: next, verdict: { kind: 'continue' } }
      const random = randomStream(options.seed, `${options.block} exploit ${step}`, trial)
      const donor = entryAt(population, Math.floor(random() * share))?.[1]
      const values = donor === undefined ? undefined : history[donor - 1]?.assignment
      if (donor === undefined || values === undefined) return { state: next, verdict: { kind: 'continue' } }
      const assignment = options.explore(values, random, { trial, donor, step, history })
      const reason = `rank ${rank} of ${count} at ${step}: goes on from trial ${donor}`
      return { state: next, verdict: { kind: 'exploit', donor, assignment, reason } }
    },
    ended(state, { trial }) {
      const member = getAt(state.trials, trial)
      if (member === undefined || member.score === null) return { state }
      const population = withoutEntry(state.population, member.score, trial)
      return { state: { population, trials: setAt(state.trials, trial, { ...member, score: null }) } }
    },
  }
}

/** How many copy: the share rounded up, or rounded down where that would be more than half; nobody alone. */
function shareOf(count: number, quantile: number): number {
  if (count < 2) return 0
  const up = Math.ceil(count * quantile - 1e-9)
  return up > count / 2 ? Math.floor(count / 2) : up
}
