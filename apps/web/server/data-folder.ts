/**
 * The data folder, looked at before the hub opens its store in it, so that a wrong `--data` is one line and not a stack. Made
 * folder by folder: Node's recursive mkdir never returns on file systems that say "no such folder" in a folder that is there.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from './args.ts'

/** Only its owner may look in; what is there already stays as it is. Throws UsageError when it cannot be used. */
export function claimDataFolder(dir: string): void {
  try {
    for (const folder of missingOf(dir)) mkdirSync(folder, { mode: 0o700 })
    if (!statSync(dir).isDirectory()) throw new UsageError(`cannot use the data folder ${dir}: it is no folder`)
    accessSync(dir, constants.W_OK | constants.X_OK)
  } catch (error) {
    const { syscall, code } = error as NodeJS.ErrnoException
    if (syscall === undefined) throw error
    throw new UsageError(`cannot use the data folder ${dir}: ${WHY[code ?? ''] ?? code}`)
  }
}

const WHY: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no folder can be made there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
}

/** Topmost first. */
function missingOf(dir: string): string[] {
  const missing: string[] = []
  for (let at = dir; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at)
  return missing
}
