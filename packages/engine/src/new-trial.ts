/** The row of a new trial: queued, or masked when what it builds on fell out. */
import type { PlannedBlock, Variant } from '@flambe/language'
import type { Draft } from './draft.ts'
import { trialId } from './ids.ts'
import { readiness } from './readiness.ts'
import type { ExperimentRow, TrialRow } from './rows.ts'
import { trialSeed } from './seed.ts'

export interface Born {
  readonly number: number
  readonly variant: Variant
  /** Trial ids by block. */
  readonly ancestors: { readonly [block: string]: string }
  readonly drawn: TrialRow['drawn']
}

const STATES = { ready: 'queued', waits: 'pending', masked: 'masked' } as const

export function newTrial(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock, born: Born): TrialRow {
  const { number, variant, ancestors, drawn } = born
  const ready = readiness(draft, experiment, { ancestors })
  return {
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
    state: STATES[ready.kind],
    reason: ready.kind === 'masked' ? ready.reason : null,
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
    held: null,
    verdict: null,
    drawn,
    schedule: [],
    reused_from: null,
    created: draft.time,
    started: null,
    ended: ready.kind === 'masked' ? draft.time : null,
  }
}
