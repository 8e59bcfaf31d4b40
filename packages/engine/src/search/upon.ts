/**
 * The ways in which finished trials of a block's ancestors go together: one trial for each, all of them buildable, and each
 * built on the very others. Asked when a block starts whose variants are not known before.
 */

import type { Draft } from '../draft.ts'
import { blockKey } from '../ids.ts'
import { readiness } from '../readiness.ts'
import type { ExperimentRow } from '../rows.ts'

/** Trial ids by block, in document order. */
export type Upon = { readonly [block: string]: string }

/** `blocks` in document order, and with all their own ancestors; the last block's trials change fastest. */
export function together(draft: Draft, experiment: ExperimentRow, blocks: readonly string[]): readonly Upon[] {
  let ways: readonly Upon[] = [{}]
  for (const block of blocks) {
    const trials = [...draft.trialsOf(blockKey(experiment.id, block))].filter(
      trial => readiness(draft, experiment, { ancestors: { [block]: trial.id } }).kind === 'ready',
    )
    ways = ways.flatMap(way =>
      trials
        .filter(trial => Object.entries(trial.ancestors).every(([id, ancestor]) => way[id] === ancestor))
        .map(trial => ({ ...way, [block]: trial.id })),
    )
  }
  return ways
}
