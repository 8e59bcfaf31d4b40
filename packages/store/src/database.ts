/**
 * Opens the SQLite file: settings, then migrations. `PRAGMA user_version` counts the migrations that the file has; each is
 * applied in one transaction together with that number, after a copy of the file when there was something in it (G24).
 * Called by open.ts, which holds the folder's lock; nothing else opens the file for writing.
 */

import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { failpoint } from './failpoint.ts'
import { MIGRATIONS } from './migrations.ts'
import { StoreError } from './store-error.ts'

/** 'Flmb': tells a file of ours from any other. */
const APPLICATION_ID = 0x466c6d62
export const FILE = 'store.sqlite'

export type Migrations = typeof MIGRATIONS

export function openDatabase(dir: string, now: number, migrations: Migrations = MIGRATIONS): Database.Database {
  const path = join(dir, FILE)
  const db = new Database(path)
  try {
    const version = versionOf(db, path, migrations)
    db.pragma('journal_mode = WAL')
    // better-sqlite3 compiles NORMAL in for WAL: a commit would not survive a power loss.
    db.pragma('synchronous = FULL')
    db.pragma('cache_size = -65536')
    db.pragma('temp_store = MEMORY')
    db.pragma('journal_size_limit = 67108864')
    if (version < migrations.length) {
      if (version > 0) backup(db, dir, version, now)
      migrate(db, version, migrations)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

export function openReadonly(dir: string): Database.Database {
  const path = join(dir, FILE)
  if (!existsSync(path)) throw new StoreError('FOREIGN', `there is no store in ${dir}`)
  const db = new Database(path, { readonly: true })
  const version = versionOf(db, path, MIGRATIONS)
  if (version < MIGRATIONS.length) {
    db.close()
    throw new StoreError(
      'FOREIGN',
      `${path} has version ${version}: start the hub once to bring it to ${MIGRATIONS.length}`,
    )
  }
  return db
}

/** Migrations that the file has; 0 for a new one. */
function versionOf(db: Database.Database, path: string, migrations: Migrations): number {
  const version = versionIn(db, path)
  const id = db.pragma('application_id', { simple: true }) as number
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { readonly n: number }
  if (id !== APPLICATION_ID && (version > 0 || tables.n > 0))
    throw new StoreError('FOREIGN', `${path} is not a store of this program`)
  if (version > migrations.length)
    throw new StoreError(
      'NEWER',
      `${path} was written by a newer hub (version ${version}, this one knows ${migrations.length}): update this hub`,
    )
  return version
}

function versionIn(db: Database.Database, path: string): number {
  try {
    return db.pragma('user_version', { simple: true }) as number
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'SQLITE_NOTADB') throw error
    throw new StoreError('FOREIGN', `${path} is not a database`, error)
  }
}

function migrate(db: Database.Database, from: number, migrations: Migrations): void {
  migrations.slice(from).forEach((migration, index) => {
    db.transaction(() => {
      for (const statement of migration.statements) {
        db.exec(statement)
        failpoint('migration')
      }
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.pragma(`user_version = ${from + index + 1}`)
    }).exclusive()
  })
}

/** Written aside and renamed, so that a backup that is there is whole. */
function backup(db: Database.Database, dir: string, version: number, now: number): void {
  const folder = join(dir, 'backups')
  mkdirSync(folder, { recursive: true })
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-')
  const target = join(folder, `store-v${version}-${stamp}.sqlite`)
  // Everything from the WAL into the file: then the file alone is the database. Nobody else writes (lifetime lock).
  const [moved] = db.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[]
  if (moved?.busy !== 0) throw new StoreError('LOCKED', `${join(dir, FILE)} is being read: no backup, so no migration`)
  copyFileSync(join(dir, FILE), `${target}.part`)
  sync(`${target}.part`)
  renameSync(`${target}.part`, target)
  sync(folder)
}

function sync(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
