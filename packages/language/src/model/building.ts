/**
 * The tree of one block: aliases followed, options with their alternatives, links with their paths, shipped files as
 * links to their resources. Called by `plan`; must cope with what has been reported as wrong, which becomes null.
 */
import type { Catalogue, CatalogueParam } from '../catalogue.ts'
import type { LinkKeys } from '../checks/links.ts'
import { lookUp, splitFactory } from '../checks/tags.ts'
import { type AstComponent, type AstEntry, type AstNode, type AstTarget, deref } from '../reader/ast.ts'
import type { Span } from '../reader/source.ts'
import type { TreeComponent, TreeNode } from '../tree.ts'
import { nonFinite, paramOf, typedAlternative } from './identity.ts'
import type { Options } from './options.ts'

interface Shipped {
  readonly location: string
  readonly span: Span
  readonly path: string
}

/**
 * Where a component ships a folder of code, its other files (`Script.script`) are files of that folder and travel with it.
 */
const CODE = 'code'

export interface Building {
  readonly catalogue: Catalogue
  readonly options: Options
  readonly linkKeys: LinkKeys
  /** Files of the writer that travel with the experiment, by the name of their resource. Filled while building. */
  readonly shipped: Map<string, Shipped>
  /** Files that must exist inside of a shipped folder; they travel with it. Filled while building. */
  readonly inside: Shipped[]
}

export function buildComponent(component: AstComponent, building: Building): TreeComponent {
  const known = lookUp(component.tag, building.catalogue)
  const [className, factory] = known === null ? splitFactory(component.tag) : [known.tag, known.factory ?? '']
  const params = new Map((known?.params ?? []).map(param => [param.name, param]))
  const folder = component.entries.find(entry => entry.key === CODE && params.get(CODE)?.path === 'shipped')
  const isInside = (key: string): boolean => folder !== undefined && key !== CODE && params.get(key)?.path === 'shipped'
  for (const { key, value, path } of component.entries) {
    if (folder !== undefined && isInside(key)) findInside(folder.value, value, path, building)
  }
  return {
    kind: 'component',
    id: component.id,
    tag: known === null ? component.tag : className,
    factory: known === null || factory === '' ? null : factory,
    args: component.entries.map(
      entry =>
        [
          entry.key,
          buildValue(entry.value, isInside(entry.key) ? undefined : params.get(entry.key), entry, building),
        ] as const,
    ),
    path: component.path,
  }
}

function findInside(folder: AstNode, node: AstNode, path: string, building: Building): void {
  const [within, file] = [deref(folder), deref(node)]
  if (within.kind !== 'scalar' || file.kind !== 'scalar') return
  if (typeof within.value !== 'string' || typeof file.value !== 'string') return
  building.inside.push({ location: `${within.value.replace(/\/+$/, '')}/${file.value}`, span: node.span, path })
}

function buildValue(node: AstNode, param: CatalogueParam | undefined, entry: AstEntry, building: Building): TreeNode {
  const target = deref(node)
  if (param?.path !== 'shipped') return buildNode(target, building)
  if (target.kind === 'scalar' && typeof target.value === 'string') return ship(target.value, node, building)
  if (target.kind !== 'grid') return buildNode(target, building)
  return buildOption(target, building, alternative =>
    buildValue(alternative, param, { ...entry, path: alternative.path }, building),
  )
}

function ship(location: string, node: AstNode, building: Building): TreeNode {
  const path = deref(node).path
  const name = `code:${location}`
  if (!building.shipped.has(name)) building.shipped.set(name, { location, span: node.span, path })
  return { kind: 'link', root: name, keys: [], attributes: [], call: false, path }
}

function buildNode(target: AstTarget, building: Building): TreeNode {
  switch (target.kind) {
    case 'scalar':
      if (typeof target.value === 'number' && !Number.isFinite(target.value)) {
        return { kind: 'number', value: nonFinite(target.value) }
      }
      return { kind: 'scalar', value: target.value }
    case 'list':
      return { kind: 'list', items: target.items.map(item => buildNode(deref(item), building)) }
    case 'map':
      return {
        kind: 'map',
        entries: target.entries.map(entry => [entry.key, buildNode(deref(entry.value), building)] as const),
      }
    case 'component':
      return buildComponent(target, building)
    case 'link': {
      const { root, attributes, call, path } = target
      return { kind: 'link', root, keys: building.linkKeys.get(target.id) ?? target.keys, attributes, call, path }
    }
    case 'grid':
    case 'sample':
    case 'distribution':
      return buildOption(target, building, alternative => buildNode(deref(alternative), building))
    case 'cluster':
    case 'bad':
      return { kind: 'scalar', value: null }
  }
}

function buildOption(target: AstTarget, building: Building, build: (node: AstNode) => TreeNode): TreeNode {
  const option = building.options.get(target.id)
  // An option that was first written outside of the pipeline: reported, and no option here.
  if (option === undefined) return { kind: 'scalar', value: null }
  const { key, order, distribution, decimals } = option
  if (distribution !== null) return { kind: 'distribution', key, order, distribution, decimals }
  const keyOf = (id: number): string => building.options.get(id)?.key ?? ''
  return {
    kind: 'option',
    key,
    order,
    alternatives: option.alternatives.map(({ node, drawn }, index) => ({
      value: build(node),
      param: paramOf(node, index, keyOf),
      typed: typedAlternative(node, index, keyOf),
      drawn,
    })),
  }
}
