/**
 * What the database knows of blobs and checkpoints; blobs.ts does the files. A blob has a row only while its file is whole.
 * `idle` is set while nothing refers to it, to the time since when; clean-up waits a delay after that, in which a resent
 * manifest can take it back.
 */
import type Database from 'better-sqlite3'
import { type Kept, keptCheckpoints } from './checkpoints.ts'
import type { References } from './references.ts'
import type { Writer } from './writer.ts'

export interface BlobRows {
  now(): number
  /** Size of a whole blob, else null. */
  size(sha256: string): number | null
  /** The same, and an idle one begins its delay anew. */
  touch(sha256: string): Promise<number | null>
  add(sha256: string, size: number): Promise<void>
  missing(sha256s: readonly string[]): Promise<readonly string[]>
  idle(delay: number): readonly { readonly sha256: string; readonly size: number }[]
  /** False when something refers to it again. */
  remove(sha256: string, delay: number): Promise<boolean>
  /** Whether or not something refers to it: its file is damaged. */
  drop(sha256: string): Promise<void>
  /** Applies the keep policy to every trial; how many were given up. */
  retireCheckpoints(): Promise<number>
}

export function blobRows(raw: Database.Database, writer: Writer, refs: References, now: () => number): BlobRows {
  const size = raw.prepare<[string], number>('SELECT size FROM blobs WHERE sha256 = ?').pluck()
  const touch = raw.prepare<[number, string]>('UPDATE blobs SET idle = ? WHERE sha256 = ? AND idle IS NOT NULL')
  const add = raw.prepare<{ sha256: string; size: number; now: number }>(`
    INSERT INTO blobs (sha256, size, refs, idle)
    SELECT @sha256, @size, n, CASE WHEN n = 0 THEN @now END
    FROM (SELECT count(*) AS n FROM blob_refs WHERE sha256 = @sha256)
    WHERE true ON CONFLICT DO NOTHING`)
  const idle = raw.prepare<[number], { sha256: string; size: number }>(
    'SELECT sha256, size FROM blobs WHERE idle IS NOT NULL AND idle < ?',
  )
  const remove = raw.prepare<[string, number]>('DELETE FROM blobs WHERE sha256 = ? AND refs = 0 AND idle < ?')
  const drop = raw.prepare<[string]>('DELETE FROM blobs WHERE sha256 = ?')
  const crowded = raw.prepare<[], Kept & { trial: string; keep: number; newest: number | null }>(`
    SELECT c.trial, c.number, c.step, e.keep, t.best_step AS best_step,
      json_extract(t.row, '$.checkpoint.number') AS newest
    FROM checkpoints c JOIN trials t ON t.id = c.trial JOIN experiments e ON e.id = t.experiment
    WHERE c.trial IN (SELECT trial FROM checkpoints GROUP BY trial HAVING count(*) > 1)
    ORDER BY c.trial, c.number`)
  const retire = raw.prepare<[string, number]>('DELETE FROM checkpoints WHERE trial = ? AND number = ?')

  const sizeOf = (sha256: string) => size.get(sha256) ?? null
  return {
    now,
    size: sizeOf,
    async touch(sha256) {
      const whole = sizeOf(sha256)
      if (whole === null) return null
      return writer.write(() => {
        touch.run(now(), sha256)
        return sizeOf(sha256)
      })
    },
    add: (sha256, bytes) => writer.write(() => void add.run({ sha256, size: bytes, now: now() })),
    missing: sha256s =>
      writer.write(() => {
        const missing = sha256s.filter(sha256 => sizeOf(sha256) === null)
        for (const sha256 of sha256s) touch.run(now(), sha256)
        return [...new Set(missing)]
      }),
    idle: delay => idle.all(now() - delay),
    remove: (sha256, delay) => writer.write(() => remove.run(sha256, now() - delay).changes > 0),
    drop: sha256 => writer.write(() => void drop.run(sha256)),
    retireCheckpoints: () =>
      writer.write(() => {
        let retired = 0
        const groups = new Map<string, ReturnType<typeof crowded.all>>()
        for (const row of crowded.all()) groups.set(row.trial, [...(groups.get(row.trial) ?? []), row])
        for (const [trial, group] of groups) {
          const kept = keptCheckpoints(group, { keep: group[0]?.keep ?? 1, newest: group[0]?.newest ?? null })
          for (const { number } of group.filter(c => !kept.has(c.number))) {
            retire.run(trial, number)
            refs.drop(`checkpoint:${trial}:${number}`, now())
            retired++
          }
        }
        return retired
      }),
  }
}
