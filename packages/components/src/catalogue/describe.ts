/**
 * What the language needs to know about a class, as plain data (CatalogueEntry): keywords from `static params` or from the
 * constructor's text, attributes, callable methods, factories, direction, kinds. Called when the built-in catalogue is
 * written, and by whoever describes an extension.
 */
import type { Catalogue, CatalogueEntry, CatalogueParam } from '@flambe/language'
import { type ZodObject, z } from 'zod'
import type { ComponentClass, Factory } from '../core/component.ts'
import { factoriesOf, paramsOf } from '../core/construct.ts'
import { attributesOf, callableOf } from '../core/links.ts'
import { kinds } from '../core/params.ts'
import { type Signature, signatureOfClass, signatureOfFunction } from '../core/signature.ts'
import type { Json } from '../core/values.ts'

export function describeAll(classes: ReadonlyMap<string, ComponentClass>): Catalogue {
  const tags = [...classes].sort(([a], [b]) => (a < b ? -1 : 1))
  return { components: Object.fromEntries(tags.map(([tag, cls]) => [tag, describe(tag, cls)])) }
}

export function describe(tag: string, cls: ComponentClass): CatalogueEntry {
  const params = paramsOf(cls)
  return {
    tag,
    description: cls.description ?? '',
    ...(params === undefined ? fromSignature(signatureOfClass(cls)) : fromSchema(params)),
    factories: Object.fromEntries([...factoriesOf(cls)].map(([name, factory]) => [name, describeFactory(factory)])),
    attributes: attributesOf(cls),
    callable: callableOf(cls),
    lower_is_better: cls.lower_is_better ?? null,
    kinds: kinds(cls).slice(1),
    ...(cls.one_of === undefined ? {} : { one_of: cls.one_of }),
  }
}

type Keywords = Pick<CatalogueEntry, 'params' | 'open'>

const describeFactory = (factory: Factory) => ({
  description: factory.description ?? '',
  ...(factory.params === undefined ? fromSignature(signatureOfFunction(factory)) : fromSchema(factory.params)),
})

function fromSignature(signature: Signature | null): Keywords {
  if (signature === null) return { params: [], open: true }
  const params = signature.names.map(({ name, required, default: value }) => ({
    name,
    required,
    description: '',
    ...(value === undefined ? {} : { default: value }),
  }))
  return { params, open: signature.open }
}

type Schema = { readonly [key: string]: Json }

function fromSchema(params: ZodObject): Keywords {
  const whole = z.toJSONSchema(params, { unrepresentable: 'any', io: 'input' }) as unknown as {
    properties?: { [name: string]: Schema }
    required?: string[]
  }
  return {
    params: Object.entries(whole.properties ?? {}).map(([name, schema]) =>
      describeParam(name, schema, whole.required?.includes(name) ?? false),
    ),
    open: params.def.catchall !== undefined && !(params.def.catchall instanceof z.ZodNever),
  }
}

function describeParam(name: string, schema: Schema, required: boolean): CatalogueParam {
  const kind = kindOf(schema)
  const { description = '', default: value, path, ...rest } = schema
  const written = clean(rest) as Schema
  return {
    name,
    required,
    description: description as string,
    ...(value === undefined ? {} : { default: value }),
    ...(kind !== undefined || Object.keys(written).length === 0 ? {} : { schema: written }),
    ...(kind === undefined ? {} : { component: kind }),
    ...(path === 'shipped' ? { path } : {}),
  }
}

/** The kind that `component()` marked, also behind `.nullable()`. */
function kindOf(schema: Schema): string | undefined {
  if (typeof schema.component === 'string') return schema.component
  const options = Array.isArray(schema.anyOf) ? (schema.anyOf as Schema[]) : []
  return options.map(kindOf).find(kind => kind !== undefined)
}

/** Our marks are not JSON schema, and the limits of safe integers say nothing. */
function clean(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(clean)
  if (schema === null || typeof schema !== 'object') return schema
  const kept = Object.entries(schema).filter(
    ([key, value]) =>
      !(key === 'component' && typeof value === 'string') && Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER,
  )
  return Object.fromEntries(kept.map(([key, value]) => [key, clean(value)]))
}
