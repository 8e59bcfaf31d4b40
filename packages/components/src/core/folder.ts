/**
 * One component's save folder: `state.json` and `state.tensors` (its own state), `config.json` (class tag, keywords,
 * children), `version.txt`. Children lie in sub-folders; a child that was reached before is a relative path to its folder.
 * Reads and writes single folders; walking the tree is state.ts.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { LoadError } from './failure.ts'
import type { Json } from './values.ts'

export const FILE = {
  values: 'state.json',
  tensors: 'state.tensors',
  config: 'config.json',
  version: 'version.txt',
  /** What `saveFiles` wrote. Never a child's name: children are own fields, whose names hold no hyphen. */
  files: 'saved-files',
} as const

const FORMAT = 1

const configSchema = z.object({
  format: z.number().int(),
  class: z.string(),
  tag: z.string(),
  factory: z.string().nullable(),
  /** null: built by other code than a configuration, so its parent makes it. */
  args: z.array(z.tuple([z.string(), z.json()])).nullable(),
  /** Child name to its folder, relative to this one. */
  children: z.array(z.tuple([z.string(), z.string()])),
  /** SHA-256 of the class's source text. */
  source: z.string(),
})
export type Config = Omit<z.infer<typeof configSchema>, 'format'>

export function writeConfig(dir: string, config: Config, version: string): void {
  writeFileSync(join(dir, FILE.config), `${JSON.stringify({ format: FORMAT, ...config }, null, 1)}\n`)
  writeFileSync(join(dir, FILE.version), `${config.class}:${version}\n`)
}

/** Throws a LoadError when there is no such folder or it is not ours to read. */
export function readConfig(dir: string): Config {
  const parsed = configSchema.safeParse(readJson(join(dir, FILE.config)))
  if (!parsed.success) throw new LoadError(`${dir}: config.json is not a component's configuration`)
  if (parsed.data.format > FORMAT)
    throw new LoadError(`${dir} was saved by a newer version (format ${parsed.data.format}, known: ${FORMAT})`)
  return parsed.data
}

export function readVersion(dir: string): string {
  const file = join(dir, FILE.version)
  return existsSync(file) ? (readFileSync(file, 'utf8').trim().split(':').at(-1) ?? '0.0.0') : '0.0.0'
}

export const readValues = (dir: string): Json => readJson(join(dir, FILE.values)) as Json

/** SHA-256 over a component's own recorded state, without its children: equal hashes are equal states. */
export function stateHash(dir: string): string {
  const hash = createHash('sha256').update(readFileSync(join(dir, FILE.values)))
  const tensors = join(dir, FILE.tensors)
  if (existsSync(tensors)) hash.update('\0').update(readFileSync(tensors))
  return hash.digest('hex')
}

/** A child's folder; a path that leads out of `root` means that the folder is not complete by itself. */
export function within(root: string, dir: string, relative: string): string {
  const path = resolve(dir, relative)
  if (path !== root && !path.startsWith(root + sep))
    throw new LoadError(`${basename(dir)} needs a component outside of ${root}: load the folder above it`)
  return path
}

function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new LoadError(`cannot read ${file}: ${(error as Error).message}`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new LoadError(`${file} is damaged: not JSON`)
  }
}
