/**
 * Two hubs never share a data folder (G24). Whoever opens it for writing holds an exclusive transaction on a second,
 * empty SQLite file as long as it lives. SQLite locks the file through the operating system, which lets go when the process
 * ends however it ends, so kill -9 leaves nothing to clean up and a reused process number cannot fool anybody; inside one
 * process SQLite itself refuses the second. The JSON beside it only makes the refusal readable.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StoreError } from './store-error.ts'

export interface FolderLock {
  release(): void
}

export function lockFolder(dir: string, now: number): FolderLock {
  const db = new Database(join(dir, 'lock.sqlite'), { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')) throw error
    throw new StoreError('LOCKED', `the data folder ${dir} is in use${holder(dir)}`, error)
  }
  writeFileSync(join(dir, 'lock.json'), `${JSON.stringify({ pid: process.pid, since: new Date(now).toISOString() })}\n`)
  return {
    release() {
      if (db.open) db.close()
    },
  }
}

function holder(dir: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(join(dir, 'lock.json'), 'utf8'))
    return ` by process ${Number(pid)} since ${String(since)}`
  } catch {
    // Only words for the message: the holder may not have written it yet.
    return ' by another process'
  }
}
