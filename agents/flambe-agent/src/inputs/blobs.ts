/**
 * A manifest's files out of the cache into a folder. Used by place.ts and by extensions. A manifest's paths are labels of somebody else:
 * each is checked here again, and must end up below its folder (S5, S9).
 */
import { chmodSync, constants, copyFileSync, linkSync, mkdirSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { type Manifest, manifestPath } from '@flambe/protocol'
import type { Cache } from './cache.ts'

/** Above this a link saves more than a private copy is worth. */
const COPY_BYTES = 1024 * 1024

/** What the user asked for cannot be had on this machine. */
export class CannotPlace extends Error {}

/** Throws CannotPlace for a path that leaves `root`, what the cache throws, and the signal's reason. */
export async function putBlobs(root: string, manifest: Manifest, cache: Cache, signal: AbortSignal): Promise<void> {
  mkdirSync(root, { recursive: true })
  for (const file of manifest.files) {
    const target = below(root, file.path)
    const blob = await cache.fetch(file.sha256, file.size, signal)
    mkdirSync(dirname(target), { recursive: true })
    copy(blob, target, file)
  }
}

export function below(root: string, name: string): string {
  const target = join(root, manifestPath.parse(name))
  const way = relative(root, target)
  if (way === '' || way.startsWith('..') || way.split(sep).includes('..')) throw new CannotPlace(`unsafe path ${name}`)
  return target
}

export function copy(
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
