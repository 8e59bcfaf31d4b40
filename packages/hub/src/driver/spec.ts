/**
 * The Spec of an attempt, made when its assignment is sent: configuration from the plan, inputs from its ancestors'
 * checkpoints. What it goes on from is the caller's business (resume.ts). Called by the outbox's sender only; reads committed rows.
 */
import { languageVariants, type ResourceRef, variantOfRow } from '@flambe/engine'
import { type ResolvedConfig, resolve } from '@flambe/language'
import { type Spec, spec } from '@flambe/protocol'
import { EXTENSION, extensionsUsed } from '../extensions/used.ts'
import type { Committed } from '../rows/committed.ts'
import type { Resume } from './resume.ts'

/** Throws when the rows do not fit together: the attempt then ends as the hub's failure. */
export function buildSpec(rows: Committed, attemptId: string, hub: string, resume: Resume): Spec {
  const attempt = must(rows.attempts.get(attemptId), `attempt ${attemptId}`)
  const trial = must(rows.trials.get(attempt.trial), `trial ${attempt.trial}`)
  const experiment = must(rows.experiments.get(trial.experiment), `experiment ${trial.experiment}`)
  const { plan } = experiment
  const block = must(
    plan.blocks.find(b => b.id === trial.block),
    `block ${trial.block}`,
  )
  const config = resolve(plan, variantOfRow(languageVariants, plan, trial))
  const used = new Set([...linkRoots(config), ...extensionsUsed(config).map(name => EXTENSION + name)])
  const inputs = Object.entries(trial.ancestors).map(([id, ancestor]) => {
    const row = must(rows.trials.get(ancestor), `trial ${ancestor}`)
    const checkpoint = must(row.checkpoint, `checkpoint of ${ancestor}`)
    return [id, { trial: ancestor, manifest: checkpoint.manifest }] as const
  })
  const resources = Object.entries(experiment.resources)
    .filter(([name]) => used.has(name))
    .map(onWire)
  return spec.parse({
    version: 1,
    experiment: { id: experiment.id, name: experiment.name },
    block: trial.block,
    trial: trial.id,
    trial_number: trial.number,
    attempt: attempt.id,
    epoch: attempt.epoch,
    variant: trial.variant,
    params: trial.params,
    seed: trial.seed,
    config,
    devices: attempt.slot,
    backend: plan.settings.backend,
    checkpoint: plan.settings.checkpoint,
    merge_plot: plan.settings.merge_plot,
    mode: block.mode,
    inputs: Object.fromEntries(inputs),
    resume,
    resources: Object.fromEntries(resources),
    env: { hub, user: experiment.user, experiment: experiment.name },
  })
}

/** On the wire a `cluster` location is what the agent resolves itself: a path of its machine, or a URL that it fetches (S9). */
function onWire([name, ref]: [string, ResourceRef]): [string, Spec['resources'][string]] {
  if (ref.kind === 'blobs') return [name, ref as Spec['resources'][string]]
  return [name, { kind: 'cluster', location: ref.location }]
}

function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is not there`)
  return value
}

/** Names that links of the configuration start at: blocks and resources. */
function linkRoots(config: ResolvedConfig): ReadonlySet<string> {
  const roots = new Set<string>()
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) walk(item)
      return
    }
    if (typeof node !== 'object' || node === null) return
    if ('kind' in node && node.kind === 'link' && 'root' in node) roots.add(String(node.root))
    for (const value of Object.values(node)) walk(value)
  }
  walk(config)
  return roots
}
