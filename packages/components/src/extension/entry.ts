/**
 * The file that an extension's folder is imported by: what its package.json says (`exports`, `module`, `main`), else index.js and the
 * like. A `.ts` that is gone was transpiled when the folder was packed. Called by load.ts.
 */
import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, join, normalize } from 'node:path'

const USUAL = ['index.js', 'index.mjs', 'index.ts', 'index.mts', 'src/index.js', 'src/index.ts']

/** Null: there is none. Throws a SyntaxError when package.json is no JSON. */
export function entryOf(folder: string): string | null {
  for (const named of [...namedIn(folder), ...USUAL]) {
    const name = normalize(named)
    if (isAbsolute(name) || name.startsWith('..')) continue
    for (const path of [name, name.replace(/\.(m?)ts$/, '.$1js'), `${name}.js`]) {
      if (statSync(join(folder, path), { throwIfNoEntry: false })?.isFile()) return join(folder, path)
    }
  }
  return null
}

function namedIn(folder: string): readonly string[] {
  const file = join(folder, 'package.json')
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return []
  const about = JSON.parse(readFileSync(file, 'utf8')) as { readonly [key: string]: unknown }
  return [exported(about.exports), about.module, about.main].filter(name => typeof name === 'string')
}

/** The first that a reader of modules would take. */
function exported(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports
  const map = exports as { readonly [condition: string]: unknown }
  for (const key of ['.', 'node', 'import', 'module-sync', 'default'])
    if (map[key] !== undefined) return exported(map[key])
  return undefined
}
