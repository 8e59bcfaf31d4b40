/**
 * What may be written at a place of an unfinished text: tags, keywords, keys, values, links, block ids. Called by the editor of the
 * submission page while someone types; pure, and quiet where it does not know.
 */
import type { Catalogue, CatalogueParam, Json } from '../catalogue.ts'
import { isForPipeline } from '../checks/entries.ts'
import { isKind, lookUp } from '../checks/tags.ts'
import type { AstTarget } from '../reader/ast.ts'
import { EXPERIMENT_KEYS } from '../reader/keys.ts'
import { lenient } from '../reader/lenient.ts'
import { LIMITS } from '../reader/limits.ts'
import { type Cursor, cursorAt, MARK } from './cursor.ts'
import { keywordText } from './hover.ts'
import { completeLink } from './link.ts'
import { headOf, namesOf, paramAt, type Trail, walkTrails } from './trail.ts'
import { LANGUAGE_TAGS } from './words.ts'

export interface Completion {
  readonly label: string
  /** Text that replaces `from` to `to` (offsets in UTF-16 code units). */
  readonly insert: string
  readonly kind: 'tag' | 'keyword' | 'key' | 'value' | 'block' | 'resource' | 'attribute' | 'anchor'
  /** A few words beside the label. */
  readonly detail: string
  /** A sentence or two. */
  readonly description: string
  readonly from: number
  readonly to: number
}

export type Candidate = Omit<Completion, 'from' | 'to'>

/** Everything that fits there, best first; the caller narrows it down to what has been typed (`text` from `from` to the offset). */
export function complete(text: string, offset: number, catalogue: Catalogue): readonly Completion[] {
  const cursor = text.length > LIMITS.bytes ? null : cursorAt(text, offset)
  if (cursor === null) return []
  return candidates(text, cursor, catalogue).map(candidate => ({ ...candidate, from: cursor.from, to: cursor.to }))
}

function candidates(text: string, cursor: Cursor, catalogue: Catalogue): readonly Candidate[] {
  if (cursor.kind === 'anchor') {
    const names = new Set([...text.slice(0, cursor.from).matchAll(/&([\w-]+)/g)].map(match => match[1] ?? ''))
    return [...names].map(name => ({ label: name, insert: name, kind: 'anchor', detail: '', description: '' }))
  }
  const root = lenient(cursor.marked).at(-1)
  if (root === undefined) return []
  const spot = findMark(root)
  if (spot === null) return []
  const place: Place = { ...spot, root, catalogue }
  if (cursor.kind === 'link') return completeLink(cursor.typed, cursor.call, spot.trail, root, catalogue)
  if (cursor.kind === 'tag') return tagsAt(place, true)
  return spot.as === 'key' ? keysAt(place) : valuesAt(place)
}

interface Spot {
  readonly as: 'key' | 'value'
  /** Up to the marked thing; its last step is the key whose value it is. */
  readonly trail: Trail
  /** What the marked key stands in. */
  readonly owner: AstTarget | null
}

interface Place extends Spot {
  readonly root: AstTarget
  readonly catalogue: Catalogue
}

function findMark(root: AstTarget): Spot | null {
  let found: Spot | null = null
  walkTrails(root, (node, trail) => {
    if (node.kind === 'map' || node.kind === 'component') {
      const key = node.entries.some(entry => entry.key === MARK)
      if (key) found = { as: 'key', trail, owner: node }
      else if (node.kind === 'component' && (node.tag === MARK || node.instead === MARK)) {
        found = { as: node.tag === MARK ? 'value' : 'key', trail, owner: node }
      }
    } else if (node.kind === 'scalar' && node.text === MARK) found = { as: 'value', trail, owner: null }
    else if (node.kind === 'link' && node.root === MARK) found = { as: 'value', trail, owner: null }
    return found !== null
  })
  return found
}

function keysAt(place: Place): readonly Candidate[] {
  const { trail, owner, root, catalogue } = place
  // `- word`: a place of a list so far, though a colon would make it a map.
  const inList = typeof trail.at(-1)?.key === 'number'
  if (inList && owner?.kind === 'map' && owner.entries.length === 1) return valuesAt(place)
  const written = new Set(owner !== null && 'entries' in owner ? owner.entries.map(entry => entry.key) : [])
  const fresh = <Item extends { readonly label: string }>(items: readonly Item[]): readonly Item[] =>
    items.filter(item => !written.has(item.label))
  if (owner === root) {
    return fresh(EXPERIMENT_KEYS.map(({ key, description }) => asKey(key, 'key', description)))
  }
  if (owner?.kind === 'component') {
    const params = lookUp(owner.tag, catalogue)?.params ?? []
    return fresh(
      params.map(param => ({ ...asKey(param.name, 'keyword', param.description), detail: keywordText(param) })),
    )
  }
  const { key } = headOf(trail)
  if (key === 'pipeline' && trail.length > 1) {
    const schema = paramAt(trail, catalogue)?.param.schema?.properties
    return fresh(Object.keys(isMap(schema) ? schema : {}).map(name => asKey(name, 'key', '')))
  }
  const known = EXPERIMENT_KEYS.find(each => each.key === key)
  if (trail.length === 1) {
    const blocks = known?.parts === 'blocks' ? blockIds(root) : []
    const parts =
      key === 'devices' ? ['cpu', 'gpu'] : Array.isArray(known?.parts) ? (known.parts as readonly string[]) : []
    return fresh([
      ...parts.map(part => asKey(part, 'key', '')),
      ...blocks.map(block => ({ ...block, insert: `${block.label}: ` })),
    ])
  }
  const inner = key === 'reduce' ? ['k', 'mode'] : key === 'devices' ? ['cpu', 'gpu'] : []
  return fresh(inner.map(part => asKey(part, 'key', '')))
}

function valuesAt(place: Place): readonly Candidate[] {
  const { trail, root, catalogue } = place
  const { key } = headOf(trail)
  if (key === 'resume') return [...blockIds(root), asValue('true')]
  if (key === 'reduce' && trail.at(-1)?.key === 'mode') return ['min', 'max'].map(asValue)
  if (key !== 'pipeline' && key !== 'search' && key !== 'schedulers') {
    return (EXPERIMENT_KEYS.find(each => each.key === key)?.values ?? []).map(asValue)
  }
  const at = paramAt(trail, catalogue)
  if (at === null) return trail.length === 2 ? tagsAt(place, false) : []
  const schema = at.inList && isMap(at.param.schema?.items) ? at.param.schema.items : at.param.schema
  const plain = valuesOf(schema).map(value => asValue(value))
  return at.param.component === undefined ? plain : [...tagsAt(place, false), ...plain]
}

/** Components that fit, then the language's own tags. With `bang` the `!` stands there already. */
function tagsAt({ trail, catalogue }: Place, bang: boolean): readonly Candidate[] {
  const { key } = headOf(trail)
  if (trail.length === 0) return [ownTag('!Experiment', bang)]
  if (key === 'resources') return [ownTag('!cluster', bang)]
  const nested = paramAt(trail, catalogue)?.param.component
  const kind = nested ?? (key === 'search' ? 'SearchAlgorithm' : key === 'schedulers' ? 'Scheduler' : 'Component')
  const inSearch = key === 'search' || key === 'schedulers'
  if (key !== 'pipeline' && !inSearch) return []
  const entries = Object.values(catalogue.components).filter(entry =>
    inSearch ? entry.kinds.includes(kind) && entry.alias_of === undefined : isForPipeline(entry) && isKind(entry, kind),
  )
  const components = entries.flatMap(({ tag, description, factories, kinds }): Candidate[] => {
    const one = (name: string, about: string): Candidate => ({
      label: `!${name}`,
      insert: bang ? name : `!${name}`,
      kind: 'tag',
      detail: kinds[0] ?? '',
      description: about,
    })
    const made = Object.entries(factories).filter(([name]) => name !== 'load_from_path')
    return [one(tag, description), ...made.map(([name, factory]) => one(`${tag}.${name}`, factory.description))]
  })
  const options = trail.length > 2 && !inSearch ? Object.keys(LANGUAGE_TAGS).filter(tag => !OUTSIDE.has(tag)) : []
  return [...components, ...options.map(tag => ownTag(tag, bang))]
}

const OUTSIDE: ReadonlySet<string> = new Set(['!cluster', '!Experiment'])

function ownTag(tag: string, bang: boolean): Candidate {
  const { form = '', description = '' } = LANGUAGE_TAGS[tag] ?? {}
  return { label: tag, insert: `${bang ? tag.slice(1) : tag} `, kind: 'tag', detail: form, description }
}

function asKey(key: string, kind: 'key' | 'keyword', description: string): Candidate {
  return { label: key, insert: `${key}: `, kind, detail: '', description }
}

function asValue(value: string): Candidate {
  return { label: value, insert: value, kind: 'value', detail: '', description: '' }
}

function blockIds(root: AstTarget): readonly Candidate[] {
  return namesOf(root).blocks.map(({ key, value }) => ({
    label: key,
    insert: key,
    kind: 'block',
    detail: value.kind === 'component' ? `!${value.tag}` : '',
    description: '',
  }))
}

function valuesOf(schema: CatalogueParam['schema']): readonly string[] {
  if (schema === undefined) return []
  const parts = [schema.anyOf, schema.oneOf].flatMap(list => (Array.isArray(list) ? list : [])).filter(isMap)
  const own = Array.isArray(schema.enum) ? (schema.enum as Json[]) : schema.const === undefined ? [] : [schema.const]
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  const written = own.map(value => (typeof value === 'string' ? value : JSON.stringify(value)))
  return [...new Set([...written, ...(types.includes('boolean') ? ['true', 'false'] : []), ...parts.flatMap(valuesOf)])]
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
