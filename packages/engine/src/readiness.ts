/**
 * Whether a trial can be built on its ancestors' trials: it waits for one, one fell out, or all are there. Asked when a block
 * starts, when a trial that waits may go on, and again after a retry has changed what came before.
 */
import { blockKey, must } from './ids.ts'
import type { Tables } from './indexes.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'
import { FINAL } from './transitions.ts'

export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waits'; readonly reason: string }
  | { readonly kind: 'masked'; readonly reason: string }

type Ancestors = { readonly [block: string]: string }

export function readiness(
  tables: Pick<Tables, 'trials' | 'blocks'>,
  experiment: ExperimentRow,
  { ancestors }: { readonly ancestors: Ancestors },
): Readiness {
  let waits: Readiness | null = null
  for (const [block, id] of Object.entries(ancestors)) {
    const trial = must(tables.trials.get(id), id)
    if (!FINAL.trial(trial.state)) {
      waits ??= { kind: 'waits', reason: `waits for ${block} ${trial.number}` }
      continue
    }
    const reason = whyMasked(trial)
    if (reason !== null) return { kind: 'masked', reason }
    const row = must(tables.blocks.get(blockKey(experiment.id, block)), block)
    const reduces = must(experiment.plan.blocks[row.index], block).reduce !== null
    if (reduces && !FINAL.block(row.state)) waits ??= { kind: 'waits', reason: `waits for the reduce of ${block}` }
  }
  return waits ?? { kind: 'ready' }
}

/** Why nothing can be built on this final trial, or null when it can. */
function whyMasked(trial: TrialRow): string | null {
  const name = `${trial.block} ${trial.number}`
  switch (trial.state) {
    case 'success':
    case 'pruned':
      return trial.kept === false ? `${name} was not kept by reduce` : null
    case 'failure':
      return `${name} failed`
    case 'cancelled':
      return `${name} was cancelled`
    case 'masked':
      return `${name} was masked`
    default:
      throw new Error(`engine: ${trial.id} has not ended`)
  }
}
