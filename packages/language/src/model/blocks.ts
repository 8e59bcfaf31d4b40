/**
 * The blocks of a plan: what they depend on, their direction, their devices, their search and scheduler. Called by `plan` once the
 * trees are built; counts are filled in later (`counts.ts`).
 */
import type { Catalogue, Json } from '../catalogue.ts'
import { lookUp } from '../checks/tags.ts'
import type { Devices, PlannedBlock, PlannedScheduler, PlannedSearch, Reduce } from '../plan.ts'
import { type AstComponent, deref } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { ParsedEntry } from '../reader/parts.ts'
import { placeOfSpan, type Span } from '../reader/source.ts'
import type { TreeComponent, TreeNode } from '../tree.ts'
import { plainJson } from './identity.ts'
import type { Options } from './options.ts'
import { namesIn, searchSpaceOf } from './search-space.ts'

export interface Root {
  readonly id: string
  readonly component: AstComponent
  readonly root: TreeComponent
}

export function planBlocks(
  roots: readonly Root[],
  options: Options,
  experiment: ParsedExperiment,
  catalogue: Catalogue,
): readonly PlannedBlock[] {
  return withAncestors(roots.map(root => planBlock(root, roots, options, experiment, catalogue)))
}

function planBlock(
  { id, component, root }: Root,
  roots: readonly Root[],
  options: Options,
  experiment: ParsedExperiment,
  catalogue: Catalogue,
): PlannedBlock {
  const linked = linkedBlocks(root, id)
  const written = experiment.reduce.find(reduce => reduce.block === id)
  const mode = written?.mode ?? tunedDirection(id, component, experiment) ?? directionOf(component, catalogue)
  const reduce: Reduce | null = written === undefined ? null : { k: written.k, mode }
  const search = experiment.search.find(entry => entry.block === id)
  const scheduler = experiment.schedulers.find(entry => entry.block === id)
  return {
    id,
    tag: component.tag,
    depends_on: roots.map(other => other.id).filter(other => linked.has(other)),
    ancestors: [],
    count: 0,
    reduce,
    mode,
    devices: devicesOf(id, experiment),
    search: search === undefined ? null : planSearch(search, root, options, experiment),
    scheduler: scheduler === undefined ? null : planEntry(scheduler, experiment),
    root,
  }
}

function planSearch(
  entry: ParsedEntry,
  root: TreeComponent,
  options: Options,
  experiment: ParsedExperiment,
): PlannedSearch {
  const planned = planEntry(entry, experiment)
  const space = searchSpaceOf(root)
  const keys = namesIn(space)
  const places = { ...planned.places }
  for (const { key, path, span } of options.values()) {
    if (keys.has(key)) places[key] = { path, ...placeOfSpan(experiment.source, span) }
  }
  const { n_trials } = planned.params
  const known = typeof n_trials === 'number' && Number.isSafeInteger(n_trials) && n_trials > 0
  return { ...planned, places, space, n_trials: known ? n_trials : null }
}

function planEntry({ component, path, value }: ParsedEntry, experiment: ParsedExperiment): PlannedScheduler {
  const params = Object.fromEntries(component.entries.map(entry => [entry.key, plainJson(entry.value)]))
  const span = value.kind === 'alias' ? value.span : component.tagSpan
  const at = (where: Span) => placeOfSpan(experiment.source, where)
  const places = Object.fromEntries(
    component.entries.map(part => [part.key, { path: part.path, ...at(part.value.span) }]),
  )
  return { tag: component.tag, params, place: { path, ...at(span) }, places }
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

/** What `search` or `schedulers` say of the direction of the block's own metric, so that `reduce` and the page go the same way. */
function tunedDirection(id: string, component: AstComponent, experiment: ParsedExperiment): 'min' | 'max' | null {
  const written = (entries: readonly ParsedEntry[], key: string): Json | undefined => {
    const value = entries.find(({ block }) => block === id)?.component.entries.find(entry => entry.key === key)?.value
    const json = value === undefined ? undefined : plainJson(value)
    // Of several objectives the first is the trial's metric.
    return Array.isArray(json) ? json[0] : json
  }
  const own = component.entries.find(({ key }) => key === 'metric')
  const metric = written(experiment.search, 'metric')
  const other = metric !== undefined && (own === undefined || plainJson(own.value) !== metric)
  const said = [other ? undefined : written(experiment.search, 'mode'), written(experiment.schedulers, 'direction')]
  return said.find(direction => direction === 'min' || direction === 'max') ?? null
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
