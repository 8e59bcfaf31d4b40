/**
 * Makes this process the one that runs an attempt, by creating `process.json`: of two processes exactly one wins. The agent's
 * starter may have claimed the attempt for this very process already.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER, type ProcessFile, processFile } from '@flambe/protocol'
import { createExclusive } from './files.ts'

/** False: another process runs this attempt, or has run it. */
export function claim(folder: string): boolean {
  const me: ProcessFile = {
    pid: process.pid,
    start: startTicks(),
    boot: read('/proc/sys/kernel/random/boot_id').trim(),
  }
  const file = join(folder, FOLDER.process)
  if (createExclusive(file, JSON.stringify(me))) return true
  const holder = processFile.safeParse(JSON.parse(read(file)))
  return holder.success && holder.data.pid === me.pid && holder.data.start === me.start && holder.data.boot === me.boot
}

/** Field 22 of /proc/self/stat; the command before it is in brackets and may hold blanks. '' where there is no /proc. */
function startTicks(): string {
  const stat = read('/proc/self/stat')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // not Linux
  }
}
