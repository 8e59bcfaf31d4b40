/** Puts the rooms of the store together over one database connection. Called by the hub, once for each data folder. */

import { mkdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { authOf } from './auth.ts'
import { fillBallast } from './ballast.ts'
import { blobRows } from './blob-rows.ts'
import { blobsIn, type Files } from './blobs.ts'
import { committer } from './commit.ts'
import type { OpenOptions, OpenStore } from './contract.ts'
import { FILE, type Migrations, openDatabase, openReadonly } from './database.ts'
import { listings } from './listings.ts'
import { lockFolder } from './lock.ts'
import { outputReader } from './output.ts'
import { sealer } from './points/seal.ts'
import { seriesReader } from './points/series.ts'
import { references } from './references.ts'
import { rows } from './rows.ts'
import { asStoreError, StoreError } from './store-error.ts'
import { streamsOf } from './streams.ts'
import { writer } from './writer.ts'

/** What only the store's own tests pass. */
export interface Inside {
  readonly migrations?: Migrations
  readonly files?: Files
}

/**
 * Opens (or makes) the store of a data folder and holds the folder until `close`.
 * Throws StoreError LOCKED, NEWER or FOREIGN.
 */
export async function openStore(options: OpenOptions, inside: Inside = {}): Promise<OpenStore> {
  const { dir, readonly = false, now = Date.now } = options
  if (!readonly) mkdirSync(dir, { recursive: true, mode: 0o700 })
  const lock = readonly ? null : lockFolder(dir, now())
  try {
    const raw = readonly ? openReadonly(dir) : openDatabase(dir, now(), inside.migrations)
    if (!readonly) await fillBallast(dir)
    const db = drizzle(raw)
    const queue = writer(raw, readonly)
    const refs = references(raw)
    const engineRows = rows(raw, db)
    const seal = sealer(raw, queue, readonly)
    const streams = streamsOf(raw, db, seal.stored)
    const commit = committer(raw, db, engineRows, refs, streams.append)
    queue.onRollback(streams.forget)
    const series = seriesReader(raw)
    const output = outputReader(raw)
    const command = raw.prepare<[string], { seq: number; result: string }>(
      'SELECT seq, result FROM commands WHERE id = ?',
    )
    const outbox = raw.prepare<[], { seq: number; action: string }>('SELECT seq, action FROM outbox ORDER BY seq')
    const outboxDone = raw.prepare<[number]>('DELETE FROM outbox WHERE seq = ?')
    const archive = raw.prepare<[number, string]>('UPDATE experiments SET archived = ? WHERE id = ?')
    const setInfo = raw.prepare<[string, string]>('INSERT OR REPLACE INTO agent_info (agent, info) VALUES (?, ?)')
    const tags = raw.prepare<{ experiment: string; block: string | null }, { tag: string; trials: number }>(`
      SELECT tag, count(DISTINCT trial) AS trials FROM series
      WHERE experiment = @experiment AND (@block IS NULL OR block = @block) GROUP BY tag ORDER BY tag`)
    const tagsOfTrial = raw.prepare<[string], { tag: string; trials: number }>(
      'SELECT tag, count(DISTINCT trial) AS trials FROM series WHERE trial = ? GROUP BY tag ORDER BY tag',
    )
    const uploads = blobsIn(dir, blobRows(raw, queue, refs, now), inside.files)
    let closed = false
    const store: OpenStore = {
      load: async () => engineRows.load(),
      commit: batch => queue.write(() => commit(batch)),
      async command(id) {
        const found = command.get(id)
        return found === undefined ? null : { seq: found.seq, result: JSON.parse(found.result) }
      },
      append: requests => queue.write(() => requests.map(streams.append)),
      offsets: async attempts => streams.sizes(attempts),
      dropped: async attempts => streams.dropped(attempts),
      truncated: async () => streams.truncated(),
      setDropped: (attempt, dropped) =>
        queue.write(() => {
          for (const stream of ['records', 'stdout', 'stderr'] as const)
            if (dropped[stream] !== undefined) streams.setDropped(attempt, stream, dropped[stream])
        }),
      outbox: async () => outbox.all().map(({ seq, action }) => ({ seq, action: JSON.parse(action) })),
      outboxDone: seqs =>
        queue.write(() => {
          for (const seq of seqs) outboxDone.run(seq)
        }),
      archive: (experiment, archived) =>
        queue.write(() => {
          if (archive.run(archived ? 1 : 0, experiment).changes === 0)
            throw new StoreError('UNKNOWN', `there is no experiment ${experiment}`)
        }),
      setAgentInfo: (agent, info) => queue.write(() => void setInfo.run(agent, JSON.stringify(info))),
      ...listings(raw, engineRows),
      tags: async query =>
        'trial' in query
          ? tagsOfTrial.all(query.trial)
          : tags.all({ experiment: query.experiment, block: query.block ?? null }),
      series: series.windows,
      points: async trial => series.points(trial),
      output: async query => output(query),
      async space() {
        const disk = statfsSync(dir)
        const size = (name: string) => statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0
        return {
          free: disk.bavail * disk.bsize,
          total: disk.blocks * disk.bsize,
          database: size(FILE) + size(`${FILE}-wal`),
        }
      },
      ...uploads.blobs,
      ...authOf(raw, queue, now),
      async close() {
        closed = true
        seal.close()
        await uploads.close()
        await queue.close()
        if (raw.open) raw.close()
        lock?.release()
      },
    }
    return refusing(store, () => closed)
  } catch (error) {
    lock?.release()
    throw error
  }
}

/** Every method answers with a StoreError where there is one to say, and with CLOSED after `close`. */
function refusing(store: OpenStore, closed: () => boolean): OpenStore {
  const methods = Object.entries(store).map(([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
    name,
    async (...args: never[]) => {
      if (closed() && name !== 'close') throw new StoreError('CLOSED', 'the store is closed')
      try {
        return await method(...args)
      } catch (error) {
        throw asStoreError(error)
      }
    },
  ])
  return Object.fromEntries(methods)
}
