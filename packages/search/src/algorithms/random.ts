// Random search (Bergstra and Bengio, 2012): each trial is an independent draw from the stream of its own number.
// It reads nothing of the history but its length, so batches and arrival order change nothing.

import type { SearchAlgorithm } from '../contract.ts'
import { randomStream } from '../random.ts'
import { draw, type Space } from '../space.ts'

export function randomSearch(options: {
  readonly space: Space
  readonly seed: number
  readonly block: string
}): SearchAlgorithm<null> {
  return {
    initial: null,
    propose: (state, history, n) => ({
      state,
      variants: Array.from({ length: n }, (_, i) =>
        draw(options.space, randomStream(options.seed, options.block, history.length + 1 + i)),
      ),
      done: false,
    }),
  }
}
