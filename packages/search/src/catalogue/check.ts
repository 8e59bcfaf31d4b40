// Written params against their definitions, in words: unknown names, missing ones, values that miss their JSON schema.
// Called by the registry for every tag. It knows the few words of JSON schema that `Param.schema` names, and no others.

import type { Json } from '../json.ts'
import { closest } from './closest.ts'
import type { Param, Params } from './params.ts'

export function paramProblems(params: Params, known: readonly Param[]): string[] {
  const names = known.map(param => param.name)
  const unknown = Object.keys(params)
    .filter(name => !names.includes(name))
    .map(name => `${name}: there is no such parameter${closest(name, names)}`)
  const found = known.flatMap(param => {
    const value = Object.hasOwn(params, param.name) ? params[param.name] : undefined
    if (value === undefined || (value === null && !param.required))
      return param.required ? [`${param.name}: is needed`] : []
    if (param.schema === undefined) return []
    const wrong = valueProblem(value, param.schema)
    return wrong === null ? [] : [`${param.name}: ${wrong}`]
  })
  return [...unknown, ...found]
}

/** The defaults of those that were left out; null counts as left out. */
export function withDefaults(params: Params, known: readonly Param[]): Params {
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null))
  const defaults = known.flatMap(param => (param.default === undefined ? [] : [[param.name, param.default] as const]))
  return { ...Object.fromEntries(defaults), ...given }
}

type Schema = { readonly [key: string]: Json }

function valueProblem(value: Json, schema: Schema): string | null {
  const any = list(schema.anyOf)
  if (any !== null) {
    const problems = any.map(option => valueProblem(value, option as Schema))
    return problems.includes(null) ? null : problems.join(', or ')
  }
  const words = list(schema.enum)
  if (words !== null && !words.some(word => word === value)) return `must be ${either(words)}, not ${shown(value)}`
  const types = typeof schema.type === 'string' ? [schema.type] : list(schema.type)
  if (types !== null && !types.some(type => isType(value, type)))
    return `must be ${types.map(type => WORDS[String(type)] ?? String(type)).join(' or ')}, not ${shown(value)}`
  if (typeof value === 'number') return boundProblem(value, schema)
  if (isList(value)) return listProblem(value, schema)
  return null
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

function isType(value: Json, type: Json): boolean {
  switch (type) {
    case 'array':
      return isList(value)
    case 'null':
      return value === null
    case 'object':
      return typeof value === 'object' && value !== null && !isList(value)
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
      return Number.isFinite(value)
    default:
      return typeof value === type
  }
}

function boundProblem(value: number, schema: Schema): string | null {
  const bounds: readonly [Json | undefined, (bound: number) => boolean, string][] = [
    [schema.minimum, bound => value >= bound, 'at least'],
    [schema.maximum, bound => value <= bound, 'at most'],
    [schema.exclusiveMinimum, bound => value > bound, 'greater than'],
    [schema.exclusiveMaximum, bound => value < bound, 'less than'],
  ]
  for (const [bound, fits, words] of bounds)
    if (typeof bound === 'number' && !fits(bound)) return `must be ${words} ${bound}, not ${value}`
  return null
}

function listProblem(value: readonly Json[], schema: Schema): string | null {
  if (typeof schema.minItems === 'number' && value.length < schema.minItems)
    return `needs at least ${schema.minItems} values, not ${value.length}`
  const items = schema.items
  if (items === undefined) return null
  for (const [at, item] of value.entries()) {
    const wrong = valueProblem(item, items as Schema)
    if (wrong !== null) return `value ${at + 1} ${wrong}`
  }
  return null
}

function either(words: readonly Json[]): string {
  return words.map(word => (typeof word === 'string' ? word : shown(word))).join(' or ')
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function list(value: Json | undefined): readonly Json[] | null {
  return value !== undefined && isList(value) ? value : null
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
