/**
 * What stands of installed extensions on disk, and how much of it is kept: beyond a limit the least recently used go, never one that
 * somebody uses. `used/<hash>` holds an extension's bytes, and when it was used as its time of change. Called by install.ts.
 */
import { randomUUID } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

export interface Shelf {
  /** It has just been installed; others may go for it. */
  add(hash: string, bytes: number): void
  touch(hash: string): void
  sweep(): void
}

export function openShelf(folder: string, limit: number, inUse: () => ReadonlySet<string>): Shelf {
  const notes = join(folder, 'used')
  mkdirSync(notes, { recursive: true, mode: 0o700 })
  const note = (hash: string) => join(notes, hash)

  function sweep(): void {
    const all = readdirSync(folder)
      .filter(name => /^[0-9a-f]{64}$/.test(name))
      .map(hash => ({ hash, ...noted(note(hash), join(folder, hash)) }))
    let total = all.reduce((sum, one) => sum + one.bytes, 0)
    if (total <= limit) return
    const used = inUse()
    for (const { hash, bytes } of all.sort((a, b) => a.time - b.time)) {
      if (total <= limit) return
      if (used.has(hash)) continue
      // Whole or gone, also after a crash in the middle.
      const aside = join(folder, 'parts', randomUUID())
      mkdirSync(join(folder, 'parts'), { recursive: true, mode: 0o700 })
      renameSync(join(folder, hash), aside)
      rmSync(aside, { recursive: true, force: true })
      rmSync(note(hash), { force: true })
      total -= bytes
    }
  }

  return {
    add(hash, bytes) {
      writeFileSync(note(hash), String(bytes))
      sweep()
    },
    touch(hash) {
      const now = Date.now() / 1_000
      try {
        utimesSync(note(hash), now, now)
      } catch {
        writeFileSync(note(hash), String(bytesBelow(join(folder, hash))))
      }
    },
    sweep,
  }
}

function noted(note: string, path: string): { readonly bytes: number; readonly time: number } {
  try {
    const bytes = Number.parseInt(readFileSync(note, 'utf8'), 10)
    if (Number.isFinite(bytes)) return { bytes, time: statSync(note).mtimeMs }
  } catch {
    // none yet
  }
  return { bytes: bytesBelow(path), time: statSync(path).mtimeMs }
}

/** Bytes of all regular files; links are not followed. */
export function bytesBelow(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += bytesBelow(path)
    else if (entry.isFile()) bytes += lstatSync(path).size
  }
  return bytes
}
