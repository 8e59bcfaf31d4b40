/**
 * Secrets leave this machine as asterisks (S10): in what trials print, in records, in why they failed. Bytes keep their number, so
 * offsets stay; what is masked depends on the file alone, so that sending again sends the same. Used by tail.ts and attempt.ts.
 */
import { frame } from '@flambe/protocol'

export interface Mask {
  /** Bytes before a place that its masking depends on. */
  readonly reach: number
  /** A copy without secrets. */
  bytes(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>
  /** Bytes at the end that may be the beginning of a secret. */
  open(data: Uint8Array): number
  /** Whole records: their texts are masked, their frames made anew. */
  records(payloads: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
  text(words: string): string
}

const STAR = 0x2a

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

export function maskOf(values: readonly string[]): Mask | null {
  // As they are, and as JSON has them inside of quotes, of JavaScript and of Python (which writes ASCII only).
  const forms = new Set(
    values.flatMap(value => {
      const quoted = JSON.stringify(value).slice(1, -1)
      return [value, quoted, quoted.replace(/[\u007f-\uffff]/g, escaped)]
    }),
  )
  const secrets = [...forms].map(form => Buffer.from(form, 'utf8'))
  if (secrets.length === 0) return null
  const reach = Math.max(...secrets.map(secret => secret.length)) - 1

  function bytes(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const from = Buffer.from(data.buffer, data.byteOffset, data.length)
    const to = Uint8Array.from(data)
    for (const secret of secrets)
      for (let at = from.indexOf(secret); at >= 0; at = from.indexOf(secret, at + 1))
        to.fill(STAR, at, at + secret.length)
    return to
  }

  function open(data: Uint8Array): number {
    const from = Buffer.from(data.buffer, data.byteOffset, data.length)
    for (let many = Math.min(reach, from.length); many > 0; many--) {
      const end = from.subarray(from.length - many)
      if (secrets.some(secret => secret.length > many && secret.subarray(0, many).equals(end))) return many
    }
    return 0
  }

  const masked = (words: string, as: 'utf8' | 'latin1') =>
    Buffer.from(bytes(Uint8Array.from(Buffer.from(words, as)))).toString(as)
  // A number that looks like a secret is none, and asterisks would be no JSON. Byte for byte (latin1): what is no UTF-8 keeps its
  // length too, or every offset after it would be wrong.
  const payload = (data: Uint8Array) =>
    Buffer.from(
      Buffer.from(data)
        .toString('latin1')
        .replace(/"(?:[^"\\]|\\.)*"/gs, words => masked(words, 'latin1')),
      'latin1',
    )

  return {
    reach,
    bytes,
    open,
    records: payloads => Uint8Array.from(Buffer.concat(payloads.map(each => frame(payload(each))))),
    text: words => masked(words, 'utf8'),
  }
}
