/**
 * One Socket.IO connection for the whole page: watches topics by reference count, keeps the feed's position, names it again
 * after a reconnect. Knows nothing of React or of queries; `onChanges` and `onReset` are told what came.
 */
import type { Socket } from 'socket.io-client'
import type { ClientToHub, HubToClient, LiveChange, Topic } from '../api/views.ts'

/** The hub's path for pages; agents have one of their own. */
const LIVE_PATH = '/live'
const FLUSH_MS = 120
const LET_GO_MS = 2000
/** More than this while paused: the page is read again instead of replayed. */
const MAX_HELD = 5000

export type FeedStatus = 'connecting' | 'live' | 'offline'
type LiveSocket = Socket<HubToClient, ClientToHub>

export interface FeedState {
  readonly status: FeedStatus
  readonly paused: boolean
  readonly held: number
  /** Topics that the hub confirmed: reading after this misses nothing. */
  readonly watched: ReadonlySet<Topic>
}

export class Feed {
  #socket: LiveSocket | null = null
  #opening = false
  #uses = new Map<Topic, number>()
  #watched = new Set<Topic>()
  #position: number | null = null
  #pending: LiveChange[] = []
  #lost = false
  #timer: ReturnType<typeof setTimeout> | null = null
  #state: FeedState = { status: 'connecting', paused: false, held: 0, watched: new Set() }
  #listeners = new Set<() => void>()
  #onChanges = new Set<(changes: readonly LiveChange[]) => void>()
  #onReset = new Set<() => void>()

  get state(): FeedState {
    return this.#state
  }

  /** For useSyncExternalStore. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onChanges(listener: (changes: readonly LiveChange[]) => void): () => void {
    this.#onChanges.add(listener)
    return () => this.#onChanges.delete(listener)
  }

  onReset(listener: () => void): () => void {
    this.#onReset.add(listener)
    return () => this.#onReset.delete(listener)
  }

  /** Watches until the returned function is called; the topic stays a little longer, for the next page. */
  watch(topics: readonly Topic[]): () => void {
    const fresh = topics.filter(topic => !this.#uses.has(topic))
    for (const topic of topics) this.#uses.set(topic, (this.#uses.get(topic) ?? 0) + 1)
    if (this.#socket?.connected && fresh.length > 0) this.#ask(this.#socket, fresh, null)
    else this.#open()
    let released = false
    return () => {
      if (released) return
      released = true
      setTimeout(() => this.#release(topics), LET_GO_MS)
    }
  }

  pause(paused: boolean): void {
    this.#set({ paused })
    if (!paused) this.#flush()
  }

  close(): void {
    this.#socket?.disconnect()
    this.#socket = null
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #release(topics: readonly Topic[]): void {
    const gone: Topic[] = []
    for (const topic of topics) {
      const uses = (this.#uses.get(topic) ?? 1) - 1
      if (uses > 0) this.#uses.set(topic, uses)
      else {
        this.#uses.delete(topic)
        this.#watched.delete(topic)
        gone.push(topic)
      }
    }
    if (gone.length === 0) return
    this.#socket?.emit('unwatch', { topics: gone })
    this.#set({ watched: new Set(this.#watched) })
  }

  #open(): void {
    if (this.#socket || this.#opening) return
    this.#opening = true
    import('socket.io-client')
      .then(({ io }) => {
        const socket: LiveSocket = io({ path: LIVE_PATH, transports: ['websocket'], reconnectionDelayMax: 4000 })
        this.#socket = socket
        socket.on('connect', () => this.#ask(socket, [...this.#uses.keys()], this.#position))
        socket.on('changes', batch => this.#take(batch))
        socket.on('connect_error', () => this.#set({ status: 'offline' }))
        socket.on('disconnect', reason => {
          this.#watched.clear()
          this.#set({ status: 'offline', watched: new Set() })
          // The hub closed it on purpose (a restart): Socket.IO does not come back by itself then.
          if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 1000)
        })
      })
      .catch(() => this.#set({ status: 'offline' }))
      .finally(() => {
        this.#opening = false
      })
  }

  #ask(socket: LiveSocket, topics: readonly Topic[], after: number | null): void {
    if (topics.length === 0) {
      this.#set({ status: 'live' })
      return
    }
    socket.emit('watch', { topics, after }, answer => {
      if (socket !== this.#socket) return
      if (!answer.ok) {
        this.#set({ status: 'offline' })
        return
      }
      this.#position ??= answer.position
      for (const topic of topics) if (this.#uses.has(topic)) this.#watched.add(topic)
      this.#set({ status: 'live', watched: new Set(this.#watched) })
      if (answer.reset) {
        this.#position = answer.position
        for (const listener of this.#onReset) listener()
      }
    })
  }

  #take(batch: { readonly position: number; readonly changes: readonly LiveChange[] }): void {
    this.#position = Math.max(this.#position ?? 0, batch.position)
    this.#pending.push(...batch.changes)
    if (this.#pending.length > MAX_HELD && this.#state.paused) {
      this.#pending = []
      this.#lost = true
    }
    if (this.#state.paused) this.#set({ held: this.#pending.length })
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS)
  }

  #flush(): void {
    this.#timer = null
    if (this.#state.paused) return
    const changes = this.#pending
    this.#pending = []
    if (this.#state.held > 0) this.#set({ held: 0 })
    if (this.#lost) {
      this.#lost = false
      for (const listener of this.#onReset) listener()
    } else if (changes.length > 0) for (const listener of this.#onChanges) listener(changes)
  }

  #set(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
