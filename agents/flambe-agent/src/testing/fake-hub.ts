/**
 * A hub for the agent's tests, over real sockets: keeps a ledger of every byte, answers as the protocol says, and can be told to
 * cut, lose, refuse or damage. It holds the rules of delivery strictly: a byte that arrives twice must be the same byte.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  AGENT_PATH,
  type Down,
  type down,
  type Refusal,
  type Stream,
  UPLOAD_PATH,
  type Up,
  type Upload,
  unframe,
  up,
  upload,
} from '@flambe/protocol'
import { Server, type Socket } from 'socket.io'

export interface Ledger {
  readonly bytes: { readonly [S in Stream]: Uint8Array }
  readonly records: readonly { readonly [key: string]: unknown }[]
  readonly accepted: number
  readonly started: readonly Up['started'][]
  readonly saved: readonly Up['saved'][]
  readonly ended: Up['ended'] | null
  readonly appends: number
}

interface Account {
  bytes: { [S in Stream]: Buffer }
  accepted: number
  started: Up['started'][]
  saved: Up['saved'][]
  ended: Up['ended'] | null
  appends: number
}

export type Refuse = (event: string, message: unknown) => Refusal | 'silence' | 'lost answer' | null

export async function startFakeHub(
  options: { readonly joinToken?: string; readonly port?: number; state?: HubState } = {},
) {
  const state: HubState = options.state ?? newState(options.joinToken ?? 'join-secret')
  const http = createServer((request, response) => serve(state, request, response))
  const agents = new Server(http, { path: AGENT_PATH, transports: ['websocket', 'polling'], serveClient: false })
  const uploads = new Server(http, { path: UPLOAD_PATH, maxHttpBufferSize: 2e6, serveClient: false })
  const sockets = new Set<Socket>()
  const uploading = new Set<Socket>()

  for (const io of [agents, uploads])
    io.use((socket, next) => {
      const { token } = socket.handshake.auth
      if (state.tokens.has(token) || (io === agents && token === state.joinToken)) next()
      else next(Object.assign(new Error('the token is unknown'), { data: { code: state.unknown } }))
    })
  agents.on('connection', socket => {
    sockets.add(socket)
    socket.on('disconnect', () => sockets.delete(socket))
    handle(socket, up, {
      hello: message => hello(state, socket, message as Up['hello']),
      heartbeat: message => {
        state.beats.push(message as Up['heartbeat'])
        return { time: 0 }
      },
      accepted: message => {
        account(state, (message as Up['accepted']).attempt).accepted++
        return {}
      },
      started: message => {
        account(state, (message as Up['started']).attempt).started.push(message as Up['started'])
        return {}
      },
      append: message => append(state, message as Up['append']),
      saved: message => saved(state, message as Up['saved']),
      ended: message => ended(state, message as Up['ended']),
      described: message => {
        state.described.push(message as Up['described'])
        return {}
      },
    })
  })
  uploads.on('connection', socket => {
    uploading.add(socket)
    socket.on('disconnect', () => uploading.delete(socket))
    handle(socket, upload, blobHandlers(state))
  })

  function handle(
    socket: Socket,
    table: typeof up | typeof upload,
    handlers: { [event: string]: (message: unknown) => object },
  ): void {
    for (const [event, act] of Object.entries(handlers))
      socket.on(event, (raw: unknown, answer: (value: object) => void) => {
        const said = state.refuse(event, raw)
        if (said === 'silence') return
        const reply = (value: object) => said === 'lost answer' || answer(value)
        const schema = (table as { [e: string]: { message: { parse(raw: unknown): unknown } } })[event]
        try {
          if (said !== null && said !== 'lost answer') throw said
          reply({ ok: true, ...act(schema?.message.parse(raw)) })
        } catch (problem) {
          if (problem instanceof Error) state.mistakes.push(`${event}: ${problem.message}`)
          const refusal = problem instanceof Error ? { code: 'MALFORMED', message: problem.message } : problem
          reply({ ok: false, refusal })
        }
      })
  }

  await new Promise<void>(resolve => http.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    state,
    /** Sends to the agent, again on every new connection until it answers. */
    async send<K extends keyof typeof down>(event: K, message: Down[K]): Promise<void> {
      for (;;) {
        const socket = [...sockets].find(one => one.data.greeted === true)
        const answer = await socket
          ?.timeout(2_000)
          .emitWithAck(event, message)
          .catch(() => null)
        if (answer?.ok === true) return
        if (answer !== undefined && answer !== null && answer.refusal?.code === 'MALFORMED')
          throw new Error(answer.refusal.message)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    ledger: (attempt: string): Ledger => toLedger(account(state, attempt)),
    /** Cuts every connection, as a network does. */
    cut(which: 'agents' | 'uploads' | 'all' = 'all') {
      if (which !== 'uploads') for (const socket of sockets) socket.conn.close(true)
      if (which !== 'agents') for (const socket of uploading) socket.conn.close(true)
    },
    /** Closes as a hub does that throws an agent out: Socket.IO clients do not come back by themselves. */
    throwOut() {
      for (const socket of sockets) socket.disconnect(true)
    },
    connections: () => sockets.size,
    async close() {
      await Promise.all([agents.close(), uploads.close()])
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
  }
}
export type FakeHub = Awaited<ReturnType<typeof startFakeHub>>

export interface HubState {
  joinToken: string
  readonly tokens: Map<string, string>
  readonly accounts: Map<string, Account>
  readonly blobs: Map<string, Buffer>
  readonly partial: Map<string, Buffer>
  readonly hellos: Up['hello'][]
  readonly beats: Up['heartbeat'][]
  readonly described: Up['described'][]
  readonly requests: { readonly url: string; readonly range: string | undefined; readonly authorized: boolean }[]
  readonly fenced: Set<string>
  /** Bytes of blob chunks received, repeats included. */
  received: number
  /** What the agent did that the protocol forbids. Must stay empty. */
  readonly mistakes: string[]
  refuse: Refuse
  /** What a token is called that this hub has not given. */
  unknown: 'UNAUTHENTICATED' | 'UNKNOWN'
  /** Name of the agent that this hub hands out. */
  newest: string | null
  /** Last word on a download: the bytes to send instead. */
  download: (sha256: string, data: Buffer) => Buffer | 'cut' | 'missing'
}

function newState(joinToken: string): HubState {
  return {
    joinToken,
    tokens: new Map(),
    accounts: new Map(),
    blobs: new Map(),
    partial: new Map(),
    hellos: [],
    beats: [],
    described: [],
    requests: [],
    fenced: new Set(),
    received: 0,
    mistakes: [],
    refuse: () => null,
    unknown: 'UNAUTHENTICATED',
    newest: null,
    download: (_, data) => data,
  }
}

function account(state: HubState, attempt: string): Account {
  const known = state.accounts.get(attempt)
  if (known !== undefined) return known
  const empty = () => Buffer.alloc(0)
  const bytes = { records: empty(), stdout: empty(), stderr: empty() }
  const fresh: Account = { bytes, accepted: 0, started: [], saved: [], ended: null, appends: 0 }
  state.accounts.set(attempt, fresh)
  return fresh
}

function toLedger(one: Account): Ledger {
  const { payloads } = unframe(one.bytes.records)
  return { ...one, records: payloads.map(payload => JSON.parse(Buffer.from(payload).toString('utf8'))) }
}

function hello(state: HubState, socket: Socket, message: Up['hello']): object {
  state.hellos.push(message)
  const { token } = socket.handshake.auth
  const known = state.tokens.get(token)
  const agent = known ?? message.agent ?? `agent-${state.tokens.size + 1}`
  const minted = known === undefined ? `agent-secret-${randomBytes(8).toString('hex')}` : null
  if (minted !== null) state.tokens.set(minted, agent)
  const fenced = message.attempts.map(one => one.attempt).filter(id => state.fenced.has(id))
  const offsets = Object.fromEntries(
    message.attempts
      .filter(one => !state.fenced.has(one.attempt))
      .map(({ attempt }) => {
        const { records, stdout, stderr } = account(state, attempt).bytes
        return [attempt, { records: records.length, stdout: stdout.length, stderr: stderr.length }]
      }),
  )
  socket.data.greeted = true
  return { agent, hub: 'fake', token: minted, offsets, fenced }
}

function append(state: HubState, { attempt, stream, offset, data }: Up['append']): object {
  if (state.fenced.has(attempt)) throw { code: 'FENCED', message: 'a newer epoch exists' }
  const one = account(state, attempt)
  one.appends++
  const have = one.bytes[stream]
  if (offset > have.length) return { next: have.length }
  const again = have.subarray(offset, Math.min(have.length, offset + data.length))
  if (!again.equals(Buffer.from(data.subarray(0, again.length)))) {
    state.mistakes.push(`append: other bytes at ${offset} of ${stream}`)
    throw { code: 'CONFLICT', message: `other bytes at ${offset}` }
  }
  if (stream === 'records' && unframe(data).end !== data.length) state.mistakes.push('append: a record was cut')
  one.bytes[stream] = Buffer.concat([have, data.subarray(again.length)])
  return { next: one.bytes[stream].length }
}

function saved(state: HubState, message: Up['saved']): object {
  const missing = message.manifest.files.filter(file => !state.blobs.has(file.sha256))
  if (missing.length > 0) throw { code: 'INCOMPLETE', message: `missing ${missing.map(file => file.sha256).join()}` }
  account(state, message.attempt).saved.push(message)
  return {}
}

function ended(state: HubState, message: Up['ended']): object {
  const one = account(state, message.attempt)
  for (const stream of ['records', 'stdout', 'stderr'] as const)
    if (one.bytes[stream].length !== message.sizes[stream])
      throw { code: 'INCOMPLETE', message: `${stream}: ${one.bytes[stream].length} of ${message.sizes[stream]}` }
  one.ended = message
  return {}
}

function blobHandlers(state: HubState): { [event: string]: (message: unknown) => object } {
  return {
    'blob-begin': raw => {
      const { sha256 } = raw as Upload['blob-begin']
      return { offset: (state.blobs.get(sha256) ?? state.partial.get(sha256))?.length ?? 0 }
    },
    'blob-chunk': raw => {
      const { sha256, offset, data } = raw as Upload['blob-chunk']
      state.received += data.length
      const have = state.partial.get(sha256) ?? Buffer.alloc(0)
      if (offset !== have.length) return { next: have.length }
      state.partial.set(sha256, Buffer.concat([have, data]))
      return { next: offset + data.length }
    },
    'blob-end': raw => {
      const { sha256, size } = raw as Upload['blob-end']
      if (state.blobs.has(sha256)) return {}
      const have = state.partial.get(sha256) ?? Buffer.alloc(0)
      state.partial.delete(sha256)
      if (have.length !== size || createHash('sha256').update(have).digest('hex') !== sha256)
        throw { code: 'CONFLICT', message: 'the bytes have another hash' }
      state.blobs.set(sha256, have)
      return {}
    },
  }
}

function serve(state: HubState, request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/flambe-agent.tgz') {
    response.writeHead(state.newest === null ? 404 : 302, state.newest === null ? {} : { location: state.newest }).end()
    return
  }
  const sha256 = /^\/api\/blobs\/([0-9a-f]{64})$/.exec(request.url ?? '')?.[1]
  const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
  const authorized = state.tokens.has(token)
  const { range } = request.headers
  state.requests.push({ url: request.url ?? '', range, authorized })
  const blob = sha256 === undefined ? undefined : state.blobs.get(sha256)
  if (!authorized || sha256 === undefined || blob === undefined) {
    response.writeHead(authorized ? 404 : 401).end()
    return
  }
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  const data = state.download(sha256, blob.subarray(from))
  if (data === 'missing') {
    response.writeHead(404).end()
    return
  }
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': blob.length - from })
  if (data === 'cut') {
    response.write(blob.subarray(from, from + Math.ceil((blob.length - from) / 2)), () => response.destroy())
    return
  }
  response.end(data)
}
