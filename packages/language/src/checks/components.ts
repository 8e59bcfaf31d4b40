/**
 * Tags and keywords of every component of the pipeline, and of `search` and `schedulers`, against the catalogue (rules TAG-3, TAG-5,
 * SCH-7), also inside of alternatives, each definition once. Called by `plan`. Values are checked by `values.ts`; that links lead
 * anywhere, by `links.ts`.
 */
import type { Catalogue } from '../catalogue.ts'
import type { Options } from '../model/options.ts'
import {
  type AstCluster,
  type AstComponent,
  type AstEntry,
  type AstNode,
  type AstTarget,
  children,
  isOption,
} from '../reader/ast.ts'
import { OPTION_TAGS } from '../reader/distribution.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import { didYouMean, suggest } from '../reader/suggest.ts'
import { short } from '../reader/value.ts'
import { checkEntry, checkNoEntry, isForPipeline } from './entries.ts'
import { checkOneOf, notKeywords } from './keywords.ts'
import type { LinkWalk } from './link-walk.ts'
import { representatives } from './representatives.ts'
import { type KnownTag, lookUp, own, splitFactory } from './tags.ts'
import { type Check, checkValue } from './values.ts'

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
  const stuck = /^@([\w-]\S{0,99})$/.exec(tag)
  if (stuck !== null) {
    const message = 'a blank is missing behind !@'
    report.add({ rule: 'unknown-tag', span, path, message, hint: `!@ ${short(stuck[1] ?? '')}` })
    return
  }
  const near = own(OTHER_WORDS, tag) ?? suggest(tag, [...tags, ...OPTION_TAGS]) ?? suggest(className, tags)
  const prefix = /^([A-Za-z0-9][A-Za-z0-9_-]*)\./.exec(tag)?.[1]
  const missing = prefix === undefined || tags.some(known => known.startsWith(`${prefix}.`)) ? null : prefix
  const extension =
    missing === null ? '' : `is \`${missing}\` an extension? it stands in a first document: ${missing}: ./folder`
  const { instead } = component
  const quoted =
    instead === null || instead === 'a list' ? '' : `a text that starts with ! is quoted: "!${tag} ${short(instead)}"`
  const hint = near === null ? extension || quoted : `did you mean !${near}?`
  report.add({ rule: 'unknown-tag', span, path, message: `there is no component !${short(tag)}`, hint })
}

/** What other libraries call options. */
const OTHER_WORDS: { readonly [tag: string]: string } = {
  grid: 'g',
  grid_search: 'g',
  sample: 's',
  int: 'randint',
  float: 'uniform',
  log_uniform: 'loguniform',
  log: 'loguniform',
  categorical: 'choice',
  ref: '@',
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
  const others = names.length === 0 ? `!${component.tag} takes no keywords` : didYouMean(entry.key, names)
  const hint = besidePipeline(entry) ?? others
  report.add({ rule: 'unknown-keyword', span: entry.keySpan, path: entry.path, message, hint })
}

/** Keys of the experiment that are looked for in a block, with what they take for one. */
const OF_THE_EXPERIMENT: { readonly [key: string]: string } = {
  devices: '{cpu: 1, gpu: 1}',
  reduce: '1',
  search: '!TPE {n_trials: 50}',
  schedulers: '!ASHA',
}

/** `pipeline.train.devices`: it stands beside the pipeline, by the id of its block. */
function besidePipeline({ key, path }: AstEntry): string | null {
  const value = own(OF_THE_EXPERIMENT, key)
  const block = /^pipeline\.([^.[]+)/.exec(path)?.[1]
  return value === undefined || block === undefined
    ? null
    : `it stands beside \`pipeline\`: ${key}: {${block}: ${value}}`
}
