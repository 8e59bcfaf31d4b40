/**
 * Loads an extension's folder: imports it with the host's own modules and registers its named exports that are components as
 * `name.Export` (and `name.<tag>` of their `static tags`). Called by the trial process before it builds anything, and where an
 * extension is described (describe.ts). Runs the extension's code: never in a hub.
 */
import { pathToFileURL } from 'node:url'
import { Component, type ComponentClass } from '../core/component.ts'
import { ConfigurationError } from '../core/failure.ts'
import { registerAs } from '../core/registry.ts'
import { entryOf } from './entry.ts'
import { provideHost } from './host.ts'

/** Name under which an extension's folder stands among the resources of an attempt. */
export const EXTENSION = 'extension:'

/** All that an attempt's resources name. Throws ConfigurationError. */
export async function loadExtensions(resources: { readonly [name: string]: string }): Promise<void> {
  for (const [name, folder] of Object.entries(resources))
    if (name.startsWith(EXTENSION)) await loadExtension(name.slice(EXTENSION.length), folder)
}

/** @returns its components by tag. Throws ConfigurationError when it cannot be loaded or holds none. */
export async function loadExtension(name: string, folder: string): Promise<ReadonlyMap<string, ComponentClass>> {
  const exported = await importFrom(name, folder)
  const found = new Map<string, ComponentClass>()
  for (const [key, value] of Object.entries(exported)) {
    if (key === 'default' || !isComponent(value)) continue
    const tags = Object.hasOwn(value, 'tags') ? (value.tags ?? []) : []
    for (const tag of [key, ...tags]) found.set(`${name}.${tag}`, value)
  }
  if (found.size === 0)
    throw new ConfigurationError(`the extension ${name} has no component: none of its named exports extends Component`)
  for (const [tag, cls] of found) registerAs(tag, cls)
  return found
}

async function importFrom(name: string, folder: string): Promise<object> {
  try {
    const entry = entryOf(folder)
    if (entry === null) throw new Error('there is no index.js, and no package.json that names another file')
    await provideHost()
    return (await import(pathToFileURL(entry).href)) as object
  } catch (error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    throw new ConfigurationError(`the extension ${name} cannot be loaded: ${words.slice(0, 2_000)}`)
  }
}

const isComponent = (value: unknown): value is ComponentClass =>
  typeof value === 'function' && value.prototype instanceof Component
