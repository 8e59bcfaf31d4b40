/**
 * `plan`: a parsed experiment and a catalogue to a Plan, or all that is wrong with it, at once. Pure: the
 * seed comes from the file or from the caller. Called by the hub, the command line and the editor.
 */
import type { Catalogue } from '../catalogue.ts'
import { checkComponents } from '../checks/components.ts'
import { LinkWalk } from '../checks/link-walk.ts'
import { checkLinks } from '../checks/links.ts'
import { checkExists, checkReferences } from '../checks/references.ts'
import { lookUp } from '../checks/tags.ts'
import type { Devices, Plan, PlannedBlock, PlannedResource, Reduce } from '../plan.ts'
import type { Problem } from '../problem.ts'
import { type AstComponent, deref } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import { inOrder, position, Report } from '../reader/source.ts'
import type { TreeComponent, TreeNode } from '../tree.ts'
import { type Building, buildComponent } from './building.ts'
import { Counter, Entangled } from './counting.ts'
import { readOptions } from './options.ts'
import { compileSpace } from './space.ts'

export interface PlanOptions {
  readonly catalogue: Catalogue
  /** Wins over the file's own (`--seed`): a whole number of 0 to 2^53 - 1. */
  readonly seed?: number
  /** Taken when neither the file nor `seed` gives one; the caller draws it. */
  readonly fallbackSeed?: number
  /** For local resources and shipped code, by their location as written; absent: not checked. */
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
  const { catalogue } = options
  const known = readOptions(experiment, seed, report)
  checkReferences(experiment, report)
  const local = experiment.resources.filter(resource => resource.kind === 'local')
  checkExists(local, options.resourceExists, report)
  if (known === null) return null
  const walk = new LinkWalk(experiment, known, report)
  checkComponents(experiment, known, walk, catalogue, report)
  const linkKeys = checkLinks(experiment, walk, catalogue, report)
  const building: Building = { catalogue, options: known, linkKeys, shipped: new Map(), inside: [] }
  const roots = experiment.blocks.flatMap(({ id, value }) => {
    const component = deref(value)
    return component.kind === 'component' ? [{ id, component, root: buildComponent(component, building) }] : []
  })
  checkExists([...building.shipped.values(), ...building.inside], options.resourceExists, report)
  const counts = countAll(roots, experiment, report)
  const blocks = roots.map(({ id, component, root }) =>
    planBlock(id, component, root, roots, counts, experiment, catalogue),
  )
  return {
    version: 1,
    name: experiment.name,
    seed,
    text: experiment.source.text,
    blocks: withAncestors(blocks),
    resources: planResources(experiment, building),
    settings: experiment.settings,
  }
}

interface Root {
  readonly id: string
  readonly component: AstComponent
  readonly root: TreeComponent
}

function countAll(roots: readonly Root[], experiment: ParsedExperiment, report: Report): ReadonlyMap<string, bigint> {
  const counter = new Counter(compileSpace(roots))
  const counts = new Map<string, bigint>()
  const at = { span: experiment.pipelineSpan, path: 'pipeline' }
  let total = 0n
  for (const { id } of roots) {
    const count = countBlock(counter, id)
    if (count === null) {
      const message = `the options of \`${id}\` open shared blocks in too many ways to be counted`
      report.add({ rule: 'entangled-space', ...at, message, hint: 'link blocks outside of options' })
      return counts
    }
    counts.set(id, count)
    total += count
  }
  const most = experiment.settings.max_trials
  if (total > BigInt(most)) {
    const message = `the experiment has ${thousands(total)} variants, more than ${most.toLocaleString('en')} (\`max_trials\`)`
    const hint =
      total > BigInt(Number.MAX_SAFE_INTEGER) ? 'take options out' : `take options out, or write max_trials: ${total}`
    report.add({ rule: 'max-trials', ...at, message, hint })
  }
  return counts
}

/** Null: too entangled. */
function countBlock(counter: Counter, id: string): bigint | null {
  try {
    return counter.block(id)
  } catch (error) {
    if (error instanceof Entangled) return null
    throw error
  }
}

function thousands(count: bigint): string {
  const digits = count.toString()
  if (digits.length > 30) return `about 10^${digits.length - 1}`
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

function planBlock(
  id: string,
  component: AstComponent,
  root: TreeComponent,
  roots: readonly Root[],
  counts: ReadonlyMap<string, bigint>,
  experiment: ParsedExperiment,
  catalogue: Catalogue,
): PlannedBlock {
  const linked = linkedBlocks(root, id)
  const mode = experiment.reduce.find(reduce => reduce.block === id)?.mode ?? directionOf(component, catalogue)
  const written = experiment.reduce.find(reduce => reduce.block === id)
  const reduce: Reduce | null = written === undefined ? null : { k: written.k, mode }
  const count = counts.get(id) ?? 0n
  return {
    id,
    tag: component.tag,
    depends_on: roots.map(other => other.id).filter(other => linked.has(other)),
    ancestors: [],
    count: count > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(count),
    reduce,
    mode,
    devices: devicesOf(id, experiment),
    root,
  }
}

function linkedBlocks(root: TreeComponent, own: string): ReadonlySet<string> {
  const linked = new Set<string>()
  const visit = (node: TreeNode): void => {
    if (node.kind === 'link' && node.root !== own) linked.add(node.root)
    else if (node.kind === 'list') node.items.forEach(visit)
    else if (node.kind === 'map') for (const [, value] of node.entries) visit(value)
    else if (node.kind === 'component') for (const [, value] of node.args) visit(value)
    else if (node.kind === 'option') for (const { value } of node.alternatives) visit(value)
  }
  visit(root)
  return linked
}

function withAncestors(blocks: readonly PlannedBlock[]): PlannedBlock[] {
  const all = new Map<string, Set<string>>()
  for (const block of blocks) {
    all.set(block.id, new Set(block.depends_on.flatMap(id => [...(all.get(id) ?? []), id])))
  }
  const order = blocks.map(block => block.id)
  return blocks.map(block => ({ ...block, ancestors: order.filter(id => all.get(block.id)?.has(id)) }))
}

/** A component may be told its direction (`lower_is_better: true`, `mode: min`); else its class says; else max. */
function directionOf(component: AstComponent, catalogue: Catalogue): 'min' | 'max' {
  const known = lookUp(component.tag, catalogue)
  const names = new Set(known?.params.map(param => param.name))
  const values = new Map<string, unknown>()
  for (const { key, value } of component.entries) {
    const target = deref(value)
    if (names.has(key) && target.kind === 'scalar') values.set(key, target.value)
  }
  const lower = values.get('lower_is_better')
  if (typeof lower === 'boolean') return lower ? 'min' : 'max'
  const mode = values.get('mode')
  if (mode === 'min' || mode === 'max') return mode
  return known?.entry.lower_is_better === true ? 'min' : 'max'
}

/** Nothing given at all: one processor, and one GPU where there is any (rule EXE-1). */
function devicesOf(id: string, { devices }: ParsedExperiment): Devices {
  const shares = devices.blocks.find(block => block.block === id)?.shares
  const cpu = shares?.cpu ?? devices.all.cpu ?? 1
  if (shares === undefined && !devices.given) return { cpu, gpu: null }
  return { cpu, gpu: shares?.gpu ?? devices.all.gpu ?? 0 }
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
