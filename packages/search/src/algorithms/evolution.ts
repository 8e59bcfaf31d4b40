// Regularized evolution (Real et al., "Regularized evolution for image classifier architecture search", 2019): of some
// random members of the newest trials the best one is the parent, and one of its options is changed. Old members fall
// out by age, not by rank, so a lucky result does not rule for ever.

import type { SearchAlgorithm } from '../contract.ts'
import { normal } from '../random.ts'
import { type ModelOptions, type ModelState, modelSearch } from './proposer.ts'
import { bestOf } from './ranking.ts'
import { isFinished } from './trials.ts'
import { activeIn, grown, moved } from './variation.ts'

export interface EvolutionOptions extends ModelOptions {
  /** The newest finished trials that may become parents, and the random ones before the first; default 50. */
  readonly population?: number
  /** Members that are compared for a parent; default 12. */
  readonly sample?: number
}

export function evolution(options: EvolutionOptions): SearchAlgorithm<ModelState> {
  const { population = 50, sample = 12 } = options
  return modelSearch(options, (coding, blind) => (trials, random) => {
    const members = trials.filter(isFinished).slice(-population)
    if (members.length < population) return blind(random)
    const drawn = Array.from({ length: sample }, () => members[Math.floor(random() * members.length)]).flatMap(
      member => member ?? [],
    )
    const parent = drawn[bestOf(drawn, 1)[0] ?? 0]
    if (parent === undefined) return blind(random)
    const active = activeIn(coding.roots, parent.code)
    const changed = active[Math.floor(random() * active.length)]
    return grown(coding, random, d => {
      const value = parent.code[d.at] ?? Number.NaN
      return d === changed && !Number.isNaN(value) ? moved(d, value, random, () => normal(random)) : value
    })
  })
}
