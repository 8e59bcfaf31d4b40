/** Writes src/api/component-args.ts, the keywords of every tag as types, from the catalogue: `pnpm generate`. A test holds both in step. */
import { writeFileSync } from 'node:fs'
import { catalogue } from '@flambe/hub/plan'
import type { CatalogueParam, Json } from '@flambe/language'

const target = new URL('../src/api/component-args.ts', import.meta.url)

export function componentArgs(): string {
  const lines = [
    '// Generated from the catalogue by scripts/component-args.ts; do not edit.',
    "import type { Node, Value } from './builders.ts'",
    '',
    'export interface ComponentArgs {',
  ]
  for (const [tag, entry] of Object.entries(catalogue.components)) {
    lines.push(...member(tag, entry.description, entry.params, entry.open))
    for (const [name, factory] of Object.entries(entry.factories))
      lines.push(...member(`${tag}.${name}`, factory.description, factory.params, factory.open))
  }
  lines.push('}', '', '/** What each of them is, for keywords that take one. */', 'export interface ComponentKinds {')
  for (const [tag, { kinds, factories }] of Object.entries(catalogue.components)) {
    const is = [tag, ...kinds].map(kind => JSON.stringify(kind)).join(' | ')
    for (const name of [tag, ...Object.keys(factories).map(name => `${tag}.${name}`)])
      lines.push(`  readonly ${JSON.stringify(name)}: ${is}`)
  }
  return `${[...lines, '}'].join('\n')}\n`
}

function member(tag: string, about: string, params: readonly CatalogueParam[], open: boolean): string[] {
  const fields = params.flatMap(param => [
    ...comment(param.description, '    '),
    `    readonly ${JSON.stringify(param.name)}${param.required ? '' : '?'}: ${typeOf(param)} | undefined`,
  ])
  // A further keyword may be anything, so its type must take in those that are known.
  if (open) fields.push('    readonly [keyword: string]: Value | undefined')
  const none = params.length === 0 && !open ? ['    readonly [keyword: string]: never'] : []
  return [...comment(about, '  '), `  readonly ${JSON.stringify(tag)}: {`, ...fields, ...none, '  }']
}

const comment = (text: string, indent: string): string[] =>
  text === '' ? [] : [`${indent}/** ${text.replaceAll('*/', '* /').replaceAll('\n', ' ')} */`]

/** A link or an option may stand in place of any value. */
function typeOf({ component, schema, default: usual }: CatalogueParam): string {
  if (component !== undefined) {
    const node = component === 'Component' ? 'Node' : `Node<${JSON.stringify(component)}>`
    return usual === null ? `${node} | null` : node
  }
  if (schema === undefined) return 'Value'
  const type = schemaType(schema)
  return type === 'Value' || type.split(' | ').includes('Node') ? type : `${type} | Node`
}

function schemaType(schema: { readonly [key: string]: Json }): string {
  const { type, enum: values, anyOf } = schema
  if (Array.isArray(values)) return values.map(value => JSON.stringify(value)).join(' | ')
  if (Array.isArray(anyOf)) return unique(anyOf.map(each => schemaType(each as { [key: string]: Json })))
  if (Array.isArray(type)) return unique(type.map(each => schemaType({ type: each as Json })))
  switch (type) {
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'array':
      return 'readonly Value[]'
    case 'object':
      return '{ readonly [key: string]: Value | undefined }'
    default:
      return 'Value'
  }
}

function unique(types: readonly string[]): string {
  return types.includes('Value') ? 'Value' : [...new Set(types.flatMap(type => type.split(' | ')))].join(' | ')
}

if (process.argv[1] === import.meta.filename) writeFileSync(target, componentArgs())
