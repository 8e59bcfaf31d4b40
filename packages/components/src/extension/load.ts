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
  for (const [key, value] of exports(exported)) {
    if (key === 'default' || !isComponent(value)) continue
    const tags: unknown = Object.hasOwn(value, 'tags') ? (value.tags ?? []) : []
    for (const tag of [key, ...(Array.isArray(tags) ? tags : [tags])]) {
      if (typeof tag !== 'string' || !TAG.test(tag))
        throw new ConfigurationError(`the extension ${name} cannot have the tag ${JSON.stringify(tag)} (class ${key})`)
      const other = found.get(`${name}.${tag}`)
      if (other !== undefined && other !== value)
        throw new ConfigurationError(`the extension ${name} has two classes for !${name}.${tag}`)
      found.set(`${name}.${tag}`, value)
    }
  }
  if (found.size === 0)
    throw new ConfigurationError(`the extension ${name} has no component: none of its named exports extends Component`)
  for (const [tag, cls] of found) registerAs(tag, cls)
  return found
}

/** As the language reads them, behind the extension's name. */
const TAG = /^[A-Za-z_$][\w$-]*$/

/** By name; of a CommonJS module whose names Node could not see, those of what it exports. */
function exports(of: object): [string, unknown][] {
  const named = Object.entries(of)
  const whole: unknown = 'default' in of ? of.default : undefined
  if (named.some(([key, value]) => key !== 'default' && isComponent(value))) return named
  return typeof whole === 'object' && whole !== null ? Object.entries(whole) : named
}

async function importFrom(name: string, folder: string): Promise<object> {
  try {
    const entry = entryOf(folder)
    if (entry === null) throw new Error('there is no index.js, and no package.json that names another file')
    await provideHost()
    return (await import(pathToFileURL(entry).href)) as object
  } catch (error) {
    const words = wordsOf(error)
    throw new ConfigurationError(`the extension ${name} cannot be loaded: ${words.slice(0, 2_000)}`)
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  const jsx = /\.[jt]sx"/.test(error.message) && code === 'ERR_UNKNOWN_FILE_EXTENSION'
  if (jsx) return `${error.message}: an extension has no pages, so JSX is not understood; compile it before`
  return `${error.name}: ${error.message}`
}

const isComponent = (value: unknown): value is ComponentClass =>
  typeof value === 'function' && value.prototype instanceof Component
