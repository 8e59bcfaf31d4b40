/**
 * Malformed messages over real sockets: Socket.IO's text framing by hand, so that what a client library would never send can
 * be sent too. At most `WINDOW` messages wait for an answer, which bounds the rate.
 */
import type { Draws } from './draws.ts'

const WINDOW = 200
const EVENTS = [
  'hello',
  'heartbeat',
  'accepted',
  'started',
  'append',
  'saved',
  'ended',
  'no-such',
  '__proto__',
  'disconnect ',
]

export interface Flood {
  sent: number
  /** Answered with a refusal. */
  refused: number
  /** Answered as if all were well: a violation. */
  accepted: number
  /** Never answered, or lost with a connection that the hub closed. */
  dropped: number
  connections: number
}

export async function flood(url: string, token: string, messages: number, draw: Draws): Promise<Flood> {
  const seen: Flood = { sent: 0, refused: 0, accepted: 0, dropped: 0, connections: 0 }
  while (seen.sent < messages) await oneConnection(url, token, messages, draw, seen)
  return seen
}

async function oneConnection(url: string, token: string, messages: number, draw: Draws, seen: Flood): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/agent/?EIO=4&transport=websocket`)
  const waiting = new Set<number>()
  let open = true
  let ready = false
  const closed = new Promise<void>(resolve => {
    socket.onclose = () => {
      open = false
      resolve()
    }
  })
  socket.onerror = () => undefined
  socket.onmessage = ({ data }) => {
    const text = String(data)
    if (text.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`)
    else if (text === '2') socket.send('3')
    else if (text.startsWith('40')) ready = true
    else if (text.startsWith('43')) {
      const at = text.indexOf('[')
      waiting.delete(Number(text.slice(2, at)))
      if ((JSON.parse(text.slice(at)) as { ok: boolean }[])[0]?.ok === true) seen.accepted++
      else seen.refused++
    }
  }
  const turn = () => new Promise(resolve => setTimeout(resolve, 1))
  for (let ms = 0; open && !ready; ms++) {
    if (ms > 10_000) throw new Error(`the hub lets the flood in no more: ${JSON.stringify(seen)}`)
    await turn()
  }
  seen.connections++
  for (let idle = 0; open && seen.sent < messages; ) {
    if (waiting.size >= WINDOW) {
      await turn()
      if (++idle < 2000) continue
      seen.dropped += waiting.size
      waiting.clear()
    }
    idle = 0
    const id = ++seen.sent
    waiting.add(id)
    // Now and then a frame that is no packet at all: the hub closes the connection, and the flood comes back.
    socket.send(
      draw.next() < 0.0005 ? `42${id}["append",{` : `42${id}${JSON.stringify([draw.pick(EVENTS), rubbish(draw, 0)])}`,
    )
  }
  for (let ms = 0; open && waiting.size > 0 && ms < 3000; ms++) await turn()
  seen.dropped += waiting.size
  socket.close()
  await closed
}

function rubbish(draw: Draws, depth: number): unknown {
  const kind = draw.between(0, depth > 3 ? 6 : 9)
  if (kind === 0) return null
  if (kind === 1) return draw.pick([0, -1, 1e308, 2 ** 53, 0.5])
  if (kind === 2) return draw.pick(['', '../../etc', '\u0000', 'x'.repeat(3000), '<b>', '☃'])
  if (kind === 3) return draw.next() < 0.5
  if (kind === 4) return { _placeholder: true, num: draw.between(-1, 3) }
  if (kind === 5) return { attempt: 'a.b.1.1', stream: 'records', offset: -1, data: 'text' }
  if (kind === 6) return [rubbish(draw, depth + 1), rubbish(draw, depth + 1)]
  const names = ['attempt', '__proto__', 'constructor', 'exit', 'version', 'manifest']
  return Object.fromEntries([draw.pick(names), draw.pick(names)].map(name => [name, rubbish(draw, depth + 1)]))
}
