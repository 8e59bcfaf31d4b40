/** Why the store refused. Callers look at `code`; anything else that comes out of the store is a bug and ends the hub. */

export type StoreErrorCode =
  | 'LOCKED' // another process uses the data folder
  | 'NEWER' // the file was written by a newer hub
  | 'FOREIGN' // not a file of ours, or not there
  | 'READONLY'
  | 'CLOSED'
  | 'DISK_FULL' // nothing was stored; works again as soon as there is room
  | 'FAILED' // the disk failed: nothing is acknowledged any more, the hub must end
  | 'INVALID' // the caller asked for something that there is not
  | 'UNKNOWN' // no such blob, experiment ...
  | 'INCOMPLETE' // the upload is not whole yet
  | 'MISMATCH' // content and name differ
  | 'TOO_LARGE'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode
  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

const FULL = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT'])

/** Turns what SQLite or the file system threw into a StoreError where it has a meaning for callers. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof StoreError) return error
  const code = (error as { readonly code?: unknown } | null)?.code
  if (typeof code !== 'string') return error
  if (FULL.has(code)) return new StoreError('DISK_FULL', 'the disk with the data folder is full', error)
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CORRUPT') || code === 'EIO')
    return new StoreError('FAILED', `the disk with the data folder failed (${code})`, error)
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS')
    return new StoreError('READONLY', 'the data folder cannot be written', error)
  return error
}
