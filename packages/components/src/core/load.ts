/**
 * `load(dir)`: a component tree from a save folder, rebuilt from its recorded configuration, then given its state. Runs no
 * code but the named, registered classes. A child's folder loads alone when its configuration needs nothing outside of it.
 */
import { resolve } from 'node:path'
import { type Component, loading } from './component.ts'
import { construct } from './construct.ts'
import { LoadError } from './failure.ts'
import { readConfig, within } from './folder.ts'
import { type Paths, resourcePath } from './resources.ts'
import { type RestoreOptions, restore } from './state.ts'
import { decode, type Json, type Tagged } from './values.ts'

export interface LoadOptions extends Pick<RestoreOptions, 'strict'> {
  /** Keywords of the root that replace the saved ones. */
  readonly keywords?: { readonly [name: string]: unknown }
  /** Where resources are that saved keywords name; inside a trial, those of its experiment are known. */
  readonly resources?: Paths
}

/** Throws a LoadError when the folder is damaged, not self-contained, or of an unknown class or version. */
export async function load(
  dir: string,
  { keywords = {}, resources = {}, strict = true }: LoadOptions = {},
): Promise<Component> {
  const root = resolve(dir)
  const built = new Map<string, Promise<Component>>()
  /** Being built, from the root to the one at hand: one is built after the other. */
  const open = new Set<string>()
  const at = async (path: string): Promise<Component> => {
    if (open.has(path)) throw new LoadError(`${path} is damaged: it is needed to build itself`)
    let promise = built.get(path)
    if (promise === undefined) {
      open.add(path)
      promise = rebuild(path).finally(() => open.delete(path))
      built.set(path, promise)
    }
    return await promise
  }
  const rebuild = async (path: string): Promise<Component> => {
    const config = readConfig(path)
    if (config.args === null)
      throw new LoadError(
        `${path}: this ${config.class} was not built from a configuration: load the component above it`,
      )
    const given = path === root ? keywords : {}
    const args = config.args.filter(([name]) => !Object.hasOwn(given, name)) as [string, Json][]
    return make(config, args, path, given)
  }
  const make = async (
    recipe: { readonly tag: string; readonly factory: string | null },
    args: readonly (readonly [string, Json])[],
    path: string,
    given: { readonly [name: string]: unknown } = {},
  ): Promise<Component> => {
    const values = new Map<string, unknown>()
    for (const [name, json] of args) values.set(name, await value(json, name, path))
    for (const [name, v] of Object.entries(given)) values.set(name, v)
    return construct({ ...recipe, path }, values)
  }
  // Components are built first, one after the other, because decoding is synchronous.
  const value = async (json: Json, name: string, path: string): Promise<unknown> => {
    const parts = new Map<Tagged, unknown>()
    const found: Tagged[] = []
    decode(json, tagged => found.push(tagged))
    for (const tagged of found) {
      if (tagged.$opaque !== undefined)
        throw new LoadError(
          `${path}: the keyword "${name}" was a ${String(tagged.$opaque)}, which a folder cannot hold`,
        )
      if (tagged.$resource !== undefined) {
        const place = resourcePath(tagged, resources)
        if (place === undefined)
          throw new LoadError(
            `${path}: the keyword "${name}" is the resource "${String(tagged.$resource)}": say where it is with {resources}, or give the keyword`,
          )
        parts.set(tagged, place)
        continue
      }
      const part = tagged.$component as
        | { path: string }
        | { tag: string; factory: string | null; args: [string, Json][] }
      parts.set(tagged, 'path' in part ? await at(within(root, path, part.path)) : await make(part, part.args, path))
    }
    return decode(json, tagged => parts.get(tagged))
  }
  const component = await at(root)
  await restore(component, root, { strict })
  return component
}

loading.load = (path, keywords) => load(path, { keywords })
