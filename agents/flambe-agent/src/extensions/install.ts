/**
 * Extensions by their content: each is installed once, however many attempts and experiments use it, and stays under the same path, so
 * that a trial process that is used again has it loaded already. What its package.json needs from npm is installed beside it,
 * without running any script of a package. Called by inputs/place.ts.
 */
import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Manifest } from '@flambe/protocol'
import { CannotPlace, putBlobs } from '../inputs/blobs.ts'
import type { Cache } from '../inputs/cache.ts'
import type { Log } from '../log.ts'
import { trialEnvironment } from '../trial/spawn.ts'

/** Name under which an extension's folder stands among the resources of a spec. */
export const EXTENSION = 'extension:'

export interface Extensions {
  /** Path of its folder. Throws CannotPlace, what the cache throws, the signal's reason, and an Error when npm fails. */
  install(name: string, manifest: Manifest, signal: AbortSignal): Promise<string>
}

/** ms for npm. */
const LIMIT = 600_000

export function openExtensions(options: {
  readonly folder: string
  readonly cache: Cache
  readonly log: Log
}): Extensions {
  const { folder, cache, log } = options
  // What a crash has left half done.
  rmSync(join(folder, 'parts'), { recursive: true, force: true })
  const running = new Map<string, Promise<string>>()

  async function installOne(name: string, hash: string, manifest: Manifest, signal: AbortSignal): Promise<string> {
    const path = join(folder, hash)
    if (existsSync(path)) return path
    const part = join(folder, 'parts', randomUUID())
    mkdirSync(part, { recursive: true, mode: 0o700 })
    try {
      await putBlobs(part, manifest, cache, signal)
      if (needsPackages(part)) {
        log.info({ extension: name }, 'installing what an extension needs from npm')
        await npmInstall(name, part, signal)
      }
      renameSync(part, path)
      return path
    } finally {
      rmSync(part, { recursive: true, force: true })
    }
  }

  return {
    install(name, manifest, signal) {
      const hash = hashOf(manifest)
      const known = running.get(hash)
      // The one who started it may be ended; then the next one starts it again.
      if (known !== undefined) return known.catch(() => this.install(name, manifest, signal))
      const mine = installOne(name, hash, manifest, signal).finally(() => running.delete(hash))
      running.set(hash, mine)
      return mine
    },
  }
}

function hashOf({ files }: Manifest): string {
  const content = files
    .map(({ path, sha256, executable }) => JSON.stringify([path, sha256, executable === true]))
    .sort()
  return createHash('sha256').update(content.join('\n')).digest('hex')
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

async function npmInstall(name: string, cwd: string, signal: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)('npm', ARGUMENTS, { cwd, signal, timeout: LIMIT, env: trialEnvironment(process.env) })
  } catch (error) {
    signal.throwIfAborted()
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string }
    if (code === 'ENOENT') throw new CannotPlace(`the extension ${name} needs npm, which is not on this machine`)
    throw new Error(`npm could not install what the extension ${name} needs: ${stderr.trim().slice(-1_000) || message}`)
  }
}
