/**
 * A tar archive as a stream of bytes: POSIX ustar, with pax headers for names and sizes that do not fit. Written here, since
 * streaming files of known size needs no more than a header each. Pure: the caller hands in contents as async iterables.
 */

export interface TarEntry {
  readonly name: string
  readonly size: number
  /** Seconds since the epoch. */
  readonly time: number
  readonly executable?: boolean
  readonly content: () => AsyncIterable<Uint8Array>
}

/** Throws when a content has not exactly the size that was told: the archive would be broken from there on. */
export async function* tar(entries: AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    const long = Buffer.byteLength(entry.name) > 100
    const big = entry.size > 0o77777777777
    if (long || big) {
      const body = Buffer.from(
        [...(long ? [pax('path', entry.name)] : []), ...(big ? [pax('size', String(entry.size))] : [])].join(''),
      )
      yield header('PaxHeader', body.length, entry.time, 'x', 0o644)
      yield body
      yield padding(body.length)
    }
    yield header(
      long ? shortened(entry.name) : entry.name,
      big ? 0 : entry.size,
      entry.time,
      '0',
      entry.executable ? 0o755 : 0o644,
    )
    let written = 0
    for await (const chunk of entry.content()) {
      written += chunk.length
      yield chunk
    }
    if (written !== entry.size) throw new Error(`${entry.name} has ${written} bytes, not ${entry.size}`)
    yield padding(written)
  }
  yield new Uint8Array(1024)
}

const padding = (size: number): Uint8Array => new Uint8Array((512 - (size % 512)) % 512)

/** For readers that know no pax: the end of the name, cut at a character. */
const shortened = (name: string): string => {
  const tail = Buffer.from(name).subarray(-99).toString('utf8')
  return tail.replace(/^\uFFFD+/, '')
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function pax(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + String(rest).length
  if (rest + String(length).length !== length) length = rest + String(length).length
  return `${length} ${key}=${value}\n`
}

function header(name: string, size: number, time: number, type: string, mode: number): Uint8Array {
  const block = Buffer.alloc(512)
  const octal = (value: number, at: number, width: number) =>
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1')
  block.write(name, 0, 100, 'utf8')
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(Math.max(0, Math.floor(time)), 136, 12)
  block.write('        ', 148, 'latin1')
  block.write(type, 156, 'latin1')
  block.write('ustar\0' + '00', 257, 'latin1')
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}
