/**
 * Group commit. Work that arrives while a transaction is pending shares it: each piece runs in a savepoint of its own, and
 * every promise resolves only after COMMIT, which with synchronous=FULL means after the flush (G1). A piece that throws is
 * rolled back and rejected alone; if the transaction itself fails, all its pieces are rejected and nothing of them stays.
 * Every write of the store goes through `write`; nothing else begins a transaction, apart from sealing between two groups.
 */
import type Database from 'better-sqlite3'
import { failpoint } from './failpoint.ts'
import { asStoreError, StoreError } from './store-error.ts'

export interface Writer {
  /** Runs `work` inside a transaction. It must be synchronous and touch only the database (and caches; see `onRollback`). */
  write<T>(work: () => T): Promise<T>
  /** Called after anything was rolled back: what was remembered of uncommitted rows is wrong then. */
  onRollback(forget: () => void): void
  /** Called after each group that stored something, when the loop is free again. */
  onIdle(callback: () => void): void
  /** Waits for what is pending; later calls are refused. */
  close(): Promise<void>
  /** Transactions and pieces so far; for tests and metrics. */
  readonly counts: { readonly groups: number; readonly pieces: number }
}

interface Piece {
  readonly run: () => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

/** ms that one transaction may hold the event loop before the rest waits for the next; heartbeats come in between. */
const GROUP_MS = 25

export function writer(db: Database.Database, readonly: boolean): Writer {
  let waiting: Piece[] = []
  let scheduled = false
  let state: 'open' | 'closed' | StoreError = 'open'
  const counts = { groups: 0, pieces: 0 }
  const forgets: (() => void)[] = []
  const idles: (() => void)[] = []
  let drained: (() => void) | null = null

  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const save = db.prepare('SAVEPOINT piece')
  const keep = db.prepare('RELEASE piece')
  const undo = db.prepare('ROLLBACK TO piece')

  function group(): void {
    scheduled = false
    const pieces = waiting
    waiting = []
    const settled: (() => void)[] = []
    let done = 0
    try {
      if (state !== 'open' && state !== 'closed') throw state
      begin.run()
      const until = performance.now() + GROUP_MS
      while (done < pieces.length && (done === 0 || performance.now() < until)) {
        const piece = pieces[done++] as Piece
        settled.push(attempt(piece))
      }
      waiting = pieces.slice(done).concat(waiting)
      commit.run()
    } catch (error) {
      waiting = waiting.filter(p => !pieces.includes(p))
      fail(error, pieces)
      next()
      return
    }
    failpoint('commit')
    counts.groups++
    counts.pieces += done
    for (const settle of settled) settle()
    next()
    for (const idle of idles) idle()
  }

  function attempt(piece: Piece): () => void {
    save.run()
    try {
      const value = piece.run() as never
      keep.run()
      return () => piece.resolve(value)
    } catch (error) {
      // SQLite ends the whole transaction by itself on a full disk or an I/O error: then nobody's work is kept.
      if (!db.inTransaction) throw error
      undo.run()
      keep.run()
      for (const forget of forgets) forget()
      const known = asStoreError(error)
      if (known instanceof StoreError && (known.code === 'DISK_FULL' || known.code === 'FAILED')) throw error
      return () => piece.reject(known)
    }
  }

  function fail(error: unknown, pieces: readonly Piece[]): void {
    if (db.inTransaction) rollback.run()
    for (const forget of forgets) forget()
    const known = asStoreError(error)
    // After a failed flush the pages that the system still holds may differ from the disk: acknowledge nothing any more.
    if (known instanceof StoreError && known.code === 'FAILED') state = known
    for (const piece of pieces) piece.reject(known)
  }

  function next(): void {
    if (waiting.length > 0) schedule()
    else if (drained) drained()
  }

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(group)
  }

  return {
    counts,
    write<T>(run: () => T): Promise<T> {
      if (readonly) return Promise.reject(new StoreError('READONLY', 'this store was opened for reading'))
      if (state === 'closed') return Promise.reject(new StoreError('CLOSED', 'the store is closed'))
      if (state !== 'open') return Promise.reject(state)
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run, resolve, reject })
        schedule()
      })
    },
    onRollback: forget => void forgets.push(forget),
    onIdle: callback => void idles.push(callback),
    close() {
      if (state === 'open') state = 'closed'
      if (waiting.length === 0 && !scheduled) return Promise.resolve()
      return new Promise(resolve => {
        drained = resolve
      })
    },
  }
}
