/**
 * Tells a process from a later one with its number: pid, start time and boot id (Linux, /proc). Elsewhere start and boot
 * are '' and a pid has to do.
 */
import { closeSync, openSync, readSync } from 'node:fs'

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

/** What a process was started with in this environment variable; null: nothing, or it is another user's, or gone. */
export function startedWith(pid: number, name: string): string | null {
  const environment = bytes(`/proc/${pid}/environ`)
  if (environment === null) return null
  const start = Buffer.from(`${name}=`)
  for (let at = environment.indexOf(start); at >= 0; at = environment.indexOf(start, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue
    const end = environment.indexOf(0, at)
    return environment.toString('utf8', at + start.length, end < 0 ? environment.length : end)
  }
  return null
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

const read = (path: string): string | null => bytes(path)?.toString('utf8') ?? null

let room = Buffer.allocUnsafe(64 * 1024)

/** Files of /proc have no size: reading them by the usual way costs twice as many calls. Valid until the next call. */
function bytes(path: string): Buffer | null {
  let fd: number | undefined
  try {
    fd = openSync(path, 'r')
    for (let length = 0; ; ) {
      const got = readSync(fd, room, length, room.length - length, null)
      if (got === 0) return room.subarray(0, length)
      length += got
      if (length === room.length) room = Buffer.concat([room], room.length * 2)
    }
  } catch {
    return null // gone, or not ours to read
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
