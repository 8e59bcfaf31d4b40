// Quasi-random search: trial i takes point i of a scrambled Sobol sequence, so the first n points cover the space evenly.
// Every name of every branch has a dimension of its own; beyond the 40 with direction numbers, draws are independent.

import type { SearchAlgorithm } from '../contract.ts'
import { randomStream } from '../random.ts'
import { type ModelOptions, type ModelState, modelSearch } from './proposer.ts'
import { SOBOL_DIMENSIONS, scrambleOf, sobol } from './sobol-points.ts'
import { codeFrom } from './unit.ts'

export interface SobolOptions extends ModelOptions {
  /** Owen scrambling, from the seed; default true. `false`: the plain sequence, whose first point is the lower corner. */
  readonly scramble?: boolean
}

export function sobolSearch(options: SobolOptions): SearchAlgorithm<ModelState> {
  // Trials count from 1, so stream 0 is free for what all of them share.
  const scramble = options.scramble === false ? null : scrambleOf(randomStream(options.seed, options.block, 0))
  return modelSearch(
    options,
    coding => (_trials, random, number) =>
      codeFrom(coding, d => (d.at < SOBOL_DIMENSIONS ? sobol(number - 1, d.at, scramble) : random())),
  )
}
