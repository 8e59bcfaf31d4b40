/**
 * Written values against the catalogue's JSON schema: type, enum, const, bounds, lengths, lists, maps, anyOf and allOf.
 * Called by `checks/components.ts`. Links, components and what was reported already pass; options are checked alternative by
 * alternative. What it does not know of JSON schema, it does not hold against the user.
 */
import type { Json } from '../catalogue.ts'
import { type AstNode, type AstTarget, deref } from '../reader/ast.ts'
import type { Finding } from '../reader/source.ts'
import { didYouMean } from '../reader/suggest.ts'
import { describe, short } from '../reader/value.ts'

type Schema = { readonly [key: string]: Json }

export type Expand = (option: AstTarget) => readonly AstNode[]

/** The first thing that is wrong with the value, or null. `span` is where an alias stands, if the value is one. */
export function checkSchema(node: AstNode, schema: Schema, path: string, expand: Expand): Finding | null {
  const target = deref(node)
  switch (target.kind) {
    case 'link':
    case 'component':
    case 'cluster':
    case 'bad':
      return null
    case 'grid':
    case 'sample':
    case 'distribution':
      return first(expand(target), alternative => checkSchema(alternative, schema, alternative.path, expand))
  }
  const any = listOf(schema.anyOf) ?? listOf(schema.oneOf)
  if (any !== null) {
    const findings = any.map(option => (isSchema(option) ? checkSchema(node, option, path, expand) : null))
    if (!findings.includes(null)) return bestOf(findings as Finding[], any, node, path)
  }
  const all = first(listOf(schema.allOf) ?? [], part => (isSchema(part) ? checkSchema(node, part, path, expand) : null))
  if (all !== null) return all
  return (
    checkChoice(node, target, schema, path) ??
    checkType(node, target, schema, path) ??
    checkNumber(node, target, schema, path) ??
    checkText(node, target, schema, path) ??
    checkList(node, target, schema, path, expand) ??
    checkMap(node, target, schema, path, expand)
  )
}

type Plain = Extract<AstTarget, { kind: 'scalar' | 'list' | 'map' }>

function checkChoice(node: AstNode, target: Plain, schema: Schema, path: string): Finding | null {
  const choices = schema.const !== undefined ? [schema.const] : listOf(schema.enum)
  if (choices === null || target.kind !== 'scalar' || choices.some(choice => choice === target.value)) return null
  const names = choices.map(choice => (typeof choice === 'string' ? choice : JSON.stringify(choice)))
  const message = `${lastOf(path)} must be ${names.length > 1 ? 'one of ' : ''}${names.join(', ')}, not ${describe(node)}`
  return {
    rule: 'not-a-choice',
    span: node.span,
    path,
    message,
    hint: names.length > 1 ? didYouMean(target.text, names) : '',
  }
}

const WORDS: { readonly [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
  array: 'a list',
  object: 'a map',
}

function checkType(node: AstNode, target: Plain, schema: Schema, path: string): Finding | null {
  const types = typeof schema.type === 'string' ? [schema.type] : (listOf(schema.type) as readonly string[] | null)
  if (types === null || types.some(type => isType(target, type))) return null
  const wanted = types.map(type => WORDS[type] ?? type).join(' or ')
  const message = `${lastOf(path)} must be ${wanted}, not ${describe(node)}`
  return { rule: 'wrong-type', span: node.span, path, message, hint: typeHint(target, types) }
}

function isType(target: Plain, type: string): boolean {
  if (target.kind === 'list') return type === 'array'
  if (target.kind === 'map') return type === 'object'
  if (target.value === null) return type === 'null'
  if (typeof target.value === 'number')
    return type === 'number' || (type === 'integer' && Number.isInteger(target.value))
  return type === (typeof target.value === 'boolean' ? 'boolean' : 'string')
}

function typeHint(target: Plain, types: readonly string[]): string {
  if (target.kind !== 'scalar') return ''
  if (types.includes('boolean') && /^(yes|no|on|off)$/i.test(target.text)) return 'YAML 1.2 knows only true and false'
  if (types.includes('string') && typeof target.value !== 'string') return `quote it: "${short(target.text)}"`
  const number = types.includes('number') || types.includes('integer')
  if (
    number &&
    typeof target.value === 'string' &&
    target.value.trim() !== '' &&
    Number.isFinite(Number(target.value))
  ) {
    return `write ${short(target.value)} without quotes`
  }
  return ''
}

function checkNumber(node: AstNode, target: Plain, schema: Schema, path: string): Finding | null {
  if (target.kind !== 'scalar' || typeof target.value !== 'number') return null
  const value = target.value
  const wrong = (what: string): Finding => {
    const message = `${lastOf(path)} must be ${what}, not ${short(target.text)}`
    return { rule: 'out-of-range', span: node.span, path, message }
  }
  const bounds: readonly [Json | undefined, (bound: number) => boolean, string][] = [
    [schema.minimum, bound => value >= bound, 'at least'],
    [schema.maximum, bound => value <= bound, 'at most'],
    [schema.exclusiveMinimum, bound => value > bound, 'greater than'],
    [schema.exclusiveMaximum, bound => value < bound, 'less than'],
  ]
  for (const [bound, fits, words] of bounds) {
    if (typeof bound === 'number' && !fits(bound)) return wrong(`${words} ${bound}`)
  }
  const step = schema.multipleOf
  if (typeof step === 'number' && step > 0) {
    const times = value / step
    if (Math.abs(times - Math.round(times)) > 1e-9 * Math.max(1, Math.abs(times))) return wrong(`a multiple of ${step}`)
  }
  return null
}

function checkText(node: AstNode, target: Plain, schema: Schema, path: string): Finding | null {
  if (target.kind !== 'scalar' || typeof target.value !== 'string') return null
  return checkSize(node, target.value.length, schema.minLength, schema.maxLength, 'letters', path)
}

function checkList(node: AstNode, target: Plain, schema: Schema, path: string, expand: Expand): Finding | null {
  if (target.kind !== 'list') return null
  const size = checkSize(node, target.items.length, schema.minItems, schema.maxItems, 'values', path)
  if (size !== null) return size
  const prefix = listOf(schema.prefixItems) ?? []
  return first(target.items, (item, i) => {
    const part = prefix[i] ?? schema.items
    return isSchema(part) ? checkSchema(item, part, item.path, expand) : null
  })
}

function checkMap(node: AstNode, target: Plain, schema: Schema, path: string, expand: Expand): Finding | null {
  if (target.kind !== 'map') return null
  const properties = isSchema(schema.properties) ? schema.properties : {}
  for (const name of listOf(schema.required) ?? []) {
    if (target.entries.some(entry => entry.key === name)) continue
    return { rule: 'missing-keyword', span: node.span, path, message: `${lastOf(path)} has no \`${String(name)}\`` }
  }
  return first(target.entries, entry => {
    const part = Object.hasOwn(properties, entry.key) ? properties[entry.key] : schema.additionalProperties
    if (part === false) {
      const message = `${lastOf(path)} has no key \`${short(entry.key)}\``
      const hint = didYouMean(entry.key, Object.keys(properties))
      return { rule: 'unknown-keyword', span: entry.keySpan, path: entry.path, message, hint }
    }
    return isSchema(part) ? checkSchema(entry.value, part, entry.path, expand) : null
  })
}

function checkSize(
  node: AstNode,
  size: number,
  min: Json | undefined,
  max: Json | undefined,
  what: string,
  path: string,
): Finding | null {
  const wanted =
    typeof min === 'number' && size < min
      ? `at least ${min}`
      : typeof max === 'number' && size > max
        ? `at most ${max}`
        : null
  if (wanted === null) return null
  return {
    rule: 'out-of-range',
    span: node.span,
    path,
    message: `${lastOf(path)} must have ${wanted} ${what}, not ${size}`,
  }
}

/** Of several alternatives that all fail: the one whose type fits, else all types together. */
function bestOf(findings: readonly Finding[], any: readonly Json[], node: AstNode, path: string): Finding {
  const near = findings.find(finding => finding.rule !== 'wrong-type')
  if (near !== undefined) return near
  const types = any.flatMap(option => (isSchema(option) ? (listOf(option.type) ?? [option.type ?? 'any']) : []))
  const wanted = [...new Set(types.map(type => WORDS[String(type)] ?? String(type)))].join(' or ')
  return {
    rule: 'wrong-type',
    span: node.span,
    path,
    message: `${lastOf(path)} must be ${wanted}, not ${describe(node)}`,
  }
}

function first<Item>(items: readonly Item[], check: (item: Item, index: number) => Finding | null): Finding | null {
  for (const [i, item] of items.entries()) {
    const finding = check(item, i)
    if (finding !== null) return finding
  }
  return null
}

function isSchema(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: Json | undefined): readonly Json[] | null {
  return Array.isArray(value) ? (value as readonly Json[]) : null
}

/** The name of the value in messages: the last keyword of its path, with the places after it. */
function lastOf(path: string): string {
  const last = path.slice(path.lastIndexOf('.') + 1)
  return `\`${last === '' ? path : last}\``
}
