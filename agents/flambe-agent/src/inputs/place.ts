/**
 * Puts what an attempt needs into its folder, out of the cache: checkpoints of ancestors, the one to go on from, resources;
 * then writes places.json, which tells the trial where they lie. Done again from the start after a restart. Extensions are installed
 * once for all attempts.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { FOLDER, type Manifest, type Places } from '@flambe/protocol'
import { EXTENSION, type Extensions } from '../extensions/install.ts'
import { writeDurable } from '../files.ts'
import type { AttemptFolder } from '../folder.ts'
import { below, CannotPlace, copy, putBlobs } from './blobs.ts'
import type { Cache } from './cache.ts'
import { megabytes, slowly } from './slowly.ts'
import { UrlRefused, type Urls } from './urls.ts'

export interface Surroundings extends Pick<Places, 'agent' | 'hub' | 'backend'> {
  /** Absolute: where relative `!cluster` locations start. */
  readonly base: string
}

/** Throws CannotPlace, what the cache throws, and the signal's reason. */
export async function place(
  folder: AttemptFolder,
  { cache, urls, extensions }: { readonly cache: Cache; readonly urls: Urls; readonly extensions: Extensions },
  { base, ...about }: Surroundings,
  signal: AbortSignal,
  tell: (words: string) => void,
): Promise<void> {
  const { spec, path } = folder
  const put = async (what: string, manifest: Manifest, ...names: string[]) => {
    const root = join(path, ...names)
    rmSync(root, { recursive: true, force: true })
    const size = manifest.files.reduce((sum, file) => sum + file.size, 0)
    await slowly(`fetching ${what} from the hub: ${megabytes(size)}`, tell, putBlobs(root, manifest, cache, signal))
    return root
  }

  const inputs: Record<string, string> = {}
  for (const [block, input] of Object.entries(spec.inputs))
    inputs[block] = await put(`the checkpoint of ${block}`, input.manifest, 'inputs', block)
  const resume = spec.resume === null ? null : await put('its checkpoint', spec.resume.manifest, 'resume')
  const resources: Record<string, string> = {}
  for (const [index, [name, resource]] of Object.entries(spec.resources).entries()) {
    if (resource.kind === 'cluster' && URL_LIKE.test(resource.location)) {
      const got = await fetched(name, () => urls.fetch(spec.experiment.id, resource.location, signal, tell))
      const target = below(join(path, 'resources', String(index)), got.name)
      rmSync(dirname(target), { recursive: true, force: true })
      for (const file of got.files) {
        const place = file.path === null ? target : below(target, file.path)
        mkdirSync(dirname(place), { recursive: true })
        copy(file.kept, place, file)
      }
      resources[name] = target
      continue
    }
    if (resource.kind === 'cluster') {
      resources[name] = onThisMachine(name, resource.location, base, about.agent.name)
      continue
    }
    if (name.startsWith(EXTENSION)) {
      const extension = name.slice(EXTENSION.length)
      const installed = extensions.install(extension, resource.manifest, signal)
      resources[name] = await slowly(`installing the extension ${extension}`, tell, installed)
      continue
    }
    // By number: a resource's name is a label and may hold anything.
    const root = await put(`resource ${name}`, resource.manifest, 'resources', String(index))
    const [only] = resource.manifest.files
    resources[name] = resource.manifest.kind === 'file' && only !== undefined ? below(root, only.path) : root
  }
  const places: Places = { inputs, resume, resources, ...about }
  // Not durable: after a power loss it is all placed again.
  writeDurable(join(path, FOLDER.places), JSON.stringify(places), 0o600, false)
}

const URL_LIKE = /^(https?|s3):\/\//i

async function fetched<T>(name: string, get: () => Promise<T>): Promise<T> {
  try {
    return await get()
  } catch (error) {
    if (error instanceof UrlRefused) throw new CannotPlace(`resource ${name}: ${error.message}`)
    throw error
  }
}

/** Where a `!cluster` location lies here: `~` is the home of the agent's user. */
function onThisMachine(name: string, location: string, base: string, agent: string): string {
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
