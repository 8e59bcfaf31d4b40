/**
 * Which agent this is. A bundle has `build.json` beside it (written by build.mjs); from sources there is no build, and the hub
 * does not compare.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Build {
  readonly version: string
  /** Content hash of the bundle, null from sources. */
  readonly build: string | null
}

export function ownBuild(): Build {
  const file = fileURLToPath(new URL('./build.json', import.meta.url))
  if (!existsSync(file)) return { version: '0.1.0', build: null }
  return JSON.parse(readFileSync(file, 'utf8')) as Build
}

/** The trial runtime beside the agent; from sources the entry of @flambe/components. */
export function ownProgram(): string {
  const beside = ['./trial.mjs', './trial.cjs'].map(name => fileURLToPath(new URL(name, import.meta.url)))
  return beside.find(file => existsSync(file)) ?? fileURLToPath(import.meta.resolve('@flambe/components/trial'))
}
