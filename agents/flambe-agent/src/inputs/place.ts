/**
 * Puts what an attempt needs into its folder, out of the cache: checkpoints of ancestors, the one to go on from, resources;
 * then writes places.json, which tells the trial where they lie. Done again from the start after a restart.
 * A manifest's paths are labels of somebody else: each is checked here again, and must end up below its folder (S5, S9).
 */
import { chmodSync, constants, copyFileSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { FOLDER, type Manifest, manifestPath, type Places } from '@flambe/protocol'
import { writeDurable } from '../files.ts'
import type { AttemptFolder } from '../folder.ts'
import type { Cache } from './cache.ts'

/** Above this a link saves more than a private copy is worth. */
const COPY_BYTES = 1024 * 1024

/** What the user asked for cannot be had on this machine. */
export class CannotPlace extends Error {}

export interface Surroundings extends Pick<Places, 'agent' | 'hub' | 'backend'> {
  /** Absolute: where relative `!cluster` locations start. */
  readonly base: string
}

/** Throws CannotPlace, what the cache throws, and the signal's reason. */
export async function place(
  folder: AttemptFolder,
  cache: Cache,
  { base, ...about }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const { spec, path } = folder
  const put = async (manifest: Manifest, ...names: string[]) => {
    const root = join(path, ...names)
    rmSync(root, { recursive: true, force: true })
    mkdirSync(root, { recursive: true })
    for (const file of manifest.files) {
      const target = below(root, file.path)
      const blob = await cache.fetch(file.sha256, file.size, signal)
      mkdirSync(dirname(target), { recursive: true })
      copy(blob, target, file)
    }
    return root
  }

  const inputs: Record<string, string> = {}
  for (const [block, input] of Object.entries(spec.inputs)) inputs[block] = await put(input.manifest, 'inputs', block)
  const resume = spec.resume === null ? null : await put(spec.resume.manifest, 'resume')
  const resources: Record<string, string> = {}
  for (const [index, [name, resource]] of Object.entries(spec.resources).entries()) {
    if (resource.kind === 'cluster') {
      resources[name] = onThisMachine(name, resource.location, base, about.agent.name)
      continue
    }
    // By number: a resource's name is a label and may hold anything.
    const root = await put(resource.manifest, 'resources', String(index))
    const [only] = resource.manifest.files
    resources[name] = resource.manifest.kind === 'file' && only !== undefined ? below(root, only.path) : root
  }
  const places: Places = { inputs, resume, resources, ...about }
  // Not durable: after a power loss it is all placed again.
  writeDurable(join(path, FOLDER.places), JSON.stringify(places), 0o600, false)
}

/** Where a `!cluster` location lies here: `~` is the home of the agent's user. */
function onThisMachine(name: string, location: string, base: string, agent: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location))
    throw new CannotPlace(`resource ${name}: fetching ${location} is not supported yet`)
  const path = /^~(\/|$)/.test(location) ? join(homedir(), location.slice(1)) : resolve(base, location)
  try {
    statSync(path)
    return path
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be looked at (${code ?? 'unknown reason'})`
    throw new CannotPlace(`resource ${name}: ${path} ${why} on agent ${agent}`)
  }
}

function below(root: string, name: string): string {
  const target = join(root, manifestPath.parse(name))
  const way = relative(root, target)
  if (way === '' || way.startsWith('..') || way.split(sep).includes('..')) throw new CannotPlace(`unsafe path ${name}`)
  return target
}

function copy(
  blob: string,
  target: string,
  file: { readonly size: number; readonly executable?: boolean | undefined },
): void {
  const executable = file.executable === true
  if (file.size > COPY_BYTES && !executable) {
    try {
      linkSync(blob, target)
      return
    } catch (error) {
      // Another file system, or too many links: a copy does.
      if (!['EXDEV', 'EMLINK', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  copyFileSync(blob, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  chmodSync(target, executable ? 0o755 : 0o644)
}
