/**
 * The value of a keyword against what the catalogue says of it: a component of a kind, or a plain value by its schema; options alternative
 * by alternative, draws by what they may draw, links by where they lead. Called by `components.ts`.
 */
import type { Catalogue, CatalogueParam } from '../catalogue.ts'
import {
  type AstComponent,
  type AstDistribution,
  type AstLink,
  type AstNode,
  type AstTarget,
  children,
  deref,
} from '../reader/ast.ts'
import type { Report } from '../reader/source.ts'
import { suggest } from '../reader/suggest.ts'
import { describe } from '../reader/value.ts'
import type { LinkWalk } from './link-walk.ts'
import { checkSchema, type Expand } from './schema.ts'
import { isKind, lookUp } from './tags.ts'

export interface Check {
  readonly catalogue: Catalogue
  readonly report: Report
  readonly walk: LinkWalk
  readonly resources: ReadonlySet<string>
  readonly unchecked: ReadonlySet<string>
  readonly expand: Expand
}

export function checkValue(node: AstNode, param: CatalogueParam, path: string, check: Check): void {
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
