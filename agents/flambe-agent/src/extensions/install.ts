/**
 * Extensions by their content: each is installed once, however many attempts and experiments use it, and stays under the same path, so
 * that a trial process that is used again has it loaded already. What its package.json needs from npm is installed beside it,
 * without running any script of a package. Called by inputs/place.ts and describing.ts. What is kept is bounded (shelf.ts).
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MAX_EXTENSION_BYTES, MAX_EXTENSION_FILES, type Manifest } from '@flambe/protocol'
import type { Mask } from '../delivery/mask.ts'
import { CannotPlace, putBlobs } from '../inputs/blobs.ts'
import type { Cache } from '../inputs/cache.ts'
import type { Log } from '../log.ts'
import { strangerEnvironment } from '../trial/spawn.ts'
import { extensionHash } from './hash.ts'
import { bytesBelow, openShelf } from './shelf.ts'

/** Name under which an extension's folder stands among the resources of a spec. */
export { EXTENSION } from './hash.ts'

export interface Extensions {
  /**
   * Path of its folder, which stays while an attempt folder or a waiting process names it. Throws CannotPlace, what the cache
   * throws, the signal's reason, and an Error when npm fails.
   */
  install(name: string, manifest: Manifest, signal: AbortSignal): Promise<string>
  /** As install; the folder stays until `work` is done. */
  use<T>(name: string, manifest: Manifest, signal: AbortSignal, work: (path: string) => Promise<T>): Promise<T>
}

/** There is no npm on this machine: on another one there may be. */
export class NoNpm extends CannotPlace {}

/** ms for npm. */
const LIMIT = 600_000
/** Bytes of one extension with all that it needs. */
const LARGEST = 2 * 1024 * 1024 * 1024

export function openExtensions(options: {
  readonly folder: string
  readonly cache: Cache
  readonly log: Log
  /** Bytes to keep, at most; what nobody uses goes first, least recently used first. */
  readonly limit: number
  /** Variables that npm does not see. */
  readonly secrets: readonly string[]
  /** For what npm says. */
  readonly mask: Mask | null
  /** Hashes of extensions that attempts and waiting processes name. */
  inUse(): ReadonlySet<string>
}): Extensions {
  const { folder, cache, log } = options
  // What a crash has left half done.
  rmSync(join(folder, 'parts'), { recursive: true, force: true })
  const running = new Map<string, Promise<string>>()
  const held = new Map<string, number>()
  const shelf = openShelf(folder, options.limit, () => new Set([...options.inUse(), ...running.keys(), ...held.keys()]))
  shelf.sweep()

  async function installOne(name: string, hash: string, manifest: Manifest, signal: AbortSignal): Promise<string> {
    const path = join(folder, hash)
    if (existsSync(path)) {
      shelf.touch(hash)
      return path
    }
    refuseHuge(name, manifest)
    const part = join(folder, 'parts', randomUUID())
    mkdirSync(part, { recursive: true, mode: 0o700 })
    try {
      await putBlobs(part, manifest, cache, signal)
      if (needsPackages(part)) {
        log.info({ extension: name }, 'installing what an extension needs from npm')
        await npmInstall(name, part, options, signal)
      }
      const bytes = bytesBelow(part)
      if (bytes > LARGEST)
        throw new CannotPlace(`the extension ${name} takes more than 2 GiB with what it needs from npm`)
      renameSync(part, path)
      shelf.add(hash, bytes)
      return path
    } finally {
      rmSync(part, { recursive: true, force: true })
    }
  }

  function install(name: string, manifest: Manifest, signal: AbortSignal): Promise<string> {
    const hash = extensionHash(manifest)
    const known = running.get(hash)
    // The one who started it may be ended; then the next one starts it again.
    if (known !== undefined) return known.catch(() => install(name, manifest, signal))
    const mine = installOne(name, hash, manifest, signal).finally(() => running.delete(hash))
    running.set(hash, mine)
    return mine
  }

  return {
    install,
    async use(name, manifest, signal, work) {
      const hash = extensionHash(manifest)
      held.set(hash, (held.get(hash) ?? 0) + 1)
      try {
        return await work(await install(name, manifest, signal))
      } finally {
        const left = (held.get(hash) ?? 1) - 1
        if (left === 0) held.delete(hash)
        else held.set(hash, left)
      }
    },
  }
}

function refuseHuge(name: string, { files }: Manifest): void {
  const bytes = files.reduce((sum, file) => sum + file.size, 0)
  if (files.length > MAX_EXTENSION_FILES) throw new CannotPlace(`the extension ${name} has more than 5,000 files`)
  if (bytes > MAX_EXTENSION_BYTES) throw new CannotPlace(`the extension ${name} is larger than 100 MiB`)
}

function needsPackages(folder: string): boolean {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return false
  try {
    const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { readonly dependencies?: object }
    return Object.keys(dependencies ?? {}).length > 0
  } catch (error) {
    throw new CannotPlace(`the package.json of an extension is damaged: ${(error as Error).message}`)
  }
}

/** Peers stay out: those are the host's own modules. */
const ARGUMENTS = [
  'install',
  '--ignore-scripts',
  '--omit=dev',
  '--omit=peer',
  '--legacy-peer-deps',
  '--no-audit',
  '--no-fund',
]

async function npmInstall(
  name: string,
  cwd: string,
  { secrets, mask }: { readonly secrets: readonly string[]; readonly mask: Mask | null },
  signal: AbortSignal,
): Promise<void> {
  try {
    const env = strangerEnvironment(process.env, secrets)
    await promisify(execFile)('npm', ARGUMENTS, { cwd, signal, timeout: LIMIT, env })
  } catch (error) {
    signal.throwIfAborted()
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string }
    if (code === 'ENOENT') throw new NoNpm(`the extension ${name} needs npm, which is not on this machine`)
    // Masked before it is cut: half a secret would not be found.
    const said = (mask?.text(stderr) ?? stderr).trim().slice(-1_000)
    throw new Error(`npm could not install what the extension ${name} needs: ${said || message}`)
  }
}
