/**
 * The loop that keeps the agent connected: dials, says hello on every connection, hands the answer over, and starts again
 * when the connection goes. Waits for the network and the hub; ended by close() or by a final refusal (`onFatal`).
 * Nobody else sends on this connection before hello was answered: the hub would not know who speaks.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { AGENT_PATH, down, isFinal, type Refusal, type Up, type UpAnswer, up } from '@flambe/protocol'
import { Complaint } from './complaint.ts'
import type { Log } from './log.ts'
import { ask, dial, type Outcome, refusalOf } from './socket.ts'
import { backOff, type Timing } from './timing.ts'

export interface Link {
  /** Begins the loop. */
  connect(): void
  readonly ready: boolean
  /** Once. `lost` when it is not ready. */
  ask<K extends keyof Up>(event: K, message: Up[K]): Promise<Outcome<UpAnswer[K]>>
  /** Until the hub has answered. Throws Refused for a final refusal, and the signal's reason. */
  send<K extends keyof Up>(event: K, message: Up[K], signal: AbortSignal): Promise<UpAnswer[K]>
  untilReady(signal: AbortSignal): Promise<void>
  /** Drops a connection that is suspected dead; the loop makes a new one. */
  kick(): void
  close(): void
}

/** Refusals that say: this attempt is not (or no longer) this agent's. */
export const NOT_OURS: readonly string[] = ['FENCED', 'UNKNOWN', 'FORBIDDEN']

/** A final refusal of a message. */
export class Refused extends Error {
  readonly refusal: Refusal

  constructor(event: string, refusal: Refusal) {
    super(`${event} refused: ${refusal.code}: ${refusal.message}`)
    this.name = 'Refused'
    this.refusal = refusal
  }
}

export interface LinkOptions {
  readonly hub: string
  readonly timing: Timing
  readonly log: Log
  token(): string
  hello(): Up['hello']
  /** Before anyone may send on the new connection. */
  onHello(answer: UpAnswer['hello']): void
  /** A message of the hub, already checked. Resolves when it is durable, with what else to answer; a throw is answered with BUSY. */
  onDown(event: keyof typeof down, message: unknown): Promise<object | undefined>
  /**
   * The hub at this address does not know this agent: it has lost its data, or serves another folder. True: wait for the right
   * one, since something runs here that it must still hear of.
   */
  waitsForHub(): Promise<boolean>
  /** The token is refused: true when token() gives another one now. */
  newToken(): Promise<boolean>
  /** `revoked`: nothing that this agent holds will ever be taken. */
  onFatal(complaint: Complaint, revoked: boolean): void
}

export function openLink(options: LinkOptions): Link {
  const { timing, log } = options
  const socket = dial(options.hub, AGENT_PATH, options.token, timing)
  let ready = false
  let closed = false
  const life = new AbortController()
  let tries = 0
  let troubled = false
  let waiting: (() => void)[] = []

  async function askReady<K extends keyof Up>(event: K, message: Up[K]): Promise<Outcome<UpAnswer[K]>> {
    if (!ready) return { kind: 'lost' }
    const { id } = socket
    const outcome = await ask<UpAnswer[K]>(socket, event, message, up[event].answer, timing.answer)
    if (outcome.kind !== 'refused' || outcome.refusal.code !== 'UNAUTHENTICATED') return outcome
    // The token was revoked while we were connected: nothing that is sent will ever be taken.
    if (ready && socket.id === id) {
      ready = false
      await refuse(outcome.refusal, kick)
    }
    return { kind: 'lost' }
  }

  function later(ms: number, act: () => void): void {
    setTimeout(() => !closed && act(), ms).unref()
  }

  async function refuse(refusal: Refusal, again: () => void): Promise<void> {
    if (refusal.code === 'UNKNOWN' && (await options.waitsForHub())) {
      later(backOff(timing.reconnect, tries++), again)
      return
    }
    const stranger = refusal.code === 'UNAUTHENTICATED' || refusal.code === 'UNKNOWN'
    if (stranger && (await options.newToken().catch(() => false))) {
      socket.disconnect()
      if (!closed) socket.connect()
      return
    }
    if (closed) return
    if (isFinal(refusal)) {
      closed = true
      socket.disconnect()
      options.onFatal(complain(refusal), refusal.code === 'UNAUTHENTICATED')
      return
    }
    log.warn({ code: refusal.code }, `the hub asks to wait: ${refusal.message}`)
    later(refusal.after ?? backOff(timing.reconnect, tries++), again)
  }

  async function greet(): Promise<void> {
    const id = socket.id
    const outcome = await ask<UpAnswer['hello']>(socket, 'hello', options.hello(), up.hello.answer, timing.answer)
    if (closed || socket.id !== id) return
    if (outcome.kind === 'refused') await refuse(outcome.refusal, () => socket.connected && hail())
    else if (outcome.kind === 'lost') kick()
    else {
      options.onHello(outcome.answer)
      ready = true
      troubled = false
      tries = 0
      log.info({ agent: outcome.answer.agent }, `connected to ${options.hub}`)
      const release = waiting
      waiting = []
      for (const go of release) go()
    }
  }

  function kick(): void {
    if (!closed && socket.connected) socket.io.engine.close()
  }

  function hail(): void {
    greet().catch((error: Error) => {
      // What the hub answered cannot be kept (a full disk, say): it answers again on the next connection.
      log.error({ err: error }, `cannot take the hub's greeting: ${error.message}`)
      later(backOff(timing.reconnect, tries++), kick)
    })
  }

  socket.on('connect', hail)
  socket.on('disconnect', reason => {
    ready = false
    if (closed) return
    log.warn({ reason }, 'disconnected from the hub; trials go on')
    // Socket.IO reconnects by itself after every reason but this one.
    if (reason === 'io server disconnect') later(backOff(timing.reconnect, tries++), () => socket.connect())
  })
  socket.on('connect_error', (error: Error & { description?: { message?: string } }) => {
    if (closed) return
    const refusal = refusalOf(error)
    if (refusal !== null) void refuse(refusal, () => socket.connect())
    else if (!socket.active) later(backOff(timing.reconnect, tries++), () => socket.connect())
    if (!troubled && refusal === null)
      log.warn({ cause: error.description?.message ?? error.message }, `cannot reach ${options.hub}; trying again`)
    troubled = true
  })

  for (const event of Object.keys(down) as (keyof typeof down)[]) {
    socket.on(event, (raw: unknown, answer: unknown) => {
      const reply = (value: object) => typeof answer === 'function' && answer(value)
      const parsed = down[event].message.safeParse(raw)
      if (!parsed.success) {
        log.error({ event, cause: parsed.error.message }, 'message of the hub does not fit the protocol')
        reply({ ok: false, refusal: { code: 'MALFORMED', message: parsed.error.message.slice(0, 1_000) } })
        return
      }
      // The hub's first messages may be read in one go with its answer to hello, and must not overtake it.
      const act = async () => {
        if (!ready) await untilReady(life.signal)
        return await options.onDown(event, parsed.data)
      }
      act().then(
        more => reply({ ...more, ok: true }),
        (error: NodeJS.ErrnoException) => {
          if (closed) return
          log.error({ event, err: error }, `cannot do what the hub asks: ${error.message}`)
          const code = error.code === 'ENOSPC' ? 'DISK_FULL' : 'BUSY'
          reply({ ok: false, refusal: { code, message: error.message, after: 5_000 } })
        },
      )
    })
  }

  async function untilReady(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (ready) return
    await new Promise<void>((resolve, reject) => {
      const stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop, { once: true })
      waiting.push(() => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
    })
  }

  return {
    connect: () => void socket.connect(),
    get ready() {
      return ready
    },
    ask: askReady,
    async send(event, message, signal) {
      for (let attempt = 0; ; attempt++) {
        await untilReady(signal)
        const outcome = await askReady(event, message)
        if (outcome.kind === 'answer') return outcome.answer
        if (outcome.kind === 'refused' && isFinal(outcome.refusal)) throw new Refused(event, outcome.refusal)
        const wait = outcome.kind === 'refused' ? outcome.refusal.after : undefined
        if (outcome.kind === 'refused' && outcome.refusal.code === 'INCOMPLETE')
          throw new Refused(event, outcome.refusal)
        await sleep(wait ?? backOff(timing.reconnect, attempt), undefined, { signal })
      }
    },
    untilReady,
    kick,
    close() {
      closed = true
      ready = false
      life.abort(new Error('the agent stops'))
      socket.disconnect()
    },
  }
}

function complain(refusal: Refusal): Complaint {
  switch (refusal.code) {
    case 'VERSION':
      return new Complaint(
        `This agent does not fit the hub (${refusal.message}). ${refusal.command ? `Start the hub's own agent: ${refusal.command}` : ''}`.trim(),
      )
    case 'UNAUTHENTICATED':
    case 'UNKNOWN':
      return new Complaint(
        `The hub refuses the token: ${refusal.message}. Take a new join token from the hub's Agents page and give it with --token-file.`,
      )
    default:
      return new Complaint(`The hub refuses this agent: ${refusal.code}: ${refusal.message}`)
  }
}
