/**
 * YAML text to a Plan with this hub's catalogue, and the Plan as the submit page shows it. Pure but for the seed, which is
 * drawn here where neither file nor caller gives one. Called by `experiments.plan` and `experiments.submit`.
 */
import { randomInt } from 'node:crypto'
import type { ExperimentRow } from '@flambe/engine'
import { dump, type ExtensionPieces, type Planned, runsOf, variants } from '@flambe/language'
import { type ExtensionView, knownPieces, type Sent } from '../extensions/pieces.ts'
import { pinsOf } from '../extensions/pinned.ts'
import { planText as planExperiment, tuningOf } from '../plan/index.ts'
import type { HubServices } from './context.ts'
import { namesakes, nameTaken } from './names.ts'
import type { PlanView } from './views.ts'

export function planText(
  text: string,
  file: string,
  seed: number | null,
  force = false,
  extensions?: ExtensionPieces,
): Planned & { readonly written: number | null } {
  return planExperiment(text, {
    file,
    seed,
    force,
    fallbackSeed: randomInt(1, 2 ** 31),
    ...(extensions === undefined ? {} : { extensions }),
  })
}

/** The file that runs this very plan again: seed and draws filled in, extensions pinned to what they were. */
export const resolvedText = ({ plan, resources }: Pick<ExperimentRow, 'plan' | 'resources'>): string =>
  dump(plan, { pinned: pinsOf(resources) })

/**
 * A text as the submit page shows it. `resources`: what has been uploaded, with which its extensions are checked as far as they are
 * described; absent: their tags are not checked.
 */
export function planned(
  hub: HubServices,
  {
    text,
    file,
    limit,
    resources,
  }: { text: string; file: string; limit: number; resources?: Sent['resources'] | undefined },
): PlanView {
  const { pieces, views } = knownPieces(hub, text, { resources: resources ?? {} })
  const made = planText(text, file, null, false, resources === undefined ? undefined : pieces)
  return planView(hub, made, views, limit)
}

function planView(
  hub: HubServices,
  { plan: made, problems }: Planned,
  extensions: readonly ExtensionView[],
  limit: number,
): PlanView {
  if (made === null) {
    const none = { name: null, seed: null, trials_total: 0, blocks: [], uploads: [], refusal: null }
    return { ok: false, problems, extensions, ...none }
  }
  const taken = namesakes(hub, hub.rows.experiments, made.name)[0]
  const runs = runsOf(made)
  return {
    ok: true,
    problems,
    name: made.name,
    seed: made.seed,
    trials_total: [...runs.values()].reduce((sum, n) => sum + n, 0),
    blocks: made.blocks.map(block => ({
      id: block.id,
      tag: block.tag,
      depends_on: block.depends_on,
      count: block.count,
      reduce: block.reduce,
      runs: runs.get(block.id) ?? block.count,
      tuning: tuningOf(made, block),
      variants: take(variants(made, block.id), limit).map(({ id, params }) => ({ id, params })),
    })),
    extensions,
    uploads: made.resources.filter(r => r.kind === 'local').map(({ name, location }) => ({ name, location })),
    // A resuming file takes the place of the one that it resumes.
    refusal: taken === undefined || made.settings.resume !== null ? null : nameTaken(made.name, taken),
  }
}

function take<T>(items: Iterable<T>, limit: number): T[] {
  const taken: T[] = []
  if (limit === 0) return taken
  for (const item of items) {
    taken.push(item)
    if (taken.length >= limit) break
  }
  return taken
}
