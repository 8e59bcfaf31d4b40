/**
 * The catalogue as JSON schemas (draft 2020-12): of a component's keywords as they are written in YAML, for `flambe components --json`
 * and editors. Pure. A link, an option or a component may stand where a value does, so each keyword says its kind in
 * `x-component`, and tools that know no tags should treat a tagged value as fitting.
 */
import type { Catalogue, CatalogueEntry, CatalogueParam, Json } from '@flambe/language'

type Schema = { readonly [key: string]: Json }

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/** All tags, factories too. */
export const tagsOf = ({ components }: Catalogue): string[] =>
  Object.values(components).flatMap(({ tag, factories }) => [
    tag,
    ...Object.keys(factories).map(name => `${tag}.${name}`),
  ])

/** `factory`: of its keywords, not those of the constructor. */
export function componentSchema(entry: CatalogueEntry, factory: string | null = null): Schema {
  return { $schema: DRAFT, ...bare(entry, factory) }
}

/** One schema a tag in `$defs`. */
export function catalogueSchema({ components }: Catalogue): Schema {
  const defs = Object.values(components).flatMap(entry => [
    [entry.tag, bare(entry, null)] as const,
    ...Object.keys(entry.factories).map(name => [`${entry.tag}.${name}`, bare(entry, name)] as const),
  ])
  return { $schema: DRAFT, title: 'Components', $defs: Object.fromEntries(defs) }
}

function bare(entry: CatalogueEntry, factory: string | null): Schema {
  const { tag, kinds, attributes, callable, lower_is_better, one_of, alias_of } = entry
  const of = factory === null ? entry : entry.factories[factory]
  if (of === undefined) throw new Error(`!${tag} has no factory ${factory}`)
  const required = of.params.filter(param => param.required).map(param => param.name)
  return {
    title: factory === null ? tag : `${tag}.${factory}`,
    description: of.description,
    type: 'object',
    properties: Object.fromEntries(of.params.map(param => [param.name, keyword(param)])),
    ...(required.length === 0 ? {} : { required }),
    ...(factory !== null || one_of === undefined ? {} : { allOf: one_of.map(exactlyOne) }),
    additionalProperties: of.open,
    'x-tag': `!${factory === null ? tag : `${tag}.${factory}`}`,
    'x-kinds': kinds,
    'x-attributes': attributes,
    'x-callable': callable,
    'x-lower-is-better': lower_is_better,
    ...(alias_of == null ? {} : { 'x-alias-of': alias_of }),
  }
}

const exactlyOne = (names: readonly string[]): Schema => ({ oneOf: names.map(name => ({ required: [name] })) })

function keyword({ description, default: usual, schema, component, path }: CatalogueParam): Schema {
  return {
    ...(component === undefined ? schema : { 'x-component': component }),
    description,
    ...(usual === undefined ? {} : { default: usual }),
    ...(path === undefined ? {} : { 'x-path': path }),
  }
}

/** What a keyword takes, in a few words. */
export function typeOf({ component, path, schema }: CatalogueParam): string {
  if (component !== undefined) return `!${component}`
  if (path !== undefined) return 'path'
  return schema === undefined ? 'any' : words(schema)
}

function words({ type, enum: values, anyOf }: Schema): string {
  if (Array.isArray(values)) return values.map(String).join(' | ')
  if (Array.isArray(anyOf)) return [...new Set(anyOf.map(each => words(each as Schema)))].join(' | ')
  return Array.isArray(type) ? type.join(' | ') : String(type ?? 'any')
}
