/**
 * Sends what the engine wants done to agents, in order for each attempt, a few attempts at a time, until it is acknowledged:
 * over lost connections and hub restarts (G15). Entries come from the store with each commit, and all of them at the start.
 */
import type { Action } from '@flambe/engine'
import type { Answer, Down } from '@flambe/protocol'
import type { OutboxEntry } from '@flambe/store'
import { systemTimers, type Timers } from '../clock.ts'

export type Sent = 'done' | 'later'

export interface Outbox {
  push(entries: readonly OutboxEntry[]): void
  /** The agent said hello: from now on its entries go out over this connection. */
  connect(agent: string, emit: Emit): void
  /** Forgets the connection if it is still this one. */
  disconnect(agent: string, emit: Emit): void
  /** True while a `forget` for the attempt waits. */
  forgets(agent: string, attempt: string): boolean
  /** The agent told by another message that it has the assignment. */
  accepted(agent: string, attempt: string): Promise<void>
  close(): void
}

export type Emit = <K extends keyof Down>(event: K, message: Down[K]) => Promise<Answer<object>>

export interface OutboxOptions {
  readonly done: (seqs: readonly number[]) => Promise<void>
  /** Builds the message; null when there is nothing to send any more. */
  readonly message: (action: Action) => Promise<Message | null>
  /** The agent refused for good. */
  readonly refused: (action: Action, why: string) => Promise<void>
  readonly onError: (error: unknown) => void
  /** ms before trying again after an error or a `later` refusal. */
  readonly retry: number
  readonly timers?: Timers
}

export type Message = { [K in keyof Down]: { readonly event: K; readonly message: Down[K] } }[keyof Down]

/** Messages to one agent that wait for its answer, at most. */
const WINDOW = 16

interface Queue {
  entries: OutboxEntry[]
  emit: Emit | null
  running: boolean
  cancel: (() => void) | null
}

export function createOutbox(options: OutboxOptions): Outbox {
  const queues = new Map<string, Queue>()
  const timers = options.timers ?? systemTimers
  let closed = false
  const queueOf = (agent: string): Queue => {
    let queue = queues.get(agent)
    if (queue === undefined) {
      queue = { entries: [], emit: null, running: false, cancel: null }
      queues.set(agent, queue)
    }
    return queue
  }

  const kick = (queue: Queue) => {
    if (closed || queue.running || queue.emit === null || queue.entries.length === 0) return
    queue.cancel?.()
    queue.cancel = null
    queue.running = true
    void drain(queue).finally(() => {
      queue.running = false
      if (queue.emit === null || queue.entries.length === 0 || closed) return
      queue.cancel = timers.after(options.retry, () => {
        queue.cancel = null
        kick(queue)
      })
    })
  }

  async function drain(queue: Queue): Promise<void> {
    // An attempt whose message must wait (the machine's disk is full, say) must not hold up the others: an `end` has a
    // deadline (G13). Order matters within one attempt only.
    const held = new Set<string>()
    const flight = new Map<string, Promise<void>>()
    while (!closed) {
      const { emit } = queue
      const entry =
        emit === null || flight.size >= WINDOW
          ? undefined
          : queue.entries.find(({ action: { attempt } }) => !held.has(attempt) && !flight.has(attempt))
      if (entry !== undefined && emit !== null) {
        const { attempt } = entry.action
        const one = attend(queue, entry, emit).then(how => {
          if (how === 'later') held.add(attempt)
          flight.delete(attempt)
        })
        flight.set(attempt, one)
      } else if (flight.size === 0) return
      else await Promise.race(flight.values())
    }
    await Promise.all(flight.values())
  }

  /** Never throws. `later`: not before the next try, or the next connection. */
  async function attend(queue: Queue, entry: OutboxEntry, emit: Emit): Promise<Sent> {
    try {
      if ((await send(emit, entry.action)) === 'later') return 'later'
      await options.done([entry.seq])
      queue.entries = queue.entries.filter(e => e !== entry)
      return 'done'
    } catch (error) {
      // A connection that broke: sent again after the next hello. An agent that does not answer: later.
      if (queue.emit === emit) options.onError(error)
      return 'later'
    }
  }

  async function send(emit: Emit, action: Action): Promise<Sent> {
    const made = await options.message(action)
    if (made === null) return 'done'
    const answer = await emit(made.event, made.message as never)
    if (answer.ok === true) return 'done'
    if (answer.ok === false && answer.refusal.after !== undefined) return 'later'
    await options.refused(action, answer.ok === false ? answer.refusal.message : 'the agent gave no valid answer')
    return 'done'
  }

  return {
    push: entries => {
      const touched = new Set<Queue>()
      for (const entry of entries) {
        const queue = queueOf(entry.action.agent)
        queue.entries.push(entry)
        touched.add(queue)
      }
      for (const queue of touched) kick(queue)
    },
    connect: (agent, emit) => {
      const queue = queueOf(agent)
      queue.emit = emit
      kick(queue)
    },
    disconnect: (agent, emit) => {
      const queue = queues.get(agent)
      if (queue?.emit === emit) queue.emit = null
    },
    forgets: (agent, attempt) =>
      (queues.get(agent)?.entries ?? []).some(e => e.action.type === 'forget' && e.action.attempt === attempt),
    accepted: async (agent, attempt) => {
      const queue = queueOf(agent)
      const found = queue.entries.filter(e => e.action.type === 'assign' && e.action.attempt === attempt)
      if (found.length === 0) return
      await options.done(found.map(e => e.seq))
      queue.entries = queue.entries.filter(e => !found.includes(e))
    },
    close: () => {
      closed = true
      for (const queue of queues.values()) queue.cancel?.()
    },
  }
}
