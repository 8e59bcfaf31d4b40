/**
 * Files that must survive a power cut: written aside, synced, renamed, and the folder synced, so that a reader finds the
 * old content or the new one, never a part. Synchronous on purpose: these files are small, and order is the point.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Throws what the file system throws (ENOSPC ...). `sync` false: atomic, but not durable. */
export function writeDurable(path: string, content: string | Uint8Array, mode = 0o600, sync = true): void {
  const aside = `${path}.${process.pid}.tmp`
  write(aside, content, mode, sync)
  renameSync(aside, path)
  if (sync) syncFolder(dirname(path))
}

/** Creates `path` with its whole content, or answers false because it exists. Of two callers exactly one wins. */
export function createExclusive(path: string, content: string): boolean {
  // Mostly it is there, and two flushes are saved; the link below decides.
  if (existsSync(path)) return false
  const aside = `${path}.${process.pid}.tmp`
  write(aside, content, 0o600, true)
  try {
    linkSync(aside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
  syncFolder(dirname(path))
  return true
}

export function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Bytes of a file, 0 when there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function write(path: string, content: string | Uint8Array, mode: number, sync: boolean): void {
  const fd = openSync(path, 'w', mode)
  try {
    writeFileSync(fd, content)
    if (sync) fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** The last `bytes` of a file as text, '' when there is none. */
export function endOf(path: string, bytes: number): string {
  const size = sizeOf(path)
  if (size === 0) return ''
  const fd = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(Math.min(size, bytes))
    const read = readSync(fd, buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8', 0, read)
  } finally {
    closeSync(fd)
  }
}

export function cutFile(path: string, size: number): void {
  const fd = openSync(path, 'r+')
  try {
    ftruncateSync(fd, size)
  } finally {
    closeSync(fd)
  }
}
