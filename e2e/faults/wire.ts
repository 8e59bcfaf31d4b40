/**
 * WebSocket frames of a Socket.IO connection, taken apart while they pass the proxy, so that whole messages (a text packet with
 * its binary parts) can be sent twice, late, or in another order. Bytes before the upgrade, and connections without one, pass
 * as they are. Knows no message by its meaning, only by its packet type.
 */
import type { Draws } from './draws.ts'

export interface Meddling {
  readonly draw: Draws
  duplicated: number
  reordered: number
  /** Sent again long after: seconds later, after other messages of the same connection. */
  replayed: number
}

/** Calls `forward` with bytes to pass on. `on()` is what to do now; null = nothing. */
export function meddler(forward: (bytes: Buffer) => void, on: () => Meddling | null) {
  let pending = Buffer.alloc(0)
  let mode: 'head' | 'frames' | 'plain' = 'head'
  let group: Buffer[] = []
  let parts = 0
  let held: Buffer | null = null
  let timer: NodeJS.Timeout | null = null
  const old: Buffer[] = []

  const release = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (held !== null) forward(held)
    held = null
  }

  const message = (bytes: Buffer, kind: string) => {
    const how = on()
    // Events and acknowledgements only: Engine.IO's own packets and the handshake have an order that is TCP's promise.
    if (how === null || !'2356'.includes(kind) || isHello(bytes)) {
      release()
      return forward(bytes)
    }
    const chance = how.draw.next()
    if (chance < 0.15) {
      how.duplicated++
      forward(bytes)
      forward(bytes)
      release()
    } else if (chance < 0.3 && held === null) {
      held = bytes
      timer = setTimeout(release, 300)
    } else {
      forward(bytes)
      if (held !== null) how.reordered++
      release()
      const late = old[0]
      if (chance > 0.9 && late !== undefined) {
        how.replayed++
        old.shift()
        forward(late)
      }
    }
    if ('25'.includes(kind)) old.push(bytes)
    if (old.length > 40) old.shift()
  }

  const frames = () => {
    for (;;) {
      const frame = firstFrame(pending)
      if (frame === null) return
      const bytes = pending.subarray(0, frame.end)
      pending = pending.subarray(frame.end)
      if (parts > 0 && frame.opcode === 2) {
        group.push(bytes)
        if (--parts === 0) {
          message(Buffer.concat(group), '5')
          group = []
        }
        continue
      }
      const text = frame.opcode === 1 ? frame.head : ''
      const binary = /^4([56])(\d+)-/.exec(text)
      if (binary !== null) {
        group = [bytes]
        parts = Number(binary[2])
      } else message(bytes, text[0] === '4' ? (text[1] ?? '') : '')
    }
  }

  return {
    push(chunk: Buffer): void {
      if (mode === 'plain') {
        forward(chunk)
        return
      }
      pending = Buffer.concat([pending, chunk])
      if (mode === 'head') {
        const end = pending.indexOf('\r\n\r\n')
        if (end === -1) return
        const head = pending.subarray(0, end + 4)
        mode = /upgrade: websocket/i.test(head.toString('latin1')) ? 'frames' : 'plain'
        if (mode === 'plain') {
          forward(pending)
          pending = Buffer.alloc(0)
          return
        }
        forward(head)
        pending = pending.subarray(end + 4)
      }
      frames()
    },
    close: () => {
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** The first frame of these bytes: where it ends, and the first characters of its text; null when it is not whole. */
function firstFrame(bytes: Buffer): { opcode: number; end: number; head: string } | null {
  if (bytes.length < 2) return null
  const masked = (bytes[1] as number) >= 128
  let length = (bytes[1] as number) & 127
  let at = 2
  if (length === 126) {
    if (bytes.length < 4) return null
    length = bytes.readUInt16BE(2)
    at = 4
  } else if (length === 127) {
    if (bytes.length < 10) return null
    length = Number(bytes.readBigUInt64BE(2))
    at = 10
  }
  const key = masked ? bytes.subarray(at, at + 4) : null
  if (masked) at += 4
  if (bytes.length < at + length) return null
  const head = Buffer.from(bytes.subarray(at, at + Math.min(length, 40)))
  if (key !== null) for (let i = 0; i < head.length; i++) head[i] = (head[i] as number) ^ (key[i % 4] as number)
  return { opcode: (bytes[0] as number) & 15, end: at + length, head: head.toString('latin1') }
}

/** The greeting opens a connection: before it nothing else is said, so there is nothing to change its place with. */
function isHello(bytes: Buffer): boolean {
  return firstFrame(bytes)?.head.includes('["hello"') === true
}
