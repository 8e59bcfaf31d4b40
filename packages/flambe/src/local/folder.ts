/** Folders that a person names: made if missing, or refused in one line before anything else is touched. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileTrouble } from '../client/file-trouble.ts'
import { Refused } from '../client/refused.ts'

/**
 * Makes `dir` and what is missing above it, one by one: Node's recursive mkdir never returns on file systems that say "no
 * such folder" to a mkdir in a folder that is there (`/proc`). What was made is taken back when the rest fails.
 */
export function makeFolder(dir: string): void {
  const made: string[] = []
  try {
    for (const folder of missingOf(dir)) if (make(folder)) made.unshift(folder)
    if (!statSync(dir).isDirectory()) throw new Refused(`cannot use ${dir}: it is no folder`, 2, 'folder-unusable')
    accessSync(dir, constants.W_OK | constants.X_OK)
  } catch (error) {
    for (const folder of made) if (readdirSync(folder).length === 0) rmdirSync(folder)
    const why = fileTrouble(error)
    if (why === null) throw error
    throw new Refused(`cannot use the folder ${dir}: ${why}`, 2, 'folder-unusable')
  }
}

/** @returns false when another command made it in between */
function make(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(folder).isDirectory()) return false
    throw error
  }
}

/** Topmost first. */
function missingOf(dir: string): string[] {
  const missing: string[] = []
  for (let at = dir; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at)
  return missing
}
