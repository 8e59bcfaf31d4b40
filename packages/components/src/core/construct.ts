/**
 * One component from a class, an optional factory and built keywords: checks the keywords, calls the factory or the
 * constructor, then `built`. Called by compile and load. What is wrong with keywords is a ConfigurationError with key path.
 */
import type { ZodObject } from 'zod'
import { Component, type ComponentClass, type Factory } from './component.ts'
import { ConfigurationError } from './failure.ts'
import { setOrigin } from './origin.ts'
import { lookup } from './registry.ts'
import { hasConstructor, type Signature, signatureOfClass, signatureOfFunction } from './signature.ts'

export interface Recipe {
  readonly tag: string
  readonly factory: string | null
  /** Key path in the document, for errors. */
  readonly path: string
}

/** The class behind a tag, or a ConfigurationError. */
export function classFor(recipe: Recipe): ComponentClass {
  const cls = lookup(recipe.tag)
  if (cls === undefined) throw new ConfigurationError(`there is no component !${recipe.tag}`, recipe.path)
  return cls
}

export async function construct(recipe: Recipe, args: ReadonlyMap<string, unknown>): Promise<Component> {
  const cls = classFor(recipe)
  const factory = recipe.factory === null ? null : factoryOf(cls, recipe.factory)
  if (factory === undefined)
    throw new ConfigurationError(`!${recipe.tag} has no factory "${recipe.factory}"`, recipe.path)
  const params = factory === null ? paramsOf(cls) : factory.params
  if (params === undefined)
    checkNames(factory === null ? signatureOfClass(cls) : signatureOfFunction(factory), args, recipe)
  const keywords = params === undefined ? Object.fromEntries(args) : await check(params, args, recipe)
  const made =
    factory === null
      ? new (cls as unknown as new (args: unknown) => Component)(keywords)
      : await factory.call(cls, keywords)
  if (!(made instanceof Component)) throw new TypeError(`!${recipe.tag} did not build a component`)
  setOrigin(made, { tag: recipe.tag, factory: recipe.factory, args: Object.entries(keywords) })
  await made.built?.()
  return made
}

/** Own factories and inherited ones; never those of a sibling. */
export function factoryOf(cls: ComponentClass, name: string): Factory | undefined {
  return factoriesOf(cls).get(name)
}

export function factoriesOf(cls: ComponentClass): ReadonlyMap<string, Factory> {
  const found = new Map<string, Factory>()
  for (const c of chain(cls))
    if (Object.hasOwn(c, 'factories'))
      for (const [name, factory] of Object.entries(c.factories)) if (!found.has(name)) found.set(name, factory)
  return found
}

/** The class's own schema, or an inherited one as long as no constructor in between takes other keywords. */
export function paramsOf(cls: ComponentClass): ZodObject | undefined {
  for (const c of chain(cls)) {
    if (Object.hasOwn(c, 'params') && c.params !== undefined) return c.params
    if (hasConstructor(c)) return undefined
  }
  return undefined
}

/** The class and its bases, nearest first, up to Component. */
export function chain(cls: ComponentClass): ComponentClass[] {
  const classes: ComponentClass[] = []
  for (let c = cls; typeof c === 'function' && c !== Function.prototype; c = Object.getPrototypeOf(c)) classes.push(c)
  return classes
}

async function check(
  params: ZodObject,
  args: ReadonlyMap<string, unknown>,
  { tag, factory, path }: Recipe,
): Promise<{ [name: string]: unknown }> {
  if (params.def.catchall === undefined) {
    for (const name of args.keys())
      if (!Object.hasOwn(params.shape, name))
        throw unknownKeyword(name, Object.keys(params.shape), { tag, factory, path })
  }
  const parsed = await params.safeParseAsync(Object.fromEntries(args))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const key =
    issue?.path.map((k, i) => (typeof k === 'number' ? `[${k}]` : i === 0 ? String(k) : `.${String(k)}`)).join('') ?? ''
  const name = issue?.path[0]
  if (issue !== undefined && issue.path.length === 1 && typeof name === 'string' && !args.has(name))
    throw missingKeyword(name, { tag, factory, path })
  throw new ConfigurationError(issue?.message ?? 'wrong keywords', key === '' ? path : `${path}.${key}`)
}

function checkNames(signature: Signature | null, args: ReadonlyMap<string, unknown>, recipe: Recipe): void {
  if (signature === null) return
  const names = signature.names.map(n => n.name)
  if (!signature.open)
    for (const name of args.keys()) if (!names.includes(name)) throw unknownKeyword(name, names, recipe)
  for (const { name, required } of signature.names) if (required && !args.has(name)) throw missingKeyword(name, recipe)
}

const written = ({ tag, factory }: Recipe) => (factory === null ? `!${tag}` : `!${tag}.${factory}`)

const missingKeyword = (name: string, recipe: Recipe) =>
  new ConfigurationError(`${written(recipe)} needs the keyword "${name}"`, recipe.path)

const unknownKeyword = (name: string, known: readonly string[], recipe: Recipe) =>
  new ConfigurationError(
    `${written(recipe)} has no keyword "${name}"; it has ${known.length === 0 ? 'none' : known.join(', ')}`,
    recipe.path,
  )
