// The params that all model-based algorithms share, and how they become options.

import type { SearchContext } from '../../catalogue/definition.ts'
import { optional, type Param, type Params, wordOf } from '../../catalogue/params.ts'
import type { ModelOptions } from '../proposer.ts'

export const duplicates: Param = optional(
  'duplicates',
  'When a point comes up that some trial has already: redraw asks for another and ends when a finite space is used up; ' +
    'reuse counts the known result once more and asks for another; allow runs it again.',
  { enum: ['redraw', 'reuse', 'allow'] },
  'redraw',
)

export function modelOptions(params: Params, { space, seed, block, mode, modes }: SearchContext): ModelOptions {
  return {
    space,
    seed,
    block,
    mode,
    modes,
    duplicates: wordOf(params, 'duplicates', ['redraw', 'reuse', 'allow']),
  }
}

export function startup(value: number): Param {
  return optional('startup', 'Finished trials before the model takes over; until then draws are random.', COUNT, value)
}

const COUNT = { type: 'integer', minimum: 1 }

/** What is wrong with several objectives for an algorithm that knows one. */
export function oneObjective(tag: string, params: Params): string[] {
  const several = [params.metric, params.mode].some(written => Array.isArray(written) && written.length > 1)
  return several ? [`${tag} searches for one objective; use TPE or NSGA2 for several`] : []
}
