import { LIVE_PATH } from '@flambe/protocol'
import { io, type Socket } from 'socket.io-client'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { FakeAgent } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { eventually, type House, openHouse } from '../testing/house.ts'
import type { ClientToHub, HubToClient, LiveChange } from './contract.ts'
import { createFeed } from './feed.ts'

let house: House | null = null
const closers: (() => void)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) close()
  await house?.close()
  house = null
})

interface Page {
  readonly socket: Socket<HubToClient, ClientToHub>
  readonly batches: { position: number; changes: readonly LiveChange[] }[]
  watch(topics: readonly string[], after?: number | null): Promise<{ position: number; reset: boolean }>
}

async function page(at: House): Promise<Page> {
  const socket: Socket<HubToClient, ClientToHub> = io(at.url, {
    path: LIVE_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: at.hub.localToken() },
  })
  closers.push(() => socket.disconnect())
  const batches: Page['batches'] = []
  socket.on('changes', batch => batches.push(batch))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return {
    socket,
    batches,
    watch: async (topics, after = null) => {
      const answer = await socket.timeout(5_000).emitWithAck('watch', { topics, after })
      if (!answer.ok) throw new Error(answer.message)
      return answer
    },
  }
}

async function run(at: House): Promise<string> {
  const { token } = await at.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url: at.url, token, play: { steps: 5 } })
  closers.push(() => agent.close())
  await agent.connect()
  const answer = await at.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  await eventually(async () => (await at.api.experiments.get.query({ id: answer.id })).state === 'success')
  return answer.id
}

const kinds = (p: Page, kind: LiveChange['kind']) => p.batches.flatMap(b => b.changes).filter(c => c.kind === kind)

describe('the live feed over real sockets', () => {
  it('brings rows up to what the queries say, in order, only for watched topics', async () => {
    house = await openHouse()
    const all = await page(house)
    const only = await page(house)
    await all.watch(['experiments', 'agents'])
    await only.watch(['agents'])
    const id = await run(house)
    const last = await eventually(() => {
      const row = kinds(all, 'experiment').at(-1)
      return row?.kind === 'experiment' && row.row.state === 'success' ? row.row : null
    })
    const { block_list, seed, settings, resources, ...summary } = await house.api.experiments.get.query({ id })
    expect(last).toEqual(summary)
    const positions = all.batches.map(b => b.position)
    expect(positions).toEqual([...positions].sort((a, b) => a - b))
    expect(new Set(positions).size).toBe(positions.length)
    expect(kinds(only, 'experiment')).toEqual([])
    expect(kinds(only, 'agent').length).toBeGreaterThan(0)
    expect([block_list.length, seed, resources, typeof settings]).toEqual([2, 7, [], 'object'])
  })

  it('brings every point and every line of a watched experiment once', async () => {
    house = await openHouse()
    const p = await page(house)
    const { token } = await house.api.agents.joinToken.mutate()
    const agent = new FakeAgent({ url: house.url, token, play: { steps: 20 } })
    closers.push(() => agent.close())
    const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
    if (!answer.ok) throw new Error('not submitted')
    const trial = `${answer.id}.a.1`
    await p.watch([`points:${answer.id}`, `trial:${trial}`])
    await agent.connect()
    const steps = await eventually(() => {
      const seen = kinds(p, 'points').flatMap(c =>
        c.kind === 'points' && c.trial === trial && c.tag === 'loss' ? c.steps : [],
      )
      return seen.length >= 20 ? seen : null
    })
    expect(steps).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    const text = await eventually(() => {
      const seen = kinds(p, 'output')
        .map(c => (c.kind === 'output' ? c.text : ''))
        .join('')
      return seen.endsWith('step 20\n') ? seen : null
    })
    expect(text.split('\n').length).toBe(21)
  })

  it('replays what a page missed, and says reset after a hub restart', async () => {
    house = await openHouse()
    const first = await page(house)
    const { position } = await first.watch(['experiments'])
    first.socket.disconnect()
    await run(house)
    const second = await page(house)
    const back = await second.watch(['experiments'], position)
    expect(back.reset).toBe(false)
    await eventually(() => kinds(second, 'experiment').some(c => c.kind === 'experiment' && c.row.state === 'success'))

    house = await house.restart()
    const third = await page(house)
    expect((await third.watch(['experiments'], back.position)).reset).toBe(true)
    expect((await third.watch(['agents'], null)).reset).toBe(false)
  })

  it('ends in a way after which pages come back by themselves', async () => {
    house = await openHouse()
    const socket = io(house.url, {
      path: LIVE_PATH,
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 50,
      auth: { token: house.hub.localToken() },
    })
    closers.push(() => socket.disconnect())
    let connects = 0
    socket.on('connect', () => connects++)
    await eventually(() => connects === 1)
    house = await house.restart()
    await eventually(() => connects === 2)
  })

  it('refuses what is not a topic, and survives nonsense', async () => {
    house = await openHouse()
    const p = await page(house)
    await expect(p.watch(['everything'])).rejects.toThrow('not a list of topics')
    const socket = p.socket as unknown as Socket
    socket.emit('watch')
    socket.emit('watch', { topics: ['agents'], after: null })
    socket.emit('unwatch', 5)
    socket.emit('error', new Uint8Array(3))
    socket.emit('changes', {})
    expect(await p.watch(['agents'])).toMatchObject({ reset: false })
    expect(house.errors).toEqual([])
  })
})

describe('the ring', () => {
  const feed = (kept: number) =>
    createFeed({
      clock: systemClock,
      every: 1,
      keptChanges: kept,
      keptBytes: 1e9,
      render: mark => ({ change: { kind: 'agent', row: { id: mark.id } as never }, topics: ['agents'] }),
      onError: error => {
        throw error
      },
    })

  it('joins marks of one row in a tick, and points of one series', () => {
    const f = feed(100)
    f.mark({ kind: 'agent', id: 'a' })
    f.mark({ kind: 'agent', id: 'a' })
    f.points('e', 't', 'loss', [1], [0.5], [9])
    f.points('e', 't', 'loss', [2], [Number.NaN], [10])
    const start = f.position()
    f.flush()
    expect(f.position()).toBe(start + 1)
    expect(f.since(start)?.map(e => e.change)).toEqual([
      { kind: 'agent', row: { id: 'a' } },
      { kind: 'points', trial: 't', tag: 'loss', steps: [1, 2], values: [0.5, null], times: [9, 10] },
    ])
    f.close()
  })

  it('knows what it has forgotten', () => {
    const f = feed(3)
    const start = f.position()
    for (let i = 0; i < 5; i++) {
      f.mark({ kind: 'agent', id: `a${i}` })
      f.flush()
    }
    expect(f.since(start)).toBeNull()
    expect(f.since(start + 1)).toBeNull()
    expect(f.since(start + 2)?.length).toBe(3)
    expect(f.since(f.position())).toEqual([])
    expect(f.since(f.position() + 1)).toBeNull()
    f.close()
  })
})

describe('a page that does not read', () => {
  it('is cut instead of being buffered for ever, and told reset when it comes back', async () => {
    house = await openHouse({ limits: { live_client_bytes: 200_000, live_kept_bytes: 1_000_000 } })
    const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
    if (!answer.ok) throw new Error('not submitted')
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const { token } = await house.api.agents.joinToken.mutate()
    const agent = new FakeAgent({ url: house.url, token, play: { steps: 1, before: () => gate } })
    closers.push(() => agent.close())
    await agent.connect()
    const folder = await eventually(() => [...agent.folders.values()].find(f => f.state === 'running'))
    const p = await page(house)
    const { position } = await p.watch([`trial:${folder.spec.trial}`])
    const other = await page(house)
    await other.watch(['agents'])

    const transport = p.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }
    transport.ws._socket.pause()
    const data = new Uint8Array(Buffer.from(`${'x'.repeat(99)}\n`.repeat(2_000)))
    let offset = 0
    const sendMore = async () => {
      const sent = await agent.ask('append', { attempt: folder.spec.attempt, stream: 'stdout', offset, data })
      if (!sent.ok) throw new Error('refused')
      offset = sent.next
    }
    const connections = async () =>
      house?.hub.services.store &&
      (await new Promise<number>(resolve => house?.served.http.getConnections((_, n) => resolve(n))))
    const before = (await connections()) ?? 0
    await eventually(async () => {
      await sendMore()
      return ((await connections()) ?? 0) < before
    })
    transport.ws._socket.resume()
    // Only that page: the other one is as live as before.
    const seen = other.batches.length
    await agent.ask('heartbeat', {
      cpu: 0,
      memory: { used: 0, total: 0 },
      disk: { free: 0, total: 0 },
      gpus: [],
      backlog: 0,
      clock: 0,
    })
    await eventually(() => other.batches.length > seen)
    const again = await page(house)
    expect((await again.watch([`trial:${folder.spec.trial}`], position)).reset).toBe(true)
    go()
  })
})
