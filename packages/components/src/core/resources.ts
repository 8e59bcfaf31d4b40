/**
 * Where this process has each resource. Paths differ from machine to machine, so that saved configurations name the resource
 * instead and equal trials give equal checkpoints everywhere. `compile` says what there is; state.ts asks when it writes,
 * load.ts when it reads.
 */
import { isAbsolute, join, sep } from 'node:path'
import type { Tagged } from './values.ts'

export interface Paths {
  /** Path by name of the resource. */
  readonly [name: string]: string
}

let known: Paths = {}

export function setResources(paths: Paths): void {
  known = paths
}

/** The resource that a path is or lies in, the innermost if there are several; undefined for any other text. */
export function asResource(text: string): Tagged | undefined {
  let found: Tagged | undefined
  let longest = 0
  for (const [name, path] of Object.entries(known)) {
    if (path.length <= longest || !isAbsolute(path)) continue
    if (text === path) found = { $resource: name }
    else if (text.startsWith(path + sep))
      found = {
        $resource: name,
        path: text
          .slice(path.length + 1)
          .split(sep)
          .join('/'),
      }
    else continue
    longest = path.length
  }
  return found
}

/** The path here; undefined when this process has no such resource. `given` goes before what `compile` said. */
export function resourcePath({ $resource, path }: Tagged, given: Paths = {}): string | undefined {
  const name = String($resource)
  const root = Object.hasOwn(given, name) ? given[name] : Object.hasOwn(known, name) ? known[name] : undefined
  return root === undefined || typeof path !== 'string' ? root : join(root, path)
}
