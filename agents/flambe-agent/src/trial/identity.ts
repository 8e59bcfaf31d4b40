/**
 * Tells a process from a later one with its number: pid, start time and boot id (Linux, /proc). Elsewhere start and boot
 * are '' and a pid has to do.
 */
import { readFileSync } from 'node:fs'

export interface ProcessIdentity {
  readonly pid: number
  readonly start: string
  readonly boot: string
}

export interface Stat {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  readonly start: string
  /** Gone but not reaped. A container without an init leaves such orphans for ever. */
  readonly zombie: boolean
}

export function identify(pid: number): ProcessIdentity {
  return { pid, start: statOf(pid)?.start ?? '', boot: bootId() }
}

export function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
}

/** /proc/PID/stat; null when there is no such process (or no /proc). */
export function statOf(pid: number): Stat | null {
  const text = read(`/proc/${pid}/stat`)
  if (text === null) return null
  // The second field is the command in brackets and may hold blanks and brackets itself: fields count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state = '', parent, group, session] = fields
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    start: fields[19] ?? '',
    zombie: state === 'Z' || state === 'X',
  }
}

export function isAlive(wanted: ProcessIdentity): boolean {
  if (wanted.pid === 0) return false // the claim of nobody
  if (wanted.start === '') {
    try {
      process.kill(wanted.pid, 0)
      return true
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM'
    }
  }
  const stat = statOf(wanted.pid)
  return stat !== null && !stat.zombie && stat.start === wanted.start && wanted.boot === bootId()
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null // gone, or not ours to read
  }
}
