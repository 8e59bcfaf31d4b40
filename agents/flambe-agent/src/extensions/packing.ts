/**
 * A folder as somebody has uploaded it becomes the folder that runs: TypeScript transpiled and the like, by the same code as the
 * command's (`trial --pack`), in a process of its own. What changed is uploaded, so that every agent can have it. Called by
 * describing.ts.
 */
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '@flambe/protocol'
import type { Uploads } from '../delivery/uploads.ts'
import { putBlobs } from '../inputs/blobs.ts'
import type { Cache } from '../inputs/cache.ts'
import { saidIn } from './description.ts'
import { type Runtime, runIsolated } from './isolated.ts'

export interface Packing {
  readonly runtime: Runtime
  readonly cache: Cache
  readonly uploads: Pick<Uploads, 'blob'>
}

/** Why there is no packed folder, in words that follow the extension's name. */
export class CannotPack extends Error {
  /** Another machine may do better. */
  readonly elsewhere: boolean
  constructor(message: string, elsewhere: boolean) {
    super(message)
    this.elsewhere = elsewhere
  }
}

/** ms. */
const LIMIT = 60_000

/** `folder`: empty, and of this call alone. Throws CannotPack, what cache and uploads throw, and the signal's reason. */
export async function pack(
  { runtime, cache, uploads }: Packing,
  manifest: Manifest,
  at: { readonly folder: string; readonly cwd: string; readonly signal: AbortSignal },
): Promise<Manifest> {
  const { folder, cwd, signal } = at
  await putBlobs(folder, manifest, cache, signal)
  const ran = await runIsolated(runtime, ['--pack', folder], { cwd, limit: LIMIT, signal })
  const said = saidIn(ran.line)
  if (said === null) throw new CannotPack(`cannot be packed: ${ran.trouble ?? ran.stderr.slice(-1_000)}`, true)
  if (typeof said.problem === 'string') throw new CannotPack(said.problem, said.elsewhere === true)
  const known = new Set(manifest.files.map(file => file.sha256))
  const files: Manifest['files'] = []
  for (const path of filesBelow(folder).sort()) {
    const file = join(folder, path)
    const { size, mode } = statSync(file)
    const sha256 = await hashOf(file)
    files.push({ path, sha256, size, ...((mode & 0o100) !== 0 ? { executable: true } : {}) })
    if (known.has(sha256)) continue
    known.add(sha256)
    await uploads.blob(sha256, size, file, signal)
    await cache.adopt(file, sha256, size)
  }
  return { kind: 'folder', files }
}

function filesBelow(folder: string, way = ''): string[] {
  return readdirSync(join(folder, way), { withFileTypes: true }).flatMap(entry => {
    const path = way === '' ? entry.name : `${way}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(folder, path)
    return entry.isFile() ? [path] : []
  })
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
