/** Starts a block: one trial row for each of its variants, masked at once when an ancestor's trial cannot be built on. */
import type { PlannedBlock } from '@flambe/language'
import type { VariantSource } from './decide.ts'
import type { Draft } from './draft.ts'
import { blockKey, must, trialId } from './ids.ts'
import { readiness } from './readiness.ts'
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
    for (const [block, id] of Object.entries(variant.ancestors))
      ancestors[block] = must(upstream.get(block)?.get(id), `variant ${id} of block ${block}`).id
    const ready = readiness(draft, experiment, { ancestors })
    const masked = ready.kind === 'masked' ? ready.reason : null
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
