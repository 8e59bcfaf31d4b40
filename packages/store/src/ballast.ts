/**
 * A full disk refuses even a DELETE, because that too writes to the log first. So a few megabytes are put by, and given up
 * for as long as it takes to clean up (G23).
 */
import { type FileHandle, open, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { asStoreError, StoreError } from './store-error.ts'

const BYTES = 4 * 1024 * 1024
const pathIn = (dir: string) => join(dir, 'ballast')

/** Runs `work`; if the disk is full, once more with the ballast's room. */
export async function withBallast<T>(dir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isFull(error)) throw error
    await drop(dir)
    return await work()
  } finally {
    await fillBallast(dir)
  }
}

/** Where there is no room for it, there is none; the next clean-up tries again. */
export async function fillBallast(dir: string): Promise<void> {
  const path = pathIn(dir)
  const size = await stat(path).then(
    found => found.size,
    () => 0,
  )
  if (size === BYTES) return
  let file: FileHandle | null = null
  try {
    file = await open(path, 'w')
    await file.writeFile(Buffer.alloc(BYTES))
    await file.sync()
  } catch (error) {
    if (!isFull(error)) throw asStoreError(error)
    await drop(dir)
  } finally {
    await file?.close()
  }
}

async function drop(dir: string): Promise<void> {
  await unlink(pathIn(dir)).catch(error => {
    if (error.code !== 'ENOENT') throw error
  })
}

function isFull(error: unknown): boolean {
  const known = asStoreError(error)
  return known instanceof StoreError && known.code === 'DISK_FULL'
}
