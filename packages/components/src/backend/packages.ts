/** Finds packages that are no dependencies of ours (tfjs-node, tfjs-node-gpu, webgpu): installed by hand on a machine, or absent. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BackendRefused } from './opened.ts'

/** The running file: this module from sources, the bundle when bundled (CommonJS bundles have no import.meta.url). */
export function runningFile(): string {
  return typeof __filename === 'string' ? __filename : fileURLToPath(import.meta.url)
}

/** In a CommonJS bundle: files that packages keep beside themselves lie beside the bundle, or nowhere. */
export const bundled = (): boolean => (import.meta.url as string | undefined) === undefined

export interface Installed {
  readonly version: string
  readonly require: NodeJS.Require
  /** Absolute path of the package's entry, for `import()`. */
  readonly entry: string
}

/** Looks into `folders`, then from the working folder, then from the running file. */
export function installed(name: string, folders: readonly string[] = []): Installed {
  for (const folder of [...folders, process.cwd(), dirname(runningFile())]) {
    const require = createRequire(join(folder, 'x.cjs'))
    const home = (require.resolve.paths(name) ?? [])
      .map(p => join(p, name))
      .find(p => existsSync(join(p, 'package.json')))
    if (home === undefined) continue
    const about = require(join(home, 'package.json')) as { version: string; main?: string; exports?: unknown }
    return { version: about.version, require, entry: entryOf(home, about) }
  }
  throw new BackendRefused(`${name} is not installed`)
}

/** ESM-only packages have no entry for require.resolve: read `exports` far enough for a single entry. */
function entryOf(home: string, about: { main?: string; exports?: unknown }): string {
  let found: unknown = about.exports ?? about.main ?? 'index.js'
  while (found !== null && typeof found === 'object') {
    const map = found as { [key: string]: unknown }
    found = map['.'] ?? map.import ?? map.node ?? map.default ?? about.main ?? 'index.js'
  }
  return join(home, String(found))
}
