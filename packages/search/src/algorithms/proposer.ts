// What every model-based algorithm shares: reading the history, numbering the batch, one random stream per trial number,
// trials of the same batch as pending, and what to do when the model proposes a point a second time.
// A model is one function from the trials so far to a code; what it wants to keep between calls is a Json in the state.

import type { SearchAlgorithm } from '../contract.ts'
import type { Mode } from '../history.ts'
import type { Json } from '../json.ts'
import { type Random, randomStream } from '../random.ts'
import { draw, type Space } from '../space.ts'
import { type Coding, codesOf, codingOf, sameCode, sizeOf } from './coding.ts'
import { pendingTrial, type Trial, trialsOf } from './trials.ts'

export interface ModelOptions {
  readonly space: Space
  readonly seed: number
  readonly block: string
  readonly mode: Mode
  /** Directions of several objectives, in the order of a report's `values`; default: one, `mode`. */
  readonly modes?: readonly Mode[]
  /**
   * A point that some trial has already: `redraw` (default) asks again and, when a finite space is used up, ends the
   * search; `reuse` counts the known result once more for the model and asks again; `allow` runs it again.
   */
  readonly duplicates?: Duplicates
}

export type Duplicates = 'redraw' | 'reuse' | 'allow'

/** `reused`: trials whose result counted again. `memory`: what the model keeps, so that it need not start over. */
export type ModelState = { readonly reused: readonly number[]; readonly memory: Json }

export type Suggest = (trials: readonly Trial[], random: Random, number: number, memory: Json) => Float64Array

export interface Model {
  /** Once for a batch, before its first suggestion. */
  readonly learn?: (trials: readonly Trial[], memory: Json) => Json
  readonly suggest: Suggest
}

export function modelSearch(
  options: ModelOptions,
  build: (coding: Coding, blind: (random: Random) => Float64Array) => Suggest | Model,
): SearchAlgorithm<ModelState> {
  const coding = codingOf(options.space)
  const blind = (random: Random) => coding.encode(draw(options.space, random))
  const built = build(coding, blind)
  const { learn, suggest }: Model = typeof built === 'function' ? { suggest: built } : built
  const policy = options.duplicates ?? 'redraw'
  const finite = sizeOf(coding.roots)
  return {
    initial: { reused: [], memory: null },
    propose(state, history, n) {
      const real = trialsOf(history, coding, options.modes ?? [options.mode])
      const trials = [...real, ...state.reused.flatMap(number => real.find(trial => trial.number === number) ?? [])]
      const reused = [...state.reused]
      const memory = n > 0 && learn !== undefined ? learn(trials, state.memory) : state.memory
      const variants = []
      for (let at = 0; at < n; at++) {
        const number = history.length + 1 + at
        const random = randomStream(options.seed, options.block, number)
        let code = suggest(trials, random, number, memory)
        if (policy !== 'allow')
          for (let again = 0; again < AGAIN; again++) {
            const twin = trials.find(trial => sameCode(trial.code, code))
            if (twin === undefined) break
            if (policy === 'reuse' && twin.standing === 'complete') {
              trials.push(twin)
              reused.push(twin.number)
            }
            code = again < AGAIN / 2 ? suggest(trials, random, number, memory) : blind(random)
          }
        if (policy !== 'allow' && trials.some(trial => sameCode(trial.code, code))) {
          const unseen = unseenCodes(coding, finite, trials)
          if (unseen?.length === 0) return { state: { reused, memory }, variants, done: true }
          code = unseen?.[Math.floor(random() * unseen.length)] ?? code
        }
        trials.push(pendingTrial(number, code))
        variants.push(coding.decode(code))
      }
      return { state: { reused, memory }, variants, done: false }
    },
  }
}

/** How often a model is asked for another point before the free points are listed. */
const AGAIN = 20

/** The points that no trial has; null when there are too many to list. */
function unseenCodes(coding: Coding, size: number, trials: readonly Trial[]): Float64Array[] | null {
  if (size > 10_000) return null
  const seen = new Set(trials.map(trial => trial.code.join()))
  return codesOf(coding).filter(code => !seen.has(code.join()))
}
