/**
 * What a submission takes over from experiments that this hub has: `resume`, from the newest of its name, and `reuse`, from all.
 * A trial counts when it finished and its fingerprint is the new one's; a resumed block that has changed is refused with what
 * changed. Called by submit.ts; reads committed rows only.
 */

import {
  type Earlier,
  type ExperimentRow,
  FINAL,
  languageVariants,
  type ResourceRef,
  type TrialRow,
  variantOfRow,
} from '@flambe/engine'
import {
  contentHash,
  differences,
  fingerprint,
  type Hashes,
  isEnumerable,
  type Plan,
  type Variant,
  variantFrom,
  variants,
} from '@flambe/language'
import { EXTENSION } from '../extensions/used.ts'
import type { Committed } from '../rows/committed.ts'

type Resources = ExperimentRow['resources']

export const NOTHING: Earlier = { finished: [], searched: {} }

/** So many fingerprints are made before the hub does something else. */
const AT_ONCE = 100

/** `from`: the experiment that is resumed; null when there is none yet. A string says why the submission is refused. */
export async function earlierOf(
  rows: Committed,
  plan: Plan,
  resources: Resources,
  from: ExperimentRow | null,
): Promise<Earlier | string> {
  const { resume, reuse } = plan.settings
  const resumed = resume === null || from === null ? NOTHING : await resumedFrom(rows, plan, resources, from, resume)
  if (typeof resumed === 'string' || !reuse) return resumed
  const known = new Set(resumed.finished.map(({ block, variant }) => `${block} ${variant}`))
  const reused: Earlier['finished'][number][] = []
  // Newest first: of several that are the same, one is enough.
  for (const experiment of [...rows.experiments.values()].reverse()) {
    if (experiment.plan.seed !== plan.seed) continue
    for (const { id } of plan.blocks) {
      if (!experiment.plan.blocks.some(block => block.id === id)) continue
      for (const found of await same(rows, experiment, plan, resources, id)) {
        const key = `${id} ${found.variant}`
        if (!known.has(key)) reused.push(found)
        known.add(key)
      }
    }
  }
  return { ...resumed, finished: [...resumed.finished, ...reused] }
}

async function resumedFrom(
  rows: Committed,
  plan: Plan,
  resources: Resources,
  from: ExperimentRow,
  blocks: readonly string[],
): Promise<Earlier | string> {
  if (!FINAL.experiment(from.state))
    return `experiment ${from.id} is ${from.state}: it can be resumed when it has ended`
  const finished: Earlier['finished'][number][] = []
  const searched: { [block: string]: readonly string[] } = {}
  const theirs = new Set(from.plan.blocks.map(block => block.id))
  for (const id of blocks.filter(block => theirs.has(block))) {
    const changed = differences(from.plan, plan, id)
    if (changed.length > 0)
      return `${id} has changed since experiment ${from.id}, so it cannot be resumed: ${said(changed)}`
    const swapped = swappedResources(from.resources, resources)
    const found = await same(rows, from, plan, resources, id)
    const trials = rows.trialsOf(from.id, id)
    if (found.length < trials.filter(isFinished).length && swapped.length > 0)
      return `${id} cannot be resumed from experiment ${from.id}: the content of ${swapped.join(', ')} has changed`
    finished.push(...found)
    if (plan.blocks.find(block => block.id === id)?.search) searched[id] = trials.map(trial => trial.id)
  }
  return { finished, searched }
}

/** Finished trials of a block of `from` that are the same computation under `plan`. */
async function same(
  rows: Committed,
  from: ExperimentRow,
  plan: Plan,
  resources: Resources,
  block: string,
): Promise<Earlier['finished']> {
  const [old, fresh] = [hashesOf(from.resources), hashesOf(resources)]
  const found: Earlier['finished'][number][] = []
  const underPlan = finder(plan, block)
  let made = 0
  for (const trial of rows.trialsOf(from.id, block).filter(isFinished)) {
    const before = variantOfRow(languageVariants, from.plan, trial)
    const now = underPlan(before)
    if (now === null || now.id !== before.id) continue
    if (fingerprint(from.plan, block, before, old) === fingerprint(plan, block, now, fresh))
      found.push({ block, variant: now.id, trial: trial.id })
    if (++made % AT_ONCE === 0) await new Promise(resolve => setImmediate(resolve))
  }
  return found
}

/** The variant of a plan that is the same as one of another plan, whose options may stand in another order; null for none. */
function finder(plan: Plan, block: string): (before: Variant) => Variant | null {
  if (isEnumerable(plan, block)) {
    const known = KNOWN.get(plan) ?? new Map<string, ReadonlyMap<string, Variant>>()
    KNOWN.set(plan, known)
    const byId = known.get(block) ?? new Map([...variants(plan, block)].map(variant => [variant.id, variant]))
    known.set(block, byId)
    return before => byId.get(before.id) ?? null
  }
  return ({ choices, values }) => {
    try {
      return variantFrom(plan, block, { choices, values })
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    }
  }
}

/** By block. */
const KNOWN = new WeakMap<Plan, Map<string, ReadonlyMap<string, Variant>>>()

function hashesOf(resources: Resources): Hashes {
  const named = Object.entries(resources).flatMap(([name, ref]) => {
    const hash = hashOf(ref)
    return hash === null ? [] : [[name, hash] as const]
  })
  const extensions = named.flatMap(([name, hash]) =>
    name.startsWith(EXTENSION) ? [[name.slice(EXTENSION.length), hash] as const] : [],
  )
  return { resources: Object.fromEntries(named), extensions: Object.fromEntries(extensions) }
}

/** Of the content; null for what lies on the agents' machines. */
const hashOf = (ref: ResourceRef): string | null => (ref.kind === 'blobs' ? contentHash(ref.manifest) : null)

function swappedResources(before: Resources, after: Resources): string[] {
  return Object.entries(after).flatMap(([name, ref]) => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    return old !== undefined && hashOf(old) !== hashOf(ref) ? [name] : []
  })
}

const isFinished = ({ state }: TrialRow): boolean => state === 'success' || state === 'pruned'

const SHOWN = 10

function said(changed: ReturnType<typeof differences>): string {
  const lines = changed.slice(0, SHOWN).map(({ path, before, after }) => {
    if (before === null) return `${path} is new: ${after}`
    return after === null ? `${path} is gone (was ${before})` : `${path} was ${before} and is ${after}`
  })
  return changed.length > SHOWN ? `${lines.join('; ')}; and ${changed.length - SHOWN} more` : lines.join('; ')
}
