import { AGENT_PATH, UPLOAD_PATH, up, upload } from '@flambe/protocol'
import { io, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { type House, openHouse } from '../testing/house.ts'

let house: House
let agent: FakeAgent

beforeEach(async () => {
  house = await openHouse()
  const { token } = await house.api.agents.joinToken.mutate()
  agent = new FakeAgent({ url: house.url, token })
  await agent.connect()
})

afterEach(async () => {
  agent.close()
  await house.close()
})

/** mulberry32: the same messages in every run. */
function generator(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function nonsense(random: () => number, depth = 0): unknown {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const kinds = ['null', 'number', 'text', 'bytes', 'bool', 'list', 'map', 'almost']
  switch (pick(depth > 3 ? kinds.slice(0, 5) : kinds)) {
    case 'null':
      return null
    case 'number':
      return pick([0, -1, 1.5, 2 ** 53, -(2 ** 40), 1e308])
    case 'text':
      return pick(['', 'a', '../../etc/passwd', '__proto__', 'x'.repeat(5_000), '\u0000', 'e1.a.1.1'])
    case 'bytes':
      return new Uint8Array(Math.floor(random() * 100))
    case 'bool':
      return random() < 0.5
    case 'list':
      return Array.from({ length: Math.floor(random() * 4) }, () => nonsense(random, depth + 1))
    case 'map':
      return Object.fromEntries(
        Array.from({ length: Math.floor(random() * 4) }, () => [
          pick(['attempt', 'stream', 'offset', 'data', 'version', 'constructor', 'toString']),
          nonsense(random, depth + 1),
        ]),
      )
    default:
      return {
        attempt: pick(['e1.a.1.1', 'nobody.a.1.1', '']),
        stream: pick(['records', 'stdout', 'other']),
        offset: pick([0, -1, 5]),
        data: pick([new Uint8Array(3), 'text', null]),
        sha256: pick(['0'.repeat(64), 'zz']),
        size: pick([3, -3]),
        pid: 1,
        environment: nonsense(random, depth + 1),
      }
  }
}

async function bombard(socket: Socket, events: readonly string[], count: number): Promise<number> {
  const random = generator(42)
  let refused = 0
  for (let sent = 0; sent < count; sent += 100) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => {
        const event = events[Math.floor(random() * events.length)] as string
        const args = Array.from({ length: Math.floor(random() * 3) }, () => nonsense(random))
        return socket.timeout(10_000).emitWithAck(event, ...args) as Promise<{ ok: boolean }>
      }),
    )
    for (const answer of answers) {
      expect(typeof answer.ok).toBe('boolean')
      if (!answer.ok) refused++
    }
  }
  return refused
}

it('answers each of thousands of malformed messages, and goes on', async () => {
  const socket = agent.socket as Socket
  const events = [...Object.keys(up), 'nothing', 'error', 'constructor', '__proto__', 'toString']
  const refused = await bombard(socket, events, 3_000)
  expect(refused).toBeGreaterThan(2_000)
  expect(await agent.ask('hello', agent.hello())).toMatchObject({ ok: true, agent: agent.id })
  expect(house.errors).toEqual([])
})

it('answers malformed messages on the upload connection too', async () => {
  await agent.put('blob-begin', { sha256: '1'.repeat(64), size: 1 })
  const refused = await bombard(agent.uploads as Socket, [...Object.keys(upload), 'error', 'hello'], 1_000)
  expect(refused).toBeGreaterThan(500)
  expect(await agent.put('blob-begin', { sha256: '1'.repeat(64), size: 1 })).toMatchObject({ ok: true })
  expect(house.errors).toEqual([])
})

it('survives messages without an acknowledgement, and counts them', async () => {
  const socket = agent.socket as Socket
  for (const event of ['hello', 'append', 'error', 'nothing']) socket.emit(event, { x: 1 })
  for (const event of ['hello', 'append', 'error']) socket.emit(event)
  expect(await agent.ask('heartbeat', beat)).toMatchObject({ ok: true })
  const health = (await (await fetch(`${house.url}/healthz`)).json()) as { counters: { unanswerable: number } }
  expect(health.counters.unanswerable).toBe(7)
})

it('says hello first: everything else before it is refused', async () => {
  const socket = io(house.url, {
    path: AGENT_PATH,
    transports: ['websocket'],
    forceNew: true,
    auth: { token: agent.token },
  })
  const answer = await socket.timeout(5_000).emitWithAck('heartbeat', beat)
  expect(answer).toMatchObject({ ok: false, refusal: { code: 'FORBIDDEN' } })
  socket.disconnect()
})

it('cuts a connection that sends more than a packet may hold, and only that one', async () => {
  const big = io(house.url, {
    path: UPLOAD_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: agent.token },
  })
  await new Promise(resolve => big.once('connect', () => resolve(null)))
  const gone = new Promise(resolve => big.once('disconnect', resolve))
  big.emit('blob-chunk', { sha256: '1'.repeat(64), offset: 0, data: new Uint8Array(5 * 1024 * 1024) })
  expect(await gone).toBe('transport close')
  expect(await agent.ask('heartbeat', beat)).toMatchObject({ ok: true })
})

const beat = {
  cpu: 0.5,
  memory: { used: 1, total: 2 },
  disk: { free: 1, total: 2 },
  gpus: [],
  backlog: 0,
  clock: 1_700_000_000_000,
}
