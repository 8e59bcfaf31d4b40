/**
 * `plan`: a parsed experiment and a catalogue to a Plan, or all that is wrong with it, at once. Pure: the
 * seed comes from the file or from the caller. Called by the hub, the command line and the editor.
 */
import type { Catalogue } from '../catalogue.ts'
import { checkComponents } from '../checks/components.ts'
import { checkExtensions, type ExtensionPieces } from '../checks/extensions.ts'
import { LinkWalk } from '../checks/link-walk.ts'
import { checkLinks } from '../checks/links.ts'
import { checkLookAlikes } from '../checks/look-alikes.ts'
import { checkMetrics } from '../checks/metric.ts'
import { checkExists, checkReferences } from '../checks/references.ts'
import { checkResults } from '../checks/results.ts'
import { checkSearch, checkShared } from '../checks/search.ts'
import type { Plan, PlannedExtension, PlannedResource } from '../plan.ts'
import type { Problem } from '../problem.ts'
import { deref } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import { inOrder, position, Report } from '../reader/source.ts'
import { planBlocks } from './blocks.ts'
import { type Building, buildComponent } from './building.ts'
import { countAll } from './counts.ts'
import { readOptions } from './options.ts'

export interface PlanOptions {
  readonly catalogue: Catalogue
  /** Wins over the file's own (`--seed`): a whole number of 0 to 2^53 - 1. */
  readonly seed?: number
  /** Taken when neither the file nor `seed` gives one; the caller draws it. */
  readonly fallbackSeed?: number
  /** Results of this name are to be removed: the file may not resume them. */
  readonly force?: boolean
  /** What is known of the extensions, by their names; absent: their tags are not checked. */
  readonly extensions?: ExtensionPieces
  /** For local resources, folders of extensions and shipped code, by their location as written; absent: not checked. */
  readonly resourceExists?: (location: string) => boolean
}

export interface Planned {
  /** Null when `plan` or `parse` reported an error. */
  readonly plan: Plan | null
  /** What `plan` found, in the order of the file; what `parse` reported is not repeated. */
  readonly problems: readonly Problem[]
}

/** Throws when there is no seed at all: that is the caller's mistake, not the user's. */
export function plan(experiment: ParsedExperiment, options: PlanOptions): Planned {
  const report = new Report(experiment.source)
  const seed = options.seed ?? experiment.seed ?? options.fallbackSeed
  if (seed === undefined)
    throw new Error('plan needs a seed: the file has none, so `seed` or `fallbackSeed` must be given')
  const made = draft(experiment, seed, options, report)
  const wrong = [...experiment.problems, ...report.problems].some(problem => problem.severity === 'error')
  return { plan: wrong ? null : made, problems: inOrder(report.problems) }
}

/** The plan as far as it goes; worth nothing when the report holds an error. */
function draft(experiment: ParsedExperiment, seed: number, options: PlanOptions, report: Report): Plan | null {
  const known = readOptions(experiment, seed, report)
  checkReferences(experiment, report)
  const local = experiment.resources.filter(resource => resource.kind === 'local')
  checkExists(local, options.resourceExists, report)
  const { resourceExists, extensions } = options
  const { catalogue, unchecked } = checkExtensions(experiment, options.catalogue, extensions, resourceExists, report)
  const given = { force: options.force === true, seed: options.seed !== undefined || experiment.seed !== null }
  const results = checkResults(experiment, given, report)
  if (known === null) return null
  const walk = new LinkWalk(experiment, known, report)
  checkComponents(experiment, known, walk, catalogue, unchecked, report)
  checkSearch(experiment, report)
  checkMetrics(experiment, options.catalogue, report)
  checkLookAlikes(experiment, report)
  const linkKeys = checkLinks(experiment, walk, catalogue, report)
  const building: Building = { catalogue, options: known, linkKeys, shipped: new Map(), inside: [] }
  const roots = experiment.blocks.flatMap(({ id, value }) => {
    const component = deref(value)
    return component.kind === 'component' ? [{ id, component, root: buildComponent(component, building) }] : []
  })
  checkExists([...building.shipped.values(), ...building.inside], options.resourceExists, report)
  const blocks = planBlocks(roots, known, experiment, catalogue)
  // What is shared under a search has no number.
  const counts = checkShared(blocks, known, report) ? countAll(blocks, experiment, report) : new Map()
  return {
    version: 1,
    name: experiment.name,
    seed,
    text: experiment.source.text,
    blocks: blocks.map(block => ({ ...block, count: counts.get(block.id) ?? 0 })),
    resources: planResources(experiment, building),
    extensions: planExtensions(experiment),
    settings: { ...experiment.settings, ...results },
  }
}

function planExtensions({ extensions, source }: ParsedExperiment): PlannedExtension[] {
  return extensions.flatMap(({ name, location, from, sha256, span }) =>
    from === null ? [] : [{ name, location, from, sha256, ...position(source, span.start) }],
  )
}

function planResources(experiment: ParsedExperiment, building: Building): PlannedResource[] {
  const named = experiment.resources.map(({ name, location, kind, span }) => ({ name, location, kind, span }))
  const shipped = [...building.shipped].map(([name, { location, span }]) => ({
    name,
    location,
    kind: 'local' as const,
    span,
  }))
  return [...named, ...shipped].map(({ name, location, kind, span }) => ({
    name,
    location,
    kind,
    ...position(experiment.source, span.start),
  }))
}
