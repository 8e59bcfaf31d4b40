/**
 * Starts a block: one trial row for each of its variants, masked at once when an ancestor's trial cannot be built on. Below a
 * search the variants follow from the trials that are kept; under one there are none yet: `search/propose.ts` makes them.
 */
import type { PlannedBlock } from '@flambe/language'
import { judgedMode } from '@flambe/search'
import type { Draft } from './draft.ts'
import { takeOver } from './earlier.ts'
import { blockKey, must } from './ids.ts'
import { type Born, newTrial } from './new-trial.ts'
import type { BlockRow, ExperimentRow, SearchRow, TrialRow } from './rows.ts'
import { beginWith } from './search/earlier.ts'
import { finish, putBorn } from './search/propose.ts'
import { together } from './search/upon.ts'
import { drawnOf, variantOfTrial } from './search/variant.ts'

export function startBlock(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): void {
  const watched = Boolean(planned.search ?? planned.scheduler)
  const search: SearchRow | null = watched ? { state: null, since: null, done: null, over: false } : null
  const block = draft.block(experiment.id, planned.id)
  const row = { ...block, state: 'running', started: draft.time, search } as const
  if (planned.search) {
    startSearch(draft, experiment, planned, row)
    return
  }
  draft.putBlock(row)
  if (watched) draft.journal(experiment.id, planned.id, { what: 'started', upon: [] })
  const take = takeOver(draft, experiment, planned.id)
  for (const born of births(draft, experiment, planned)) {
    if (watched) draft.journal(experiment.id, planned.id, { what: 'proposed', trial: born.number, assignment: {} })
    putBorn(draft, take(newTrial(draft, experiment, planned, born)), watched)
  }
  if (watched) finish(draft, experiment, planned.id, 'all of its trials are there from the start')
}

function startSearch(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock, row: BlockRow): void {
  const upon = together(draft, experiment, planned.ancestors)
  draft.putBlock(row)
  const mode = judgedMode(planned.search, planned.mode)
  draft.journal(experiment.id, planned.id, { what: 'started', upon, ...(mode === planned.mode ? {} : { mode }) })
  if (upon.length === 0) {
    finish(draft, experiment, planned.id, 'there is nothing that it can build on')
    return
  }
  const { tuner } = must(draft.course(blockKey(experiment.id, planned.id)), planned.id)
  const search = { ...must(row.search, planned.id), state: tuner.search?.initial ?? null }
  draft.putBlock({ ...row, search })
  beginWith(draft, experiment, planned, upon)
  draft.mayPlace = true
}

function* births(draft: Draft, experiment: ExperimentRow, planned: PlannedBlock): Iterable<Born> {
  const { plan } = experiment
  const { variants } = draft
  let number = 0
  if (variants.enumerable(plan, planned.id)) {
    const upstream = new Map(planned.ancestors.map(block => [block, trialsByVariant(draft, experiment.id, block)]))
    for (const variant of variants.all(plan, planned.id)) {
      const ancestors: { [block: string]: string } = {}
      for (const [block, id] of Object.entries(variant.ancestors))
        ancestors[block] = must(upstream.get(block)?.get(id), `variant ${id} of block ${block}`).id
      yield { number: ++number, variant, ancestors, drawn: null }
    }
    return
  }
  for (const blocks of variants.ancestries(plan, planned.id))
    for (const ancestors of together(draft, experiment, blocks)) {
      const upon = Object.values(ancestors).map(id => variantOfTrial(draft, draft.trial(id)))
      for (const variant of variants.upon(plan, planned.id, upon))
        yield { number: ++number, variant, ancestors, drawn: drawnOf(variant) }
    }
}

function trialsByVariant(draft: Draft, experiment: string, block: string): Map<string, TrialRow> {
  return new Map([...draft.trialsOf(blockKey(experiment, block))].map(trial => [trial.variant, trial]))
}
