/**
 * Tags, keywords and values of every component of the pipeline against the catalogue (rules TAG-3, TAG-5, SCH-7), also inside
 * alternatives, each definition once. Called by `plan`. That links lead anywhere is
 * checked by `checks/links.ts`.
 */
import type { Catalogue, CatalogueParam } from '../catalogue.ts'
import type { Options } from '../model/options.ts'
import {
  type AstCluster,
  type AstComponent,
  type AstDistribution,
  type AstEntry,
  type AstLink,
  type AstNode,
  type AstTarget,
  children,
  deref,
  isOption,
} from '../reader/ast.ts'
import { OPTION_TAGS } from '../reader/distribution.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import { didYouMean, suggest } from '../reader/suggest.ts'
import { describe, short } from '../reader/value.ts'
import { checkEntry, checkNoEntry, isForPipeline } from './entries.ts'
import { checkOneOf, notKeywords } from './keywords.ts'
import type { LinkWalk } from './link-walk.ts'
import { representatives } from './representatives.ts'
import { checkSchema, type Expand } from './schema.ts'
import { isKind, type KnownTag, lookUp, own, splitFactory } from './tags.ts'

export function checkComponents(
  experiment: ParsedExperiment,
  options: Options,
  walk: LinkWalk,
  catalogue: Catalogue,
  /** Extensions whose tags nobody knows here. */
  unchecked: ReadonlySet<string>,
  report: Report,
): void {
  const check: Check = {
    catalogue,
    report,
    walk,
    resources: new Set(experiment.resources.map(resource => resource.name)),
    unchecked,
    expand: option => alternativesOf(option, options),
  }
  let inPipeline = true
  const visit = (node: AstNode): void => {
    // What an alias names is checked where it is written.
    if (node.kind === 'alias' || report.full) return
    if (node.kind === 'component') checkComponent(node, check)
    if (node.kind === 'component' && inPipeline) checkNoEntry(node, catalogue, report)
    if (node.kind === 'cluster') misplacedCluster(node, report)
    for (const child of children(node)) visit(child)
  }
  for (const block of experiment.blocks) visit(block.value)
  inPipeline = false
  for (const entry of experiment.search) checkEntry(entry, 'search', check, visit)
  for (const entry of experiment.schedulers) checkEntry(entry, 'schedulers', check, visit)
}

/** What an option may stand for; where a search algorithm draws a number, some numbers that it may draw. */
function alternativesOf(option: AstTarget, options: Options): readonly AstNode[] {
  const known = options.get(option.id)
  if (known === undefined || !isOption(option)) return []
  if (known.distribution !== null) return representatives(option, known.distribution)
  return known.alternatives.map(alternative => alternative.node)
}

function misplacedCluster({ span, path }: AstCluster, report: Report): void {
  const message = '!cluster stands in `resources` only'
  report.add({ rule: 'resource-location', span, path, message, hint: 'name it there and link the name' })
}

export interface Check {
  readonly catalogue: Catalogue
  readonly report: Report
  readonly walk: LinkWalk
  readonly resources: ReadonlySet<string>
  readonly unchecked: ReadonlySet<string>
  readonly expand: Expand
}

function checkComponent(component: AstComponent, check: Check): void {
  const known = lookUp(component.tag, check.catalogue)
  if (known === null) {
    unknownTag(component, check)
    return
  }
  const params = new Map(known.params.map(param => [param.name, param]))
  if (component.instead !== null) {
    notKeywords(component, component.instead, known, check.report)
    return
  }
  checkOneOf(component, known, check.report)
  for (const entry of component.entries) {
    if (check.report.full) return
    const param = params.get(entry.key)
    if (param === undefined) unknownKeyword(entry, component, known, check.report)
    else checkValue(entry.value, param, entry.path, check)
  }
  const written = new Set(component.entries.map(entry => entry.key))
  const missing = known.params.filter(param => param.required && !written.has(param.name)).map(param => param.name)
  if (missing.length === 0) return
  // A misspelt keyword is told once, where it stands.
  const misspelt = component.entries.map(entry => (params.has(entry.key) ? null : suggest(entry.key, params.keys())))
  for (const name of missing) {
    if (misspelt.includes(name)) continue
    const message = `!${component.tag} needs the keyword \`${name}\``
    const description = params.get(name)?.description ?? ''
    check.report.add({
      rule: 'missing-keyword',
      span: component.tagSpan,
      path: component.path,
      message,
      hint: description,
    })
  }
}

function unknownTag(component: AstComponent, { catalogue, report, unchecked }: Check): void {
  const { tag, tagSpan: span, path } = component
  if (unchecked.has(tag.split('.')[0] ?? '')) return
  const [className, factory] = splitFactory(tag)
  const owner = own(catalogue.components, className)
  if (owner !== undefined && factory !== '') {
    const names = Object.keys(owner.factories)
    const hint = names.length === 0 ? `!${className} has no factories` : didYouMean(factory, names)
    report.add({
      rule: 'unknown-factory',
      span,
      path,
      message: `!${className} has no factory \`${short(factory)}\``,
      hint,
    })
    return
  }
  const tags = Object.values(catalogue.components).flatMap(entry => (isForPipeline(entry) ? [entry.tag] : []))
  const near = suggest(tag, [...tags, ...OPTION_TAGS]) ?? suggest(className, tags)
  const prefix = /^([A-Za-z0-9][A-Za-z0-9_-]*)\./.exec(tag)?.[1]
  const missing = prefix === undefined || tags.some(known => known.startsWith(`${prefix}.`)) ? null : prefix
  const extension =
    missing === null ? '' : `is \`${missing}\` an extension? it stands in a first document: ${missing}: ./folder`
  const hint = near === null ? extension : `did you mean !${near}?`
  report.add({ rule: 'unknown-tag', span, path, message: `there is no component !${short(tag)}`, hint })
}

const RESERVED: ReadonlySet<string> = new Set(['env', 'trial_dir'])

function unknownKeyword(entry: AstEntry, component: AstComponent, known: KnownTag, report: Report): void {
  if (RESERVED.has(entry.key)) {
    const message = `\`${entry.key}\` is set by the system and cannot be a keyword`
    report.add({ rule: 'reserved-keyword', span: entry.keySpan, path: entry.path, message })
    return
  }
  if (known.open) return
  const message = `!${component.tag} has no keyword \`${short(entry.key)}\``
  const names = known.params.map(param => param.name)
  const hint = names.length === 0 ? `!${component.tag} takes no keywords` : didYouMean(entry.key, names)
  report.add({ rule: 'unknown-keyword', span: entry.keySpan, path: entry.path, message, hint })
}

function checkValue(node: AstNode, param: CatalogueParam, path: string, check: Check): void {
  const target = deref(node)
  switch (target.kind) {
    case 'bad':
    case 'cluster':
      return
    case 'link':
      checkLinked(node, target, param, path, check)
      return
    case 'grid':
      for (const alternative of check.expand(target)) checkValue(alternative, param, alternative.path, check)
      return
    case 'distribution':
      checkDraws(target, param, check)
      return
    case 'sample': {
      // One wrong draw says enough about the range.
      const before = check.report.problems.length
      for (const value of check.expand(target)) {
        if (check.report.problems.length === before) checkValue(value, param, value.path, check)
      }
      return
    }
    case 'component':
      checkKind(node, target, param, path, check)
      return
  }
  if (target.kind === 'scalar' && target.value === null && !param.required) return
  if (param.component !== undefined && !allows(target, param)) {
    const items = target.kind === 'scalar' ? [] : children(target)
    if (items.length > 0 && allowsCollection(target, param)) {
      for (const item of items) checkValue(item, param, item.path, check)
      return
    }
    if (target.kind !== 'scalar' && allowsCollection(target, param)) return
    const message = `\`${param.name}\` takes a component (${param.component}), not ${describe(node)}`
    const hint = componentHint(target, param.component, check.catalogue)
    check.report.add({ rule: 'component-expected', span: node.span, path, message, hint })
    return
  }
  if (param.schema === undefined) return
  const finding = checkSchema(node, param.schema, path, check.expand)
  if (finding !== null) check.report.add(finding)
}

/** The first draw that does not fit says enough. */
function checkDraws(option: AstDistribution, param: CatalogueParam, check: Check): void {
  const { report, expand } = check
  const before = report.problems.length
  const { schema } = param
  for (const value of expand(option)) {
    if (param.component !== undefined) checkValue(value, param, value.path, check)
    else if (schema !== undefined) {
      const finding = checkSchema(value, schema, value.path, expand)
      const whole = finding?.rule === 'wrong-type' && schema.type === 'integer'
      if (finding !== null) report.add(whole ? { ...finding, hint: '!randint draws whole numbers' } : finding)
    }
    if (report.problems.length > before) return
  }
}

/** A keyword may take a component or a plain value: then its schema speaks for the plain value. */
function allows(target: AstTarget, param: CatalogueParam): boolean {
  return (
    target.kind === 'scalar' &&
    param.schema !== undefined &&
    param.schema.type !== 'object' &&
    param.schema.type !== 'array'
  )
}

/** A list or a map of components, where the schema says so; a list also where there is no schema. */
function allowsCollection(target: AstTarget, param: CatalogueParam): boolean {
  if (param.schema === undefined) return target.kind === 'list'
  const type = param.schema.type
  const wanted = target.kind === 'list' ? 'array' : 'object'
  return type === wanted || (Array.isArray(type) && type.includes(wanted))
}

function checkKind(node: AstNode, component: AstComponent, param: CatalogueParam, path: string, check: Check): void {
  const kind = param.component
  const known = lookUp(component.tag, check.catalogue)
  if (kind === undefined || known === null || known.factory !== null || isKind(known.entry, kind)) return
  const message = `\`${param.name}\` takes a component of the kind ${kind}, and !${component.tag} is none`
  const span = node.kind === 'alias' ? node.span : component.tagSpan
  check.report.add({ rule: 'component-kind', span, path, message, hint: kindHint(kind, check.catalogue) })
}

/** A link to a whole component, or to a part of what is written, must lead to what the keyword takes. */
function checkLinked(node: AstNode, link: AstLink, param: CatalogueParam, path: string, check: Check): void {
  const kind = param.component
  if (kind === undefined || link.attributes.length > 0 || link.call) return
  const wrong = (rule: 'component-kind' | 'component-expected', message: string): void => {
    check.report.add({ rule, span: node.span, path, message, hint: kindHint(kind, check.catalogue) })
  }
  if (check.resources.has(link.root)) {
    wrong('component-expected', `\`${param.name}\` takes a component (${kind}), not the path of a resource`)
    return
  }
  for (const target of (check.walk.resolve(link)?.targets ?? []).flatMap(found => check.walk.expand(found))) {
    if (target.kind === 'scalar' && !allows(target, param)) {
      wrong(
        'component-expected',
        `\`${param.name}\` takes a component (${kind}), and the link leads to ${describe(target)}`,
      )
      return
    }
    if (target.kind !== 'component') continue
    const known = lookUp(target.tag, check.catalogue)
    if (known === null || known.factory !== null || isKind(known.entry, kind)) continue
    wrong(
      'component-kind',
      `\`${param.name}\` takes a component of the kind ${kind}, and the link leads to a !${target.tag}`,
    )
    return
  }
}

function componentHint(target: AstTarget, kind: string, catalogue: Catalogue): string {
  const text = target.kind === 'scalar' ? target.text : ''
  const near = text === '' ? null : suggest(text, Object.keys(catalogue.components))
  return near === null ? kindHint(kind, catalogue) : `did you mean !${near}?`
}

function kindHint(kind: string, catalogue: Catalogue): string {
  if (kind === 'Component') return ''
  const tags = Object.values(catalogue.components).filter(entry => isKind(entry, kind))
  return tags.length === 0 || tags.length > 8 ? '' : `for example ${tags.map(entry => `!${entry.tag}`).join(', ')}`
}
