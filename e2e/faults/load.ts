/** Too much of something while trials run: malformed and oversize messages, a crowd that returns at once, a page that does not read. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect as dial } from 'node:net'
import { call, localToken, until } from '../harness/cluster.ts'
import { type Client, connect, hello } from './client.ts'
import { draws } from './draws.ts'
import { ended, finish, never, produce, type Scenario, sleep } from './experiment.ts'
import { flood } from './flood.ts'
import { type House, openHouse } from './house.ts'

const joinToken = async (house: House) =>
  (await call<{ token: string }>(house.hub, 'agents.joinToken', undefined, 'mutation')).token
const beat = {
  cpu: 0.5,
  memory: { used: 1, total: 2 },
  disk: { free: 1, total: 2 },
  gpus: [],
  backlog: 0,
  clock: 1_700_000_000_000,
}

/** 100,000 malformed messages on real sockets while trials run: each is refused or dropped, the hub and its trials go on. */
export const malformed: Scenario = async ({ seed, short }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, 40, 200)
  const begun = Date.now()
  const seen = await flood(house.hub.url, await joinToken(house), short ? 10_000 : 100_000, draws(seed))
  console.log(`malformed-flood: ${JSON.stringify(seen)} in ${Date.now() - begun} ms`)
  const result = await finish(house, id)
  const faults = { malformed: seen.refused, 'closed connections': seen.connections - 1 }
  const violations = [...result.violations, ...never(faults, ['malformed', 'closed connections'])]
  if (seen.accepted > 0) violations.push(`${seen.accepted} malformed messages were accepted`)
  if (house.hub.process.child.exitCode !== null) violations.push('the hub ended')
  return { ...result, violations, faults }
}

/** S11: a message beyond a limit is refused, one beyond a packet ends its own connection; nobody else notices. */
export const oversize: Scenario = async ({ seed }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, 40, 200)
  const { url } = house.hub
  const violations: string[] = []
  const faults: { [kind: string]: number } = {}
  const token = await joinToken(house)
  const bystander = await connect(url, '/agent', { token })
  const joined = await bystander.ask('hello', hello('bystander', null))
  const own = { token: String(joined.token) }
  const attempt = 'nobody.work.1.1'
  const refused = async (what: string, on: Promise<Client>, event: string, message: object, binary?: Uint8Array) => {
    const client = await on
    const answer = await client.ask(event, message, binary).catch((e: Error) => ({ ok: false, refusal: e.message }))
    const code = (answer as { refusal?: { code?: string } }).refusal?.code
    if (answer.ok || code !== 'MALFORMED') violations.push(`${what}: ${JSON.stringify(answer)} instead of MALFORMED`)
    else faults[what] = 1
    client.close()
  }
  const cut = async (what: string, on: Promise<Client>, event: string, message: object, binary?: Uint8Array) => {
    const client = await on
    client.ask(event, message, binary).catch(() => undefined)
    const ended = await Promise.race([client.closed.then(() => true), sleep(5_000).then(() => false)])
    if (ended) faults[what] = 1
    else violations.push(`${what}: the connection is still open`)
  }
  const greeted = async (name: string) => {
    const client = await connect(url, '/agent', { token: await joinToken(house) })
    await client.ask('hello', hello(name, null))
    return client
  }
  const MiB = 1024 * 1024
  const batch = { attempt, stream: 'stdout', offset: 0 }
  await refused('batch + 1 byte', greeted('b1'), 'append', batch, randomBytes(MiB / 4 + 1))
  await cut('batch beyond a packet', greeted('b2'), 'append', batch, randomBytes(5 * MiB))
  const chunk = { sha256: '1'.repeat(64), offset: 0 }
  await refused('chunk + 1 byte', connect(url, '/upload', own), 'blob-chunk', chunk, randomBytes(MiB + 1))
  await cut('chunk beyond a packet', connect(url, '/upload', own), 'blob-chunk', chunk, randomBytes(3 * MiB))
  const many = Array.from({ length: 10_001 }, (_, n) => ({ attempt: `e.b.${n}.1`, state: 'running' }))
  const late = connect(url, '/agent', { token: await joinToken(house) })
  await refused('too many attempts', late, 'hello', hello('b3', null, many))
  const page = connect(url, '/live', { token: localToken(house.hub) })
  await cut('a page beyond a packet', page, 'watch', { topics: ['x'.repeat(300_000)], after: null })
  const body = await fetch(`${url}/api/trpc/experiments.submit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${localToken(house.hub)}`, 'content-type': 'application/json' },
    body: `{"text":"${'x'.repeat(33 * MiB)}"}`,
  }).then(
    answer => answer.status,
    () => 'cut',
  )
  if (body === 413 || body === 'cut') faults['a body too long'] = 1
  else violations.push(`a body of 33 MiB was answered with ${body}`)
  const alive = await bystander.ask('heartbeat', beat)
  if (!alive.ok) violations.push(`the bystander was answered ${JSON.stringify(alive)}`)
  bystander.close()
  const result = await finish(house, id)
  return { ...result, violations: [...result.violations, ...violations], faults }
}

/** G25: 500 agents that lost their hub come back in the same moment; all are in within 30 s, and the real trials go on. */
export const crowd: Scenario = async ({ seed, short }) => {
  const house = await openHouse(['one'])
  const size = short ? 150 : 500
  const names = Array.from({ length: size }, (_, n) => `crowd-${n}`)
  const members = new Map<string, { agent: string; token: string }>()
  let clients: Client[] = []
  for (const name of names) {
    const client = await connect(house.hub.url, '/agent', { token: await joinToken(house) })
    const { agent, token } = await client.ask('hello', hello(name, null))
    members.set(name, { agent: String(agent), token: String(token) })
    clients.push(client)
  }
  const id = await produce(house, seed, 2, 40, 200)
  await until(house.trials, t => t.length === 2, 60_000)
  await house.hub.process.kill('SIGKILL')
  await Promise.all(clients.map(c => c.closed))
  await house.startHub()
  const begun = performance.now()
  const violations: string[] = []
  const back = async (name: string): Promise<Client> => {
    const { agent, token } = members.get(name) as { agent: string; token: string }
    for (;;) {
      try {
        const client = await connect(house.hub.url, '/agent', { token })
        const answer = await client.ask('hello', hello(name, agent))
        if (answer.ok) return client
        violations.push(`${name} was refused: ${JSON.stringify(answer)}`)
        return client
      } catch {
        await sleep(500)
      }
    }
  }
  clients = await Promise.all(names.map(back))
  const ms = performance.now() - begun
  console.log(`crowd: ${size} agents are back after ${(ms / 1000).toFixed(1)} s`)
  if (ms > 30_000) violations.push(`${size} agents took ${Math.round(ms)} ms to return`)
  const { items } = await call<{ items: { name: string; state: string }[] }>(
    house.hub,
    'agents.list',
    undefined,
    'query',
  )
  const there = items.filter(a => a.name.startsWith('crowd-') && a.state === 'connected').length
  if (there !== size) violations.push(`${there} of ${size} agents are connected`)
  const result = await finish(house, id)
  for (const client of clients) client.close()
  return { ...result, violations: [...result.violations, ...violations], faults: { 'kill hub': 1, returned: size } }
}

/** A page that stops reading costs the hub a bounded amount of memory and its own connection; a page beside it sees all. */
export const slowConsumer: Scenario = async ({ seed, short }) => {
  // V8 lets its young generation grow to 128 MiB on a machine with much memory, whatever the program holds: fixed, so that a growth
  // is the hub's.
  const house = await openHouse(['one'], undefined, { node: ['--max-semi-space-size=16'] })
  const { pid } = house.hub.process.child
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  const steps = short ? 500 : 3000
  const id = await produce(house, seed, 2, steps, 2, 60_000)
  const topics = [`trial:${id}.work.1`, `trial:${id}.work.2`]
  const seen: string[] = []
  const fast = await connect(house.hub.url, '/live', { token: localToken(house.hub) }, (event, message) => {
    const { changes } = message as { changes: { kind: string; text?: string }[] }
    if (event === 'changes') for (const c of changes) if (c.kind === 'output') seen.push((c.text ?? '').slice(-200))
  })
  await fast.ask('watch', { topics, after: null })
  const slow = await deafPage(house, topics)
  const before = memory()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, memory())
  }, 50)
  await ended(house, id)
  clearInterval(watch)
  // What comes now fetches all output at once, which is not this page's doing.
  const result = await finish(house, id)
  const violations: string[] = []
  const { bytes, ended: gone } = await slow.rest()
  console.log(`slow-consumer: hub ${Math.round(before)} -> ${Math.round(most)} MiB, the page got ${bytes} bytes late`)
  if (!gone) violations.push('the hub kept the connection of a page that did not read')
  // What it may hold for pages that come back is 32 MiB, for one that is slow 4 MiB; the rest is garbage on its way out.
  if (most - before > 250) violations.push(`the hub grew by ${Math.round(most - before)} MiB`)
  for (const trial of [1, 2])
    if (!seen.some(text => text.includes(`${id}.work.${trial}.1 step`))) {
      // Lines are longer than what is kept of them: the end of a line is enough.
      if (seen.length === 0) violations.push(`the page that reads saw nothing of trial ${trial}`)
    }
  fast.close()
  return { ...result, violations: [...result.violations, ...violations], faults: { 'page that does not read': 1 } }
}

/** Says that it wants to see these topics, then never reads again until `rest`. */
async function deafPage(house: House, topics: readonly string[]) {
  const { hostname, port, host } = new URL(house.hub.url)
  const socket = dial(Number(port), hostname)
  const said: string[] = []
  const heard = (text: string) =>
    until(
      () => said.join(''),
      s => s.includes(text),
      10_000,
      10,
    )
  socket.on('data', data => said.push(data.toString('latin1')))
  socket.on('error', () => undefined)
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET /live/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  await heard('"sid"')
  socket.write(masked(`40${JSON.stringify({ token: localToken(house.hub) })}`))
  await heard('40{')
  socket.write(masked(`420${JSON.stringify(['watch', { topics, after: null }])}`))
  await heard('"reset"')
  socket.removeAllListeners('data')
  socket.pause()
  return {
    /** Reads what the system still holds; `ended`: the hub had closed the connection. */
    async rest(): Promise<{ bytes: number; ended: boolean }> {
      let bytes = 0
      const end = new Promise<boolean>(resolve => socket.once('close', () => resolve(true)))
      socket.on('data', data => {
        bytes += data.length
      })
      socket.resume()
      const ended = await Promise.race([end, sleep(5_000).then(() => false)])
      socket.destroy()
      return { bytes, ended }
    },
  }
}

/** A text frame with a mask of zeros, shorter than 64 KiB. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text)
  const head = Buffer.alloc(4)
  head[0] = 0x81
  head[1] = 0x80 | 126
  head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, Buffer.alloc(4), payload])
}
