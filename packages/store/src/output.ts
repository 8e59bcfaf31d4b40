/**
 * Windows into stdout and stderr: by byte, by line or from the end, cut at line ends (see OutputQuery). A window never
 * begins or ends inside a UTF-8 character, so that pieces read one after the other make up the whole text.
 */
import type Database from 'better-sqlite3'
import type { OutputQuery, OutputWindow } from './contract.ts'
import { StoreError } from './store-error.ts'

interface Chunk {
  readonly offset: number
  readonly lines: number
  readonly bytes: Buffer
}

const MOST = 262_144
const NEWLINE = 10

export function outputReader(raw: Database.Database): (query: OutputQuery) => OutputWindow {
  const stream = raw.prepare<[string, string], { id: number; next: number; lines: number; dropped: number }>(
    'SELECT id, next, lines, dropped FROM streams WHERE attempt = ? AND stream = ?',
  )
  const before = raw
    .prepare<[number, number], number>('SELECT max(offset) FROM output WHERE stream = ? AND offset <= ?')
    .pluck()
  const read = raw.prepare<[number, number, number], Chunk>(
    'SELECT offset, lines, bytes FROM output WHERE stream = ? AND offset >= ? AND offset < ? ORDER BY offset',
  )
  const chunkOfLine = raw.prepare<[number, number], Chunk>(
    'SELECT offset, lines, bytes FROM output WHERE stream = ? AND lines < ? ORDER BY lines DESC, id DESC LIMIT 1',
  )

  /** Bytes [from, to) and the number of line ends before them. */
  function bytesAt(id: number, from: number, to: number): { readonly bytes: Buffer; readonly line: number } {
    const chunks = read.all(id, before.get(id, from) ?? from, to)
    const first = chunks[0]
    if (first === undefined) return { bytes: Buffer.alloc(0), line: 0 }
    const all = chunks.length === 1 ? first.bytes : Buffer.concat(chunks.map(c => c.bytes))
    const skip = from - first.offset
    return {
      bytes: all.subarray(skip, to - first.offset),
      line: first.lines + lineEnds(all.subarray(0, skip)),
    }
  }

  /** Offset of the first byte after `line` line ends. */
  function offsetOfLine(id: number, line: number, size: number): number {
    if (line <= 0) return 0
    const chunk = chunkOfLine.get(id, line)
    if (chunk === undefined) return 0
    let seen = chunk.lines
    for (let at = chunk.bytes.indexOf(NEWLINE); at !== -1; at = chunk.bytes.indexOf(NEWLINE, at + 1))
      if (++seen === line) return chunk.offset + at + 1
    return size
  }

  return query => {
    const { attempt, stream: name, bytes } = query
    if (!(bytes >= 1 && bytes <= MOST)) throw new StoreError('INVALID', `bytes must be 1 to ${MOST}`)
    const found = stream.get(attempt, name)
    if (found === undefined)
      return { attempt, stream: name, from: 0, to: 0, size: 0, line: 0, lines: 0, text: '', dropped: 0 }
    const { id, next: size, lines, dropped } = found
    const wanted = query.tail
      ? size - bytes
      : query.line === undefined
        ? (query.from ?? 0)
        : offsetOfLine(id, query.line, size)
    let from = Math.min(Math.max(0, Math.trunc(wanted)), size)
    const window = bytesAt(id, from, Math.min(from + bytes, size))
    let { line } = window
    let data = window.bytes
    if (query.tail && from > 0) {
      const cut = lineStart(data)
      line += lineEnds(data.subarray(0, cut))
      data = data.subarray(cut)
      from += cut
    }
    if (from + data.length < size) {
      const end = data.lastIndexOf(NEWLINE)
      data = end === -1 ? data.subarray(0, wholeCharacters(data)) : data.subarray(0, end + 1)
    } else data = data.subarray(0, wholeCharacters(data))
    return {
      attempt,
      stream: name,
      from,
      to: from + data.length,
      size,
      line,
      lines,
      text: data.toString('utf8'),
      dropped,
    }
  }
}

function lineEnds(bytes: Buffer): number {
  let n = 0
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) n++
  return n
}

/** Where the first line that begins in here begins; without one, the first character. */
function lineStart(bytes: Buffer): number {
  const end = bytes.indexOf(NEWLINE)
  if (end !== -1 && end + 1 < bytes.length) return end + 1
  let at = 0
  while (at < Math.min(3, bytes.length) && ((bytes[at] as number) & 0xc0) === 0x80) at++
  return at
}

/** Length without a character that has only begun; what is not UTF-8 at all is not held back. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    const rest = bytes.length - back
    return length > back && rest > 0 ? rest : bytes.length
  }
  return bytes.length
}
