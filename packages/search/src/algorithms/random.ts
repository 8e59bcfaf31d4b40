// Random search (Bergstra and Bengio, 2012): each trial is an independent draw from its own stream.
// It looks at no history, so batches and arrival order change nothing.

import type { SearchAlgorithm } from '../contract.ts'
import { randomStream } from '../random.ts'
import { draw, type Space } from '../space.ts'

export type RandomState = { readonly next: number }

export function randomSearch(options: {
  readonly space: Space
  readonly seed: number
  readonly block: string
}): SearchAlgorithm<RandomState> {
  return {
    initial: { next: 0 },
    propose: (state, _history, n) => ({
      state: { next: state.next + n },
      variants: Array.from({ length: n }, (_, i) =>
        draw(options.space, randomStream(options.seed, options.block, state.next + i)),
      ),
      done: false,
    }),
  }
}
