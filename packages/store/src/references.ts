/**
 * Who needs which blob. Called inside the transaction that commits the checkpoint or the experiment, so that a manifest and
 * its references appear together (G22); blobs.ts removes what `idle` names, after a delay.
 */
import type { Manifest } from '@flambe/engine'
import type Database from 'better-sqlite3'

export interface References {
  /** Repeating it changes nothing. */
  add(owner: string, manifest: Manifest): void
  drop(owner: string, time: number): void
}

export function references(raw: Database.Database): References {
  const insert = raw.prepare<[string, string]>('INSERT OR IGNORE INTO blob_refs (owner, sha256) VALUES (?, ?)')
  const more = raw.prepare<[string]>('UPDATE blobs SET refs = refs + 1, idle = NULL WHERE sha256 = ?')
  const of = raw.prepare<[string], string>('SELECT sha256 FROM blob_refs WHERE owner = ?').pluck()
  const less = raw.prepare<[number, string]>(
    'UPDATE blobs SET refs = refs - 1, idle = CASE WHEN refs = 1 THEN ? ELSE NULL END WHERE sha256 = ?',
  )
  const remove = raw.prepare<[string]>('DELETE FROM blob_refs WHERE owner = ?')
  return {
    add(owner, manifest) {
      for (const file of manifest.files) if (insert.run(owner, file.sha256).changes > 0) more.run(file.sha256)
    },
    drop(owner, time) {
      for (const sha256 of of.all(owner)) less.run(time, sha256)
      remove.run(owner)
    },
  }
}
