/**
 * YAML nodes to the located syntax tree: tags understood, keys checked (duplicates, prototype names), merges spread,
 * aliases bound. Called by `parse` once a document; reports what it does not understand and leaves a `bad` node there.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml'
import { type AstEntry, type AstNode, type AstTarget, deref, join } from './ast.ts'
import { bear, spanOf } from './birth.ts'
import { type Birth, bad, type Conversion } from './conversion.ts'
import { distributionForm, distributionKind, readDistribution } from './distribution.ts'
import { LIMITS, PROTOTYPE_NAMES } from './limits.ts'
import { parseLink } from './link.ts'
import { readGrid, readSample } from './option.ts'
import { readScalar, scalarText } from './scalar.ts'
import type { Span } from './source.ts'
import { suggest } from './suggest.ts'
import { oddBlankIn } from './syntax.ts'

const LINK_TAGS: ReadonlySet<string> = new Set(['!@', '!link', '!Link', '!call'])
const CORE_TAGS: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bool', 'null', 'seq', 'map'])
const CORE = 'tag:yaml.org,2002:'

/** `after` is where an absent value would stand. */
export function convert(node: Node | null, path: string, after: number, context: Conversion): AstNode {
  if (isAlias(node)) return convertAlias(node, path, context)
  const birth = bear(node, path, after, context)
  context.count += 1
  if (context.count > LIMITS.nodes) return tooMany(birth, context)
  if (node === null) return { ...birth, kind: 'scalar', value: null, text: '', int: false }
  const anchor = node.anchor
  if (anchor !== undefined) context.anchors.set(anchor, 'open')
  const made = convertTagged(node, birth, context)
  if (anchor !== undefined) context.anchors.set(anchor, made)
  return made
}

/** Said once; `parse` makes nothing of such a document. */
function tooMany(birth: Birth, context: Conversion): AstNode {
  const message = `the file holds more than ${LIMITS.nodes.toLocaleString('en')} keys and values`
  if (!context.full) context.report.add({ rule: 'too-many-nodes', span: birth.span, path: birth.path, message })
  context.full = true
  return { ...birth, kind: 'bad' }
}

function convertAlias(node: Alias, path: string, context: Conversion): AstNode {
  const span = spanOf(node)
  const id = context.nextId++
  context.count += 1
  const target = context.anchors.get(node.source)
  if (target !== undefined && target !== 'open') {
    target.shared = true
    return { kind: 'alias', id, span, path, target }
  }
  const rule = target === 'open' ? 'recursive-alias' : 'unknown-alias'
  const message =
    target === 'open'
      ? `*${node.source} stands inside of &${node.source}`
      : `no &${node.source} stands before this alias`
  const near = suggest(node.source, context.anchors.keys())
  const known = near === null ? 'an anchor must stand earlier in the same document' : `did you mean *${near}?`
  const inside = `write out what is meant, or put the alias outside of &${node.source}`
  const hint = target === 'open' ? inside : known
  context.report.add({ rule, span, path, message, hint })
  return { kind: 'bad', id, span, path, shared: false }
}

function convertTagged(node: Node, birth: Birth, context: Conversion): AstTarget {
  const tag = node.tag
  if (tag === undefined || tag === '!') return convertPlain(node, birth, context)
  if (tag.startsWith(CORE)) {
    if (CORE_TAGS.has(tag.slice(CORE.length))) return convertPlain(node, birth, context)
    const message = `the YAML tag !!${tag.slice(CORE.length)} is not understood`
    const near = suggest(tag.slice(CORE.length), CORE_TAGS)
    const hint = near === null ? '' : `did you mean !!${near}?`
    return bad({ rule: 'yaml-tag', span: birth.tagSpan, message, hint }, birth, context)
  }
  if (!tag.startsWith('!')) {
    return bad({ rule: 'yaml-tag', span: birth.tagSpan, message: `the tag ${tag} is not understood` }, birth, context)
  }
  if (LINK_TAGS.has(tag)) return convertLink(node, tag === '!call', birth, context)
  if (tag === '!g' || tag === '!choice') {
    if (!isSeq(node)) return notAList(tag, birth, context)
    return readGrid(convertItems(node, birth, context), tag === '!choice', birth, context)
  }
  if (tag === '!s')
    return isSeq(node) ? readSample(convertItems(node, birth, context), birth, context) : notArguments(birth, context)
  if (tag === '!cluster') {
    const location = isScalar(node) ? scalarText(node) : ''
    if (location !== '') return { ...birth, kind: 'cluster', location }
    return bad({ rule: 'resource-location', span: birth.span, message: '!cluster takes a path' }, birth, context)
  }
  const kind = distributionKind(tag)
  if (kind !== null) {
    if (isSeq(node)) return readDistribution(kind, convertItems(node, birth, context), birth, context)
    const message = `${tag} takes a list`
    const hint = distributionForm(kind)
    return bad({ rule: 'distribution-arguments', span: birth.span, message, hint }, birth, context)
  }
  return convertComponent(node, tag.slice(1), birth, context)
}

function notAList(tag: string, birth: Birth, context: Conversion): AstTarget {
  const message = `${tag} takes a list`
  return bad({ rule: 'grid-list', span: birth.span, message, hint: `${tag} [value, value]` }, birth, context)
}

function notArguments(birth: Birth, context: Conversion): AstTarget {
  const hint = '!s [low, high, k] or !s [low, high, k, decimals]'
  return bad({ rule: 'sample-arguments', span: birth.span, message: '!s takes a list', hint }, birth, context)
}

function convertPlain(node: Node, birth: Birth, context: Conversion): AstTarget {
  if (isMap(node)) return { ...birth, kind: 'map', entries: convertEntries(node, birth.path, context) }
  if (isSeq(node)) return { ...birth, kind: 'list', items: convertItems(node, birth, context) }
  return readScalar(node as Scalar, birth, context)
}

function convertItems(node: { items: unknown[] }, birth: Birth, context: Conversion): AstNode[] {
  // A pair as an item stands for a map with this one pair; the composer makes that map itself.
  return node.items.map((item, i) => convert(item as Node | null, join(birth.path, i), birth.span.end, context))
}

function convertLink(node: Node, call: boolean, birth: Birth, context: Conversion): AstTarget {
  const hint = 'write block, block.attribute, or block[key].attribute'
  if (!isScalar(node)) {
    return bad({ rule: 'link-syntax', span: birth.span, message: 'a link is a text', hint }, birth, context)
  }
  const link = parseLink(scalarText(node))
  if (typeof link === 'string')
    return bad({ rule: 'link-syntax', span: birth.span, message: link, hint }, birth, context)
  const odd = [...link.keys, ...link.attributes, link.root].find(name => PROTOTYPE_NAMES.has(name))
  if (odd !== undefined) {
    return bad({ rule: 'prototype-name', span: birth.span, message: `a link may not name \`${odd}\`` }, birth, context)
  }
  return { ...birth, kind: 'link', call, ...link }
}

function convertComponent(node: Node, tag: string, birth: Birth, context: Conversion): AstTarget {
  const entries = isMap(node) ? convertEntries(node, birth.path, context) : []
  return { ...birth, kind: 'component', tag, entries, instead: isMap(node) ? null : insteadOf(node) }
}

/** Nothing, or null, is no keywords; anything else but a map is told by whoever knows the component. */
function insteadOf(node: Node): string | null {
  if (!isScalar(node)) return 'a list'
  const text = scalarText(node)
  return node.type === 'PLAIN' && /^(~|null|Null|NULL|)$/.test(text) ? null : text
}

/** Own keys win over merged ones; merged ones stand where `<<` stands; of several merges the earlier wins. */
function convertEntries(map: YAMLMap, path: string, context: Conversion): AstEntry[] {
  const own = new Map<string, AstEntry>()
  const order: (AstEntry | { merge: readonly AstEntry[] })[] = []
  for (const pair of map.items) {
    const keyNode = pair.key as Node | null
    const keySpan = keyNode === null ? { start: map.range?.[0] ?? 0, end: map.range?.[0] ?? 0 } : spanOf(keyNode)
    if (isScalar(keyNode) && keyNode.type === 'PLAIN' && keyNode.source === '<<' && keyNode.tag === undefined) {
      if (order.some(item => 'merge' in item)) {
        const hint = '<<: [*one, *two]'
        context.report.add({ rule: 'duplicate-key', span: keySpan, path, message: 'the key `<<` stands twice', hint })
      }
      order.push({ merge: merged(pair.value as Node | null, keySpan, path, context) })
      continue
    }
    const key = keyText(keyNode, keySpan, path, context)
    const valuePath = key === null ? path : join(path, key)
    const value = convert(pair.value as Node | null, valuePath, keySpan.end, context)
    if (key === null) continue
    if (own.has(key)) {
      const message = `the key \`${key}\` stands twice`
      context.report.add({ rule: 'duplicate-key', span: keySpan, path: valuePath, message })
      continue
    }
    const entry = { key, keySpan, value, path: valuePath }
    own.set(key, entry)
    order.push(entry)
  }
  const taken = new Set(own.keys())
  return order.flatMap(item => {
    if (!('merge' in item)) return [item]
    const fresh = item.merge.filter(entry => !taken.has(entry.key))
    for (const entry of fresh) taken.add(entry.key)
    return fresh
  })
}

function merged(node: Node | null, keySpan: Span, path: string, context: Conversion): AstEntry[] {
  const value = convert(node, path, keySpan.end, context)
  const sources = deref(value).kind === 'list' ? (deref(value) as { items: readonly AstNode[] }).items : [value]
  const entries = new Map<string, AstEntry>()
  for (const source of sources) {
    const target = deref(source)
    if (target.kind === 'bad') continue
    if (target.kind !== 'map' && target.kind !== 'component') {
      context.report.add({
        rule: 'merge',
        span: source.span,
        path,
        message: 'only a map or a component can be merged with `<<`',
        hint: '<<: *anchor',
      })
      continue
    }
    for (const entry of target.entries) {
      if (entries.has(entry.key) || context.count > LIMITS.nodes) continue
      const from = deref(entry.value)
      const inline = source.kind !== 'alias'
      if (!inline) from.shared = true
      context.count += 1
      const id = context.nextId++
      const at = join(path, entry.key)
      entries.set(entry.key, {
        ...entry,
        path: at,
        value: inline ? entry.value : { kind: 'alias', id, span: source.span, path: at, target: from },
      })
    }
  }
  return [...entries.values()]
}

/** Keys are taken as they were written: `2`, `0x1F` and `true` are texts. */
function keyText(node: Node | null, span: Span, path: string, context: Conversion): string | null {
  const text = isScalar(node) ? scalarText(node) : null
  const tagged = node?.tag !== undefined && !(node.tag.startsWith(CORE) && CORE_TAGS.has(node.tag.slice(CORE.length)))
  if (text === null || tagged || (isScalar(node) && (node.value === null || text === ''))) {
    context.report.add({ rule: 'key-type', span, path, message: 'a key must be a text or a number' })
    return null
  }
  const odd = isScalar(node) && node.type === 'PLAIN' ? oddBlankIn(context.text, span) : null
  if (odd !== null) {
    context.report.add({ rule: 'yaml-syntax', path: '', ...odd })
    return null
  }
  if (!PROTOTYPE_NAMES.has(text)) return text
  context.report.add({
    rule: 'prototype-key',
    span,
    path: join(path, text),
    message: `\`${text}\` is refused as a key`,
  })
  return null
}
