/**
 * Removes blobs that nothing has referred to for a while, uploads that were given up, and files that a crash left without
 * a row (G22). Called by blobs.ts, which also holds the lock for each blob.
 */
import { join } from 'node:path'
import { withBallast } from './ballast.ts'
import type { BlobRows } from './blob-rows.ts'
import type { Files } from './blobs.ts'

interface Place {
  readonly dir: string
  /** `<dir>/blobs` */
  readonly root: string
  readonly rows: BlobRows
  readonly files: Files
  locked<T>(sha256: string, work: () => Promise<T>): Promise<T>
  /** Forgets an upload whose file goes. */
  giveUp(sha256: string): Promise<void>
}

export async function cleanUp(
  place: Place,
  delay: number,
): Promise<{ readonly checkpoints: number; readonly blobs: number; readonly bytes: number }> {
  const { dir, root, rows, files, locked } = place
  const checkpoints = await withBallast(dir, () => rows.retireCheckpoints())
  let blobs = 0
  let bytes = 0
  for (const { sha256, size } of rows.idle(delay))
    await locked(sha256, async () => {
      // The row goes first: a crash in between leaves a file that nobody sees, never a row without its file.
      if (!(await withBallast(dir, () => rows.remove(sha256, delay)))) return
      await files.unlink(join(root, sha256.slice(0, 2), sha256.slice(2))).catch(ignoreMissing)
      blobs++
      bytes += size
    })
  await sweep(place, delay)
  return { checkpoints, blobs, bytes }
}

async function sweep({ root, rows, files, locked, giveUp }: Place, delay: number): Promise<void> {
  for (const folder of await list(files, root))
    for (const name of await list(files, join(root, folder))) {
      const path = join(root, folder, name)
      const sha256 = folder === 'partial' ? name : folder + name
      await locked(sha256, async () => {
        if (folder !== 'partial' && rows.size(sha256) !== null) return
        const { mtimeMs } = await files.stat(path)
        if (mtimeMs >= rows.now() - delay) return
        if (folder === 'partial') await giveUp(sha256)
        await files.unlink(path)
      }).catch(ignoreMissing)
    }
}

async function list(files: Files, path: string): Promise<readonly string[]> {
  try {
    return await files.readdir(path)
  } catch (error) {
    ignoreMissing(error)
    return []
  }
}

export function ignoreMissing(error: unknown): void {
  if ((error as { readonly code?: unknown }).code !== 'ENOENT') throw error
}
