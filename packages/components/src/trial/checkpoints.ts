/**
 * Writes checkpoints of the running trial: aside, every file hashed and synced, the manifest last, then renamed, so that a
 * torn one is never offered (G20). Keeps the last `keep` and the best. Called between steps only.
 */
import { createHash } from 'node:crypto'
import { type Dirent, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { type CheckpointFile, FOLDER, type Manifest } from '@flambe/protocol'
import type { Component } from '../core/component.ts'
import { wire } from '../core/log.ts'
import type { RecordWriter } from '../core/records.ts'
import { save } from '../core/state.ts'
import { syncFolder, writeSynced } from './files.ts'
import { type Snapshot, snapshotFile, snapshotText } from './snapshot.ts'

export interface Checkpoints {
  take(component: Component, about: { snapshot: Snapshot; metric: number | undefined; best: boolean }): Promise<void>
}

/** `first`: the number of the first one; numbers grow over all attempts of a trial. */
export function openCheckpoints(folder: string, first: number, keep: number, records: RecordWriter): Checkpoints {
  const parent = join(folder, FOLDER.checkpoints)
  mkdirSync(parent, { recursive: true })
  for (const name of readdirSync(parent)) if (name.startsWith('.')) rmSync(join(parent, name), { recursive: true })
  const kept: { number: number; best: boolean }[] = []
  let number = first

  return {
    async take(component, { snapshot, metric, best }) {
      const aside = join(parent, `.${number}.tmp`)
      const state = join(aside, FOLDER.state)
      mkdirSync(state, { recursive: true })
      await save(component, state)
      writeSynced(snapshotFile(state), snapshotText(snapshot))
      const file: CheckpointFile = {
        number,
        step: snapshot.step,
        metric: metric === undefined ? null : wire(metric),
        best,
        manifest: { kind: 'folder', files: await seal(state) },
        time: Date.now(),
      }
      writeSynced(join(aside, FOLDER.checkpoint), JSON.stringify(file))
      syncFolder(aside)
      renameSync(aside, join(parent, String(number)))
      syncFolder(parent)
      records.write({ t: 'checkpoint', time: file.time, number, step: snapshot.step })
      records.flush()
      kept.push({ number, best })
      number++
      tidy()
    },
  }

  function tidy(): void {
    const best = kept.findLastIndex(c => c.best)
    for (let i = kept.length - Math.max(1, keep) - 1; i >= 0; i--)
      if (i !== best) for (const old of kept.splice(i, 1)) rmSync(join(parent, String(old.number)), { recursive: true })
  }
}

/** Hashes and syncs every file below, and the folders; paths in order. */
async function seal(root: string): Promise<Manifest['files']> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  const path = (entry: Dirent) => join(entry.parentPath, entry.name)
  const sealed = entries
    .filter(e => e.isFile())
    .map(e => fingerprint(path(e), relative(root, path(e)).split(sep).join('/')))
  // All at once: a disk writes its journal once for many.
  const files = await Promise.all(sealed)
  for (const folder of [...entries.filter(e => e.isDirectory()).map(path), root]) syncFolder(folder)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function fingerprint(file: string, path: string): Promise<Manifest['files'][number]> {
  const handle = await open(file, 'r')
  try {
    const hash = createHash('sha256')
    const chunk = Buffer.allocUnsafe(1 << 16)
    let size = 0
    for (;;) {
      const { bytesRead } = await handle.read(chunk)
      if (bytesRead === 0) break
      hash.update(chunk.subarray(0, bytesRead))
      size += bytesRead
    }
    await handle.sync()
    const executable = ((await handle.stat()).mode & 0o111) !== 0
    return { path, sha256: hash.digest('hex'), size, ...(executable ? { executable } : {}) }
  } finally {
    await handle.close()
  }
}
