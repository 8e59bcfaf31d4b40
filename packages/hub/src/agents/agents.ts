/**
 * Agents' sockets: AGENT_PATH (every message of protocol's up.ts) and UPLOAD_PATH (blobs). Every handler runs inside
 * `answering.ts`. It changes state only through the driver and never answers before the commit.
 */
import { randomBytes } from 'node:crypto'
import type { AttemptRow } from '@flambe/engine'
import type { Json } from '@flambe/language'
import { PROTOCOL_VERSION, UPLOAD_CREDITS, type Up, up, upload } from '@flambe/protocol'
import type { OpenStore } from '@flambe/store'
import type { Server, Socket } from 'socket.io'
import type { Auth } from '../auth/auth.ts'
import { type Clock, systemTimers, type Timers } from '../clock.ts'
import type { Driver, EventBody } from '../driver/driver.ts'
import type { Emit, Outbox } from '../driver/outbox.ts'
import type { Describing } from '../extensions/describing.ts'
import type { Installing } from '../extensions/installing.ts'
import type { Limits } from '../limits.ts'
import { Refused } from '../refused.ts'
import { type Committed, isLive } from '../rows/committed.ts'
import { answer, type Counters, handler } from './answering.ts'
import type { Intake } from './intake.ts'
import type { Presence } from './presence.ts'

export interface AgentsOptions {
  readonly auth: Auth
  readonly clock: Clock
  readonly counters: Counters
  readonly describing: Describing
  readonly driver: Driver
  readonly installing: Installing
  readonly intake: Intake
  readonly limits: Limits
  readonly outbox: Outbox
  readonly presence: Presence
  readonly rows: Committed
  readonly store: OpenStore
  readonly timers?: Timers
  readonly hub: string
  /** Command that starts a matching agent, for VERSION. */
  readonly command: () => string
  /** What `setAgentInfo` keeps of it. */
  readonly onHello: (agent: string, info: Json) => void
  readonly onHeartbeat: (agent: string) => void
  readonly onError: (event: string, error: unknown) => void
}

/** What an agent said of itself, beyond its row. */
export type Hello = Up['hello']

/** What the handshake found; kept in `socket.data`. */
export type AgentSocket = { identity: { kind: 'join'; token: string } | { kind: 'agent'; agent: string }; from: string }

export function serveAgents(server: Server, options: AgentsOptions): void {
  const connected = new Map<string, Socket>()
  server.on('connection', socket => serveAgent(socket, connected, options))
}

function serveAgent(socket: Socket, connected: Map<string, Socket>, options: AgentsOptions): void {
  const { auth, clock, driver, intake, limits, outbox, presence, rows, store } = options
  const timers = options.timers ?? systemTimers
  const data = socket.data as AgentSocket
  let hello: Hello | null = null
  let agent = ''
  /** Messages without an answer: one listener for all that are in flight. */
  const unanswered = new Set<() => void>()

  // The timer is ours and not Socket.IO's, which outlives the connection: it would hold a hub that ends for its whole length.
  const emit: Emit = (event, message) =>
    new Promise((resolve, reject) => {
      // The message was still being put together when the agent went: nobody would ever end its timer.
      if (!socket.connected) return reject(new Error('the connection was lost'))
      const settle = (outcome: () => void) => {
        cancel()
        unanswered.delete(gone)
        outcome()
      }
      const gone = () => settle(() => reject(new Error('the connection was lost')))
      const late = () => settle(() => reject(new Error(`no answer to ${event} in ${limits.ack_timeout} ms`)))
      const cancel = timers.after(limits.ack_timeout, late)
      unanswered.add(gone)
      socket.emit(event, message, (reply: never) => {
        alive()
        settle(() => resolve(typeof reply === 'object' && reply !== null ? reply : ({ ok: false } as never)))
      })
    })

  /** The agent's attempt, or why it may not write to it (G7, S8). */
  const own = (id: string): AttemptRow => {
    const row = rows.attempts.get(id)
    if (row === undefined) throw new Refused('UNKNOWN', `no attempt ${id}`)
    if (row.agent !== agent) throw new Refused('FORBIDDEN', `attempt ${id} is not of this agent`)
    if (fenced(row, rows)) throw new Refused('FENCED', `attempt ${id} was given up`)
    return row
  }

  const connectedEvent = (from: Hello, attempts: readonly string[]): EventBody => ({
    type: 'agent-connected',
    agent,
    name: from.name,
    cpu: from.devices.cpu,
    gpus: from.devices.gpus,
    backends: from.backends.filter(b => b.accepted).map(b => b.name),
    attempts,
  })

  /** Counts as a sign of life; after a silence the engine is told that the agent, with all that it held, is back. */
  const alive = () => {
    if (hello === null) return
    const before = presence.heard(agent)
    if (before === 'connected') return
    if (before === 'lost') {
      // Its leases have ended, and only a new hello tells what it still runs: it connects again by itself.
      socket.conn.close()
      return
    }
    const attempts = rows.held(agent).map(row => row.id)
    driver.record(connectedEvent(hello, attempts)).catch(error => {
      options.onError('back', error)
      // Not stored: its next message says it again.
      presence.follow(agent, rows.agents.get(agent)?.state ?? before)
    })
  }

  const greet = async (message: Hello) => {
    if (message.version !== PROTOCOL_VERSION) {
      throw new Refused('VERSION', `this hub speaks version ${PROTOCOL_VERSION}, the agent ${message.version}`, {
        command: options.command(),
      })
    }
    const taken = [...connected].find(([id]) => id !== message.agent && rows.agents.get(id)?.name === message.name)
    // An agent whose answer was lost comes again with its join token while its old connection still seems to stand.
    const self = data.identity.kind === 'agent' ? data.identity.agent : auth.joinedAs(data.identity.token)
    if (taken !== undefined && taken[0] !== self) {
      throw new Refused('FORBIDDEN', `an agent named ${message.name} is connected: start this one with --name`)
    }
    const token = data.identity.kind === 'join' ? await join(data.identity.token, message) : null
    agent = (data.identity as { agent: string }).agent
    if (message.agent !== null && message.agent !== agent && token === null) {
      throw new Refused('FORBIDDEN', 'the token belongs to another agent')
    }
    // It went while the token was traded: nobody would take it out of `connected` again.
    if (!socket.connected) throw new Refused('BUSY', 'the connection was lost', { after: 0 })
    hello = message
    presence.heard(agent)
    const before = connected.get(agent)
    connected.set(agent, socket)
    if (before !== undefined && before !== socket) before.disconnect(true)

    const held = message.attempts.map(a => a.attempt)
    const info = infoOf(message)
    await store.setAgentInfo(agent, info)
    await driver.record(connectedEvent(message, held))
    // It went meanwhile, perhaps revoked: nobody would take it out of what follows again, and its silence is told from what is stored now.
    if (!socket.connected) {
      presence.follow(agent, rows.agents.get(agent)?.state ?? 'connected')
      throw new Refused('BUSY', 'the connection was lost', { after: 0 })
    }
    options.onHello(agent, info)
    options.describing.connect(agent, message, emit)
    options.installing.connect(agent, message, emit)
    const gone = held.filter(id => mustEnd(id, agent, rows, outbox))
    const kept = held.filter(id => !gone.includes(id))
    const offsets = await store.offsets(kept)
    // The answer goes out first, then what waits in the outbox.
    timers.turn(() => {
      if (socket.connected && connected.get(agent) === socket) outbox.connect(agent, emit)
    })
    return { agent, hub: options.hub, token, offsets, fenced: gone }
  }

  const join = async (secret: string, message: Hello): Promise<string> => {
    const machine = `${message.name}@${message.host.hostname}`
    const joined = await auth.join(secret, () => `a${randomBytes(6).toString('hex')}`, machine)
    if (joined === null) throw new Refused('UNAUTHENTICATED', 'the join token was used already')
    data.identity = { kind: 'agent', agent: joined.agent }
    await auth.audit(data.identity, `join as ${message.name}`, data.from, 'ok')
    return joined.token
  }

  /** What the agent believes of the environment is a guess: the trial's own `start` record says it (intake.ts). */
  const started = async ({ attempt }: Up['started']) => {
    if (own(attempt).state !== 'running') await driver.record({ type: 'attempt-started', attempt, environment: null })
    return {}
  }

  const saved = async ({ attempt, number, step, manifest }: Up['saved']) => {
    const row = own(attempt)
    const missing = await store.missingBlobs(manifest as never)
    if (missing.length > 0) {
      const some = missing.slice(0, 50).join(' ')
      throw new Refused('INCOMPLETE', `${missing.length} blobs are missing: ${some}`, { after: 0 })
    }
    const known = rows.trials.get(row.trial)?.checkpoint
    if (known?.attempt === attempt && known.number >= number) return {}
    await driver.record({
      type: 'attempt-saved',
      attempt,
      checkpoint: { attempt, number, step, manifest: manifest as never },
    })
    return {}
  }

  const ended = async ({ attempt, exit, sizes, dropped }: Up['ended']) => {
    const row = own(attempt)
    // Taken before, and its `forget` is on the way; or over by another word, and then nobody else tells the agent.
    if (mustEnd(attempt, agent, rows, outbox)) throw new Refused('FENCED', `attempt ${attempt} is over`)
    if (!isLive(row)) return {}
    const have = (await store.offsets([attempt]))[attempt] ?? { records: 0, stdout: 0, stderr: 0 }
    if (have.records !== sizes.records || have.stdout !== sizes.stdout || have.stderr !== sizes.stderr) {
      throw new Refused('INCOMPLETE', `the hub has ${JSON.stringify(have)}`, { after: 0 })
    }
    if (dropped.stdout > 0 || dropped.stderr > 0) {
      await store.setDropped(attempt, dropped)
      rows.cut(attempt)
    }
    await driver.record({ type: 'attempt-ended', attempt, exit })
    intake.forget(attempt)
    return {}
  }

  answer({
    socket,
    counters: options.counters,
    onError: options.onError,
    permit: event => {
      if (event !== 'hello' && hello === null) throw new Refused('FORBIDDEN', 'say hello first')
      if (event !== 'hello') alive()
    },
    handlers: {
      hello: handler(up.hello.message, greet),
      heartbeat: handler(up.heartbeat.message, message => {
        presence.beat(agent, message, Math.round(message.clock - clock.wall()))
        options.onHeartbeat(agent)
        return { time: clock.wall() }
      }),
      accepted: handler(up.accepted.message, async ({ attempt }) => {
        own(attempt)
        // Ended and forgotten, and here it is again: an assignment that came twice.
        if (mustEnd(attempt, agent, rows, outbox)) throw new Refused('FENCED', `attempt ${attempt} is over`)
        await outbox.accepted(agent, attempt)
        return {}
      }),
      started: handler(up.started.message, started),
      append: handler(up.append.message, message => intake.append(own(message.attempt), message)),
      saved: handler(up.saved.message, saved),
      ended: handler(up.ended.message, ended),
      described: handler(up.described.message, message => {
        options.describing.described(agent, message)
        return {}
      }),
    },
  })
  socket.on('disconnect', () => {
    if (connected.get(agent) === socket) connected.delete(agent)
    outbox.disconnect(agent, emit)
    options.describing.disconnect(agent, emit)
    options.installing.disconnect(agent, emit)
    for (const gone of [...unanswered]) gone()
  })
}

/** What the page shows of an agent that is not connected now. */
const infoOf = ({ host, devices, backends, labels, build }: Hello): Json => ({
  host: { hostname: host.hostname, platform: host.platform, arch: host.arch, node: host.node },
  memory: devices.memory,
  backends,
  labels,
  build,
})

function fenced(row: AttemptRow, rows: Committed): boolean {
  if (row.state === 'fenced' || row.state === 'lost') return true
  return (rows.trials.get(row.trial)?.epoch ?? 0) > row.epoch
}

/** Attempts that an agent holds but must not: unknown here, somebody else's, given up, or long taken over. */
function mustEnd(id: string, agent: string, rows: Committed, outbox: Outbox): boolean {
  const row = rows.attempts.get(id)
  if (row === undefined || row.agent !== agent || fenced(row, rows)) return true
  return !isLive(row) && !outbox.forgets(agent, id)
}

/** Blobs of checkpoints. Content-addressed, so sending again is harmless; a credit window bounds what waits (G21). */
export function serveUploads(
  server: Server,
  options: Pick<AgentsOptions, 'store' | 'counters' | 'onError' | 'limits'>,
): void {
  const { store, counters, onError, limits } = options
  server.on('connection', (socket: Socket) => {
    const data = socket.data as AgentSocket
    let credits = UPLOAD_CREDITS
    answer({
      socket,
      counters,
      onError,
      permit: () => {
        if (data.identity.kind !== 'agent') throw new Refused('FORBIDDEN', 'join first')
      },
      handlers: {
        'blob-begin': handler(upload['blob-begin'].message, ({ sha256, size }) => {
          if (size > limits.blob) throw new Refused('TOO_LARGE', `more than ${limits.blob} bytes`)
          return store.blobBegin(sha256, size)
        }),
        'blob-chunk': handler(upload['blob-chunk'].message, async ({ sha256, offset, data }) => {
          if (offset + data.length > limits.blob) throw new Refused('TOO_LARGE', `more than ${limits.blob} bytes`)
          if (credits === 0) throw new Refused('BUSY', `more than ${UPLOAD_CREDITS} chunks in flight`, { after: 100 })
          credits--
          try {
            return await store.blobChunk(sha256, offset, data)
          } finally {
            credits++
          }
        }),
        'blob-end': handler(upload['blob-end'].message, async ({ sha256, size }) => {
          await store.blobEnd(sha256, size)
          return {}
        }),
      },
    })
  })
}
