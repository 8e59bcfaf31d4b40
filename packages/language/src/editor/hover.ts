/**
 * What stands at a place of the text, in words: tags, keywords, keys of the experiment, links. Called by the editor of the submission
 * page; pure. `text` of a hover is Markdown.
 */
import type { Catalogue, CatalogueEntry, CatalogueParam, Json } from '../catalogue.ts'
import { lookUp } from '../checks/tags.ts'
import { type AstEntry, type AstNode, type AstTarget, deref, isOption } from '../reader/ast.ts'
import { EXPERIMENT_KEYS } from '../reader/keys.ts'
import { lenient } from '../reader/lenient.ts'
import type { Span } from '../reader/source.ts'
import { follow, namesOf, type Trail, walkTrails } from './trail.ts'
import { LANGUAGE_TAGS } from './words.ts'

export interface Hover {
  /** What it is about: offsets in UTF-16 code units. */
  readonly from: number
  readonly to: number
  readonly title: string
  readonly text: string
}

export function hover(text: string, offset: number, catalogue: Catalogue): Hover | null {
  const root = lenient(text).at(-1)
  if (root === undefined) return null
  let found: Hover | null = null
  walkTrails(root, (node, trail, entry) => {
    const owner = trail.at(-1)?.owner
    if (entry !== null && within(entry.keySpan, offset)) found = aboutKey(entry, owner, trail, root, catalogue)
    else if (within(node.span, offset)) found = aboutNode(node, offset, text, root, catalogue) ?? found
    return found !== null && entry !== null && within(entry.keySpan, offset)
  })
  return found
}

const within = ({ start, end }: Span, offset: number): boolean => start <= offset && offset < end

function aboutKey(
  entry: AstEntry,
  owner: AstTarget | undefined,
  trail: Trail,
  root: AstTarget,
  catalogue: Catalogue,
): Hover | null {
  const at = { from: entry.keySpan.start, to: entry.keySpan.end }
  if (owner === root) {
    const known = EXPERIMENT_KEYS.find(({ key }) => key === entry.key)
    return known === undefined ? null : { ...at, title: known.key, text: known.description }
  }
  if (owner?.kind === 'component') {
    const param = lookUp(owner.tag, catalogue)?.params.find(({ name }) => name === entry.key)
    if (param === undefined) return null
    return { ...at, title: `${param.name}: ${keywordText(param)}`, text: param.description }
  }
  const isBlock = trail.length === 2 && trail[0]?.key !== 'resources'
  const block = isBlock ? namesOf(root).blocks.find(({ key }) => key === entry.key) : undefined
  return block === undefined ? null : { ...at, ...aboutBlock(block, catalogue) }
}

function aboutBlock({ key, value }: AstEntry, catalogue: Catalogue): Pick<Hover, 'title' | 'text'> {
  const node = deref(value)
  if (node.kind !== 'component') return { title: key, text: '' }
  return { title: `${key}: !${node.tag}`, text: lookUp(node.tag, catalogue)?.entry.description ?? '' }
}

function aboutNode(node: AstNode, offset: number, text: string, root: AstTarget, catalogue: Catalogue): Hover | null {
  if (node.kind === 'link') {
    const names = namesOf(root)
    const at = { from: node.span.start, to: node.span.end }
    const resource = names.resources.find(({ key }) => key === node.root)
    if (resource !== undefined && resource.value.kind !== 'alias') {
      const { start, end } = resource.value.span
      return { ...at, title: `resource ${node.root}`, text: text.slice(start, end) }
    }
    const found = follow(names, node.root, node.keys)
    if (found === null) return null
    const what = found.node.kind === 'component' ? `!${found.node.tag}` : found.node.path
    const about = found.node.kind === 'component' ? lookUp(found.node.tag, catalogue)?.entry.description : undefined
    const attributes = node.attributes.map(name => `.${name}`).join('')
    return { ...at, title: `${node.root}: ${what}${attributes}`, text: about ?? '' }
  }
  if (node.kind !== 'component' && !isOption(node)) return null
  if (!within(node.tagSpan, offset)) return null
  const at = { from: node.tagSpan.start, to: node.tagSpan.end }
  const tag = text.slice(at.from, at.to)
  const language = Object.hasOwn(LANGUAGE_TAGS, tag) ? LANGUAGE_TAGS[tag] : undefined
  if (language !== undefined) return { ...at, title: language.form, text: language.description }
  const known = lookUp(tag.slice(1), catalogue)
  if (known === null) return null
  const about = known.factory === null ? known.entry : known.entry.factories[known.factory]
  return {
    ...at,
    title: tag,
    text: [about?.description ?? '', ...paramLines(known.params), ...notes(known.entry)].join('\n'),
  }
}

function paramLines(params: readonly CatalogueParam[]): readonly string[] {
  return params.map(param => {
    const about = param.description === '' ? '' : `: ${param.description}`
    return `- \`${param.name}\` ${keywordText(param)}${about}`
  })
}

function notes(entry: CatalogueEntry): readonly string[] {
  const { attributes, alias_of } = entry
  const links = Array.isArray(attributes) && attributes.length > 0 ? [`Links may read: ${attributes.join(', ')}.`] : []
  return alias_of === undefined ? links : [...links, `Another name of !${alias_of}.`]
}

/** Type and default of a keyword in a few words: `whole number, default 3`. */
export function keywordText({ component, schema, required, default: value }: CatalogueParam): string {
  const type = component ?? typeText(schema)
  const standard = value === undefined ? '' : `default ${JSON.stringify(value)}`
  return [type, required ? 'required' : standard].filter(part => part !== '').join(', ') || 'any value'
}

const TYPES: { readonly [type: string]: string } = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  null: 'nothing',
  array: 'list',
  object: 'map',
}

function typeText(schema: CatalogueParam['schema']): string {
  if (schema === undefined) return ''
  if (Array.isArray(schema.enum)) return (schema.enum as Json[]).map(value => String(value)).join(' | ')
  const any = Array.isArray(schema.anyOf) ? (schema.anyOf as CatalogueParam['schema'][]) : []
  if (any.length > 0) return any.map(typeText).join(' or ')
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]
  return types.map(type => TYPES[String(type)] ?? String(type)).join(' or ')
}
