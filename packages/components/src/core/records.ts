/**
 * The writer of an attempt folder's `records`: append-only frames, buffered, written within 250 ms and at every step's end.
 * Writing is synchronous, so that what was written before a crash of this process is in the file (G4). One writer a file.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { FLUSH_EVERY, frame, MAX_PAYLOAD_BYTES, unframe, type Record as WireRecord } from '@flambe/protocol'

export interface RecordWriter {
  write(record: WireRecord): void
  /** Hands everything to the operating system. */
  flush(): void
  close(): void
}

const BUFFER_BYTES = 256 * 1024

/** Opens or creates the file; a torn or damaged tail of an earlier process is cut off. */
export function openRecords(file: string): RecordWriter {
  const fd = openSync(file, 'a+')
  ftruncateSync(fd, goodPart(fd))
  let pending: Uint8Array[] = []
  let bytes = 0
  let oldest = 0
  let open = true
  let timer: NodeJS.Timeout | null = null

  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (pending.length === 0) return
    const all = Buffer.concat(pending)
    pending = []
    bytes = 0
    for (let at = 0; at < all.length; ) at += writeSync(fd, all, at)
  }
  return {
    write(record) {
      if (!open) return
      const payload = Buffer.from(JSON.stringify(record))
      if (payload.length > MAX_PAYLOAD_BYTES) {
        console.warn(`a record (${record.t}) of ${payload.length} bytes was dropped: at most ${MAX_PAYLOAD_BYTES}`)
        return
      }
      const now = performance.now()
      if (pending.length === 0) oldest = now
      const framed = frame(payload)
      pending.push(framed)
      bytes += framed.length
      // A step that computes without a break lets no timer run: look at the clock here too.
      if (bytes >= BUFFER_BYTES || now - oldest >= FLUSH_EVERY) flush()
      // Only while something waits: a trial that sleeps between its steps is not woken for nothing.
      else timer ??= setTimeout(flush, FLUSH_EVERY).unref()
    },
    flush,
    close() {
      if (!open) return
      flush()
      open = false
      closeSync(fd)
    },
  }
}

/** Bytes of whole, good frames from the start. */
function goodPart(fd: number): number {
  const data = new Uint8Array(fstatSync(fd).size)
  for (let at = 0; at < data.length; ) {
    const n = readSync(fd, data, at, data.length - at, at)
    if (n === 0) break
    at += n
  }
  return unframe(data).end
}
