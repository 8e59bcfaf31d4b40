/**
 * Pages and `flambe run --hub` on LIVE_PATH: topics, replay after a reconnect, and a bound for slow ones. What a client
 * cannot take is joined here while its socket is full; past the bound the connection is closed: it reconnects by itself,
 * names its last position and is told `reset`.
 */
import type { Server, Socket } from 'socket.io'
import { z } from 'zod'
import type { Limits } from '../limits.ts'
import type { ClientToHub, HubToClient, LiveChange } from './contract.ts'
import type { Feed, FeedEntry } from './feed.ts'

export type LiveServer = Server<ClientToHub, HubToClient>
type Client = Socket<ClientToHub, HubToClient>

const topic = z.string().regex(/^(experiments|agents|(experiment|trial|points):[A-Za-z0-9][A-Za-z0-9_.-]{0,199})$/)
const watch = z.object({ topics: z.array(topic).max(200), after: z.number().nullable() })
const unwatch = z.object({ topics: z.array(topic).max(200) })

/** Bytes in the socket's own buffers above which a client counts as slow. */
const FULL = 1024 * 1024

export function serveLive(
  server: LiveServer,
  feed: Feed,
  limits: Limits,
  onError: (error: unknown) => void,
): () => void {
  const clients = new Map<string, ReturnType<typeof createClient>>()
  const stop = feed.listen(batch => {
    for (const client of clients.values()) client.offer(batch)
  })
  server.on('connection', socket => {
    const client = createClient(socket, feed, limits, onError)
    clients.set(socket.id, client)
    socket.on('disconnect', () => {
      client.close()
      clients.delete(socket.id)
    })
  })
  return () => {
    stop()
    for (const client of clients.values()) client.close()
    clients.clear()
  }
}

function createClient(socket: Client, feed: Feed, limits: Limits, onError: (error: unknown) => void) {
  const topics = new Set<string>()
  let waiting: FeedEntry[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | null = null

  const offer = (batch: readonly FeedEntry[]) => {
    for (const entry of batch) {
      if (!entry.topics.some(t => topics.has(t))) continue
      waiting.push(entry)
      bytes += entry.bytes
    }
    send()
  }

  const send = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (waiting.length === 0) return
    if (backlog(socket) > FULL) {
      join()
      if (bytes > limits.live_client_bytes) {
        waiting = []
        bytes = 0
        topics.clear()
        cut(socket)
      } else timer = setTimeout(send, limits.live_every)
      return
    }
    const position = (waiting.at(-1) as FeedEntry).position
    socket.emit('changes', { position, changes: waiting.map(entry => entry.change) })
    waiting = []
    bytes = 0
  }

  /** Keeps the last of each row. */
  const join = () => {
    const last = new Map<string, FeedEntry>()
    for (const entry of waiting) if (entry.key !== null) last.set(entry.key, entry)
    waiting = waiting.filter(entry => entry.key === null || last.get(entry.key) === entry)
    bytes = waiting.reduce((sum, entry) => sum + entry.bytes, 0)
  }

  const events = {
    watch: (request: unknown, answer: Parameters<ClientToHub['watch']>[1]) => {
      const parsed = watch.safeParse(request)
      if (!parsed.success) return answer({ ok: false, message: 'not a list of topics' })
      if (topics.size + parsed.data.topics.length > limits.live_topics) {
        return answer({ ok: false, message: `more than ${limits.live_topics} topics` })
      }
      // What was marked before this moment must not be missed and need not be sent twice: bring the feed up to now.
      feed.flush()
      const fresh = parsed.data.topics.filter(t => !topics.has(t))
      for (const t of fresh) topics.add(t)
      const { after } = parsed.data
      const missed = after === null ? [] : feed.since(after)
      answer({ ok: true, position: feed.position(), reset: missed === null })
      if (missed !== null && missed.length > 0) {
        const wanted = new Set(fresh)
        const changes = missed.filter(e => e.topics.some(t => wanted.has(t))).map((e): LiveChange => e.change)
        if (changes.length > 0) socket.emit('changes', { position: feed.position(), changes })
      }
    },
    unwatch: (request: unknown) => {
      const parsed = unwatch.safeParse(request)
      if (parsed.success) for (const t of parsed.data.topics) topics.delete(t)
    },
  }
  // A handler that throws, or an ack that the client did not send, must not end the process.
  socket.on('watch', (request, answer) => {
    if (typeof answer !== 'function') return
    try {
      events.watch(request, answer)
    } catch (error) {
      onError(error)
      answer({ ok: false, message: 'the hub failed on this message' })
    }
  })
  socket.on('unwatch', events.unwatch)

  return {
    offer,
    close: () => {
      if (timer !== null) clearTimeout(timer)
      waiting = []
    },
  }
}

/** At once: a closing handshake would wait half a minute for somebody who does not read, with all that is buffered for him. */
function cut(socket: Client): void {
  const transport = socket.conn.transport as unknown as { socket?: { terminate?(): void } }
  socket.conn.close(true)
  transport.socket?.terminate?.()
}

/** Bytes (or, for polling, packets) that Socket.IO and the system have not taken yet. */
function backlog(socket: Client): number {
  const transport = socket.conn.transport as unknown as { socket?: { bufferedAmount?: number } }
  const queued = (socket.conn as unknown as { writeBuffer?: readonly unknown[] }).writeBuffer?.length ?? 0
  return (transport.socket?.bufferedAmount ?? 0) + queued * 64 * 1024
}
