/**
 * The three Socket.IO servers on one HTTP server: agents, their uploads, pages. Separate paths, since namespaces of one path
 * share one connection, one size limit and one origin check. Host and origin are looked at before the handshake.
 */
import { createHash } from 'node:crypto'
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { AGENT_PATH, LIVE_PATH, UPLOAD_PATH } from '@flambe/protocol'
import { Server, type Socket } from 'socket.io'
import type { AgentSocket } from './agents/agents.ts'
import type { Auth } from './auth/auth.ts'
import type { Gate } from './auth/gate.ts'
import { type AgentIdentity, may } from './auth/identity.ts'
import type { Rate } from './auth/rate.ts'
import type { Limits } from './limits.ts'
import type { LiveServer } from './live/clients.ts'

export interface Sockets {
  readonly agents: Server
  readonly uploads: Server
  readonly live: LiveServer
  /** Ends the pages whose session or token is not valid any more: signed out, expired, revoked. */
  recheckPages(): Promise<void>
  /** Ends the connections of agents whose tokens were all revoked. */
  recheckAgents(): Promise<void>
  close(): Promise<void>
}

/** Counted apart: an agent with a wrong token must not shut out the pages of its machine. */
type Kind = 'agent' | 'page'

/**
 * Many agents share an address (one machine, a cluster behind one router). Each wrong token is counted for itself, so that it
 * does not shut out the others; the address as a whole has this many times the tries.
 */
const MACHINES = 50

export interface SocketsOptions {
  readonly auth: Auth
  readonly gate: Gate
  readonly rate: Rate
  readonly limits: Limits
  readonly onError: (error: unknown) => void
}

/** Connections per address, signed in or not: an address that only opens them must not use up the hub (S11). */
function createCrowd(limits: Limits) {
  const counts = new Map<string, number>()
  const most = { agent: limits.agent_sockets, page: limits.page_sockets }
  return {
    full: (kind: Kind, from: string) => (counts.get(`${kind} ${from}`) ?? 0) >= most[kind],
    watch: (server: Server, kind: Kind) => {
      server.engine.on(
        'connection',
        (connection: { request: IncomingMessage; once: (e: string, f: () => void) => void }) => {
          const key = `${kind} ${connection.request.socket.remoteAddress ?? '-'}`
          counts.set(key, (counts.get(key) ?? 0) + 1)
          connection.once('close', () => {
            const left = (counts.get(key) ?? 1) - 1
            if (left > 0) counts.set(key, left)
            else counts.delete(key)
          })
        },
      )
    },
  }
}

export function openSockets(http: HttpServer, { auth, gate, rate, limits, onError }: SocketsOptions): Sockets {
  const crowd = createCrowd(limits)
  const knock = (kind: Kind) => (req: IncomingMessage, allow: (problem: string | null, ok: boolean) => void) => {
    const { host, origin, authorization, cookie } = req.headers
    const from = req.socket.remoteAddress ?? '-'
    if (crowd.full(kind, from)) allow('too many connections from this address', false)
    else if (!rate.open(`${kind} ${from}`, kind === 'agent' ? MACHINES : 1))
      allow('too many refused connections, wait a minute', false)
    else if (!gate.hostAllowed(host)) allow('this hub does not answer to that name', false)
    // Without a cookie there is nothing that another site could misuse; browsers always send an Origin with an upgrade.
    else if (
      !gate.originAllowed(origin, host, kind === 'agent' || authorization !== undefined || cookie === undefined)
    ) {
      allow('from another site', false)
    } else allow(null, true)
  }
  const open = (path: string, maxHttpBufferSize: number, kind: Kind) =>
    new Server(http, {
      path,
      maxHttpBufferSize,
      serveClient: false,
      allowRequest: knock(kind),
      connectTimeout: 20_000,
    })

  /** `who` returns why not, or null; a bug inside it refuses the connection and is logged. */
  const audit = (who: AgentIdentity | null, what: string, from: string, result: string) => {
    // Refusals are as many as the rate lets through, so nobody can fill the log.
    auth.audit(who, what, from, result).catch(onError)
  }
  const admit = (server: Server, kind: Kind, who: (socket: Socket, from: string) => Promise<string | null>) =>
    server.use((socket, next) => {
      const from = socket.handshake.address
      const token: unknown = socket.handshake.auth.token
      const mine = `${kind} ${from} ${typeof token === 'string' ? digest(token) : '-'}`
      if (!rate.open(mine)) {
        const message = 'this token was refused too often, wait a minute'
        return next(Object.assign(new Error(message), { data: { code: 'BUSY', message, after: 60_000 } }))
      }
      who(socket, from).then(
        why => {
          if (why === null) return next()
          rate.failed(`${kind} ${from}`)
          rate.failed(mine)
          if (kind === 'agent') audit(null, 'agent connects', from, why)
          const code = why === STRANGER ? 'UNKNOWN' : 'UNAUTHENTICATED'
          next(Object.assign(new Error(why), { data: { code, message: why } }))
        },
        (error: unknown) => {
          onError(error)
          const message = 'the hub failed on this connection'
          next(Object.assign(new Error(message), { data: { code: 'BUSY', message, after: 5_000 } }))
        },
      )
    })

  const agents = open(AGENT_PATH, limits.agent_packet, 'agent')
  const uploads = open(UPLOAD_PATH, limits.upload_packet, 'agent')
  const live = open(LIVE_PATH, limits.live_packet, 'page')

  crowd.watch(live as Server, 'page')
  for (const server of [agents, uploads]) {
    crowd.watch(server, 'agent')
    admit(server, 'agent', async (socket, from) => {
      const token: unknown = socket.handshake.auth.token
      const found = await auth.identifyAgent(token)
      if (found === null || (server === uploads && found.kind === 'join'))
        return (await auth.isStranger(token)) ? STRANGER : 'the token is unknown, spent or revoked'
      const identity = found.kind === 'join' ? { kind: 'join' as const, token: token as string } : found
      socket.data = { identity, from } satisfies AgentSocket
      if (server === agents && identity.kind === 'agent') audit(identity, 'agent connects', from, 'ok')
      return null
    })
  }
  admit(live as Server, 'page', async socket => {
    const token: unknown = socket.handshake.auth.token
    if (typeof token === 'string') socket.request.headers.authorization ??= `Bearer ${token}`
    const identity = await auth.identify(socket.request)
    return may(identity, 'view') ? null : 'sign in first'
  })

  const recheckPages = async () => {
    for (const socket of live.sockets.sockets.values())
      if (!may(await auth.identify(socket.request), 'view')) socket.conn.close()
  }
  const recheckAgents = async () => {
    for (const server of [agents, uploads])
      for (const socket of server.sockets.sockets.values()) {
        const { identity } = socket.data as AgentSocket
        // A join token is traded with the first hello: from then on another one stands for the agent.
        const holds = identity.kind === 'join' || (await auth.holdsToken(identity.agent))
        if (!holds) socket.conn.close()
      }
  }
  const recheck = async () => {
    await recheckPages()
    await recheckAgents()
  }
  const timer = setInterval(() => void recheck().catch(onError), limits.session_check)
  timer.unref()

  return {
    agents,
    uploads,
    live: live as LiveServer,
    recheckPages,
    recheckAgents,
    close: async () => {
      clearInterval(timer)
      // No disconnectSockets: after a "server disconnect" clients stay away, after a closed transport they come back.
      await Promise.all([agents.close(), uploads.close(), live.close()])
    },
  }
}

/** Not the same as a revoked token: what the agent runs is still somebody's. */
const STRANGER = 'this hub never gave this token: it has lost its data, or serves another folder'

const digest = (token: string): string => createHash('sha256').update(token).digest('base64url').slice(0, 16)
