/** Files that must survive a power cut: written aside, synced, renamed, folder synced. Used by the trial process only. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export function writeDurable(path: string, content: string): void {
  const aside = `${path}.${process.pid}.tmp`
  writeSynced(aside, content)
  renameSync(aside, path)
  syncFolder(dirname(path))
}

/** Creates `path` with its whole content, or answers false because it exists. Of two callers exactly one wins. */
export function createExclusive(path: string, content: string): boolean {
  const aside = `${path}.${process.pid}.tmp`
  writeSynced(aside, content)
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

export function writeSynced(path: string, content: string): void {
  const fd = openSync(path, 'w', 0o600)
  try {
    writeFileSync(fd, content)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

export function syncFolder(path: string): void {
  if (process.platform === 'win32') return // folders cannot be opened there
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
