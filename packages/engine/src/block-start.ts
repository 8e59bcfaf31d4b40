/** Starts a block: one trial row for each of its variants, masked at once when an ancestor's trial cannot be built on. */
import type { PlannedBlock } from '@flambe/language'
import type { VariantSource } from './decide.ts'
import type { Draft } from './draft.ts'
import { blockKey, must, trialId } from './ids.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'
import { trialSeed } from './seed.ts'

export function startBlock(
  draft: Draft,
  experiment: ExperimentRow,
  planned: PlannedBlock,
  variants: VariantSource,
): void {
  draft.putBlock({ ...draft.block(experiment.id, planned.id), state: 'running', started: draft.time })
  const upstream = new Map(planned.ancestors.map(block => [block, trialsByVariant(draft, experiment.id, block)]))
  let number = 0
  for (const variant of variants(experiment.plan, planned.id)) {
    number++
    const ancestors: { [block: string]: string } = {}
    let masked: string | null = null
    for (const [block, id] of Object.entries(variant.ancestors)) {
      const trial = must(upstream.get(block)?.get(id), `variant ${id} of block ${block}`)
      ancestors[block] = trial.id
      masked ??= whyMasked(trial)
    }
    draft.putTrial({
      kind: 'trial',
      id: trialId(experiment.id, planned.id, number),
      experiment: experiment.id,
      block: planned.id,
      number,
      variant: variant.id,
      variant_index: variant.index,
      params: variant.params,
      ancestors,
      seed: trialSeed(experiment.plan.seed, variant.id),
      state: masked === null ? 'queued' : 'masked',
      reason: masked,
      devices: planned.devices,
      epoch: 0,
      failures: 0,
      step: 0,
      metric: null,
      best: null,
      best_step: null,
      checkpoint: null,
      kept: null,
      wish: 'run',
      created: draft.time,
      started: null,
      ended: masked === null ? null : draft.time,
    })
  }
}

function trialsByVariant(draft: Draft, experiment: string, block: string): Map<string, TrialRow> {
  const total = draft.index.total(blockKey(experiment, block))
  const trials = new Map<string, TrialRow>()
  for (let n = 1; n <= total; n++) {
    const trial = draft.trial(trialId(experiment, block, n))
    trials.set(trial.variant, trial)
  }
  return trials
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
