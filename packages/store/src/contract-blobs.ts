/**
 * Blobs by content address: files `<data>/blobs/ab/cdef...`, named by the hex SHA-256 of their bytes, and the rows that say
 * who needs them. A blob is visible (`blob`, `missingBlobs`) only when whole, checked and synced (G20); an upload goes on
 * where it was cut (G21); a blob that a checkpoint or a resource refers to is never removed (G22).
 */

import type { Readable } from 'node:stream'
import type { Manifest } from '@flambe/engine'

export interface Blobs {
  /** Bytes there already; equal to `size`: whole, nothing to send. */
  blobBegin(sha256: string, size: number): Promise<{ readonly offset: number }>
  /** Bytes known already are skipped; a chunk beyond the end is ignored: go on from `next`. */
  blobChunk(sha256: string, offset: number, data: Uint8Array): Promise<{ readonly next: number }>
  /** Errors: INCOMPLETE (bytes missing, goes on), MISMATCH (other content: thrown away, start again). */
  blobEnd(sha256: string, size: number): Promise<void>
  /** A whole body at once. With `sha256` or `size` given the content must agree, else MISMATCH. */
  putBlob(
    body: AsyncIterable<Uint8Array>,
    expected?: { readonly sha256?: string; readonly size?: number; readonly limit?: number },
  ): Promise<{ readonly sha256: string; readonly size: number }>
  /** Path and size of a whole blob; null when there is none. */
  blob(sha256: string): Promise<{ readonly path: string; readonly size: number } | null>
  /** Bytes `start`..`end` (inclusive, as in HTTP ranges) of a blob; UNKNOWN when there is none. */
  openBlob(sha256: string, range?: { readonly start: number; readonly end: number }): Promise<Readable>
  /**
   * Reads a blob and compares it with its name. A damaged one is taken away (G20): it counts as missing, checkpoints that need
   * it are no longer listed, and an upload can bring it back. False when it is not there.
   */
  verifyBlob(sha256: string): Promise<boolean>
  /** Those that are not there, and keeps the others from clean-up for a full delay: ask before committing a manifest. */
  missingBlobs(manifest: Manifest): Promise<readonly string[]>
  /**
   * Gives up checkpoints beyond the experiment's `keep` newest and the best (`keptCheckpoints`), then removes blobs that
   * nothing has referred to for `delay` ms (default one hour).
   */
  pruneBlobs(options?: { readonly delay?: number }): Promise<{
    readonly checkpoints: number
    readonly blobs: number
    readonly bytes: number
  }>
}

export interface StoredCheckpoint {
  readonly attempt: string
  readonly trial: string
  readonly number: number
  readonly step: number
  readonly manifest: Manifest
  /** Sum of its files. */
  readonly bytes: number
  readonly time: number
}
