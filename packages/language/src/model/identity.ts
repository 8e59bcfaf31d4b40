/**
 * What makes two values, and two variants, the same. A typed form in which unequal things never look equal: links and
 * alternatives are no maps, numbers are no texts; `1` equals `1.0`; the order of keys in a map does not count.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Json } from '../catalogue.ts'
import { type AstEntry, type AstLink, type AstNode, deref } from '../reader/ast.ts'

/** SHA-256 (hex) over the block's id and its assignment; `parts` are `key, typed value` as JSON, sorted by key. */
export function variantId(block: string, parts: readonly string[]): string {
  return bytesToHex(sha256(utf8ToBytes(`["flambe-variant-1",${JSON.stringify(block)},[${parts.join(',')}]]`)))
}

/** Equal texts for equal values, components and all; used to find equal values in a grid. */
export function canonical(node: AstNode): string {
  return JSON.stringify(canonicalForm(node))
}

function canonicalForm(node: AstNode): Json {
  return typedForm(node, {
    component: target => ['component', target.tag, pairs(target.entries, canonicalForm)],
    option: id => ['option', id],
  })
}

/** What identity hashes for the alternative at this place of its option: components count by tag and place. */
export function typedAlternative(node: AstNode, index: number, optionKey: OptionKey): Json {
  return typedForm(node, {
    component: target => ['component', target.tag, index],
    option: id => ['option', optionKey(id)],
  })
}

/** The key of an option, by the id of its node. */
type OptionKey = (id: number) => string

interface Forms {
  readonly component: (target: Extract<AstNode, { kind: 'component' }>) => Json
  readonly option: (id: number) => Json
}

function typedForm(node: AstNode, forms: Forms): Json {
  const target = deref(node)
  switch (target.kind) {
    case 'scalar':
      if (typeof target.value === 'number' && !Number.isFinite(target.value)) return ['number', nonFinite(target.value)]
      return target.value === 0 ? 0 : target.value
    case 'list':
      return ['list', target.items.map(item => typedForm(item, forms))]
    case 'map':
      return ['map', pairs(target.entries, value => typedForm(value, forms))]
    case 'component':
      return forms.component(target)
    case 'link':
      return ['link', target.root, target.keys, target.attributes, target.call]
    case 'grid':
    case 'sample':
    case 'distribution':
      return forms.option(target.id)
    case 'cluster':
      return ['cluster', target.location]
    case 'bad':
      return ['bad', target.id]
  }
}

function pairs(entries: readonly AstEntry[], form: (node: AstNode) => Json): Json {
  return [...entries].sort((a, b) => (a.key < b.key ? -1 : 1)).map(entry => [entry.key, form(entry.value)])
}

export function nonFinite(value: number): '.nan' | '.inf' | '-.inf' {
  return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'
}

/** How a person sees an alternative. */
export function paramOf(node: AstNode, index: number, optionKey: OptionKey): Json {
  const target = deref(node)
  switch (target.kind) {
    case 'scalar':
      return typeof target.value === 'number' && !Number.isFinite(target.value) ? nonFinite(target.value) : target.value
    case 'list':
      return target.items.map(item => paramOf(item, index, optionKey))
    case 'map':
      return Object.fromEntries(target.entries.map(entry => [entry.key, paramOf(entry.value, index, optionKey)]))
    case 'component':
      return { tag: target.tag, index }
    case 'link':
      return target.call ? { link: linkText(target), call: true } : { link: linkText(target) }
    case 'grid':
    case 'sample':
    case 'distribution':
      return { option: optionKey(target.id) }
    case 'cluster':
      return target.location
    case 'bad':
      return null
  }
}

/** A plain value as JSON; a component is `{tag, params}`. For keywords outside of the pipeline, where no options are. */
export function plainJson(node: AstNode): Json {
  const target = deref(node)
  switch (target.kind) {
    case 'list':
      return target.items.map(plainJson)
    case 'map':
      return Object.fromEntries(target.entries.map(entry => [entry.key, plainJson(entry.value)]))
    case 'component': {
      const params = Object.fromEntries(target.entries.map(entry => [entry.key, plainJson(entry.value)]))
      return { tag: target.tag, params }
    }
    default:
      return paramOf(target, 0, () => '')
  }
}

function linkText(link: AstLink): string {
  return link.root + link.keys.map(key => `[${key}]`).join('') + link.attributes.map(name => `.${name}`).join('')
}
