/**
 * The one wrapper around every Socket.IO handler of agents: schema, permission, ack, time, errors, counters. Because of
 * it no message can bring the hub down and none goes unanswered; handlers just return an answer or throw `Refused`.
 */
import type { Refusal } from '@flambe/protocol'
import type { Socket } from 'socket.io'
import type { z } from 'zod'
import { fromStore, Refused } from '../refused.ts'

export interface Answering {
  readonly socket: Socket
  /** Throws `Refused` when this connection may not say this (now). Runs before the schema is looked at. */
  readonly permit: (event: string) => void
  readonly handlers: { readonly [event: string]: Handler }
  readonly counters: Counters
  /** A bug: it is logged, the agent may try again. */
  readonly onError: (event: string, error: unknown) => void
}

export interface Handler {
  readonly schema: z.ZodType
  readonly run: (message: never) => Promise<object> | object
}

export const handler = <M>(schema: z.ZodType<M>, run: (message: M) => Promise<object> | object): Handler => ({
  schema,
  run,
})

/** What the hub has seen on its sockets, for `/healthz` and tests. */
export interface Counters {
  answered: number
  refused: number
  unanswerable: number
  failed: number
}
export const counters = (): Counters => ({ answered: 0, refused: 0, unanswerable: 0, failed: 0 })

/** Messages of one connection that are being worked on, at most. */
const MAX_RUNNING = 256

export function answer({ socket, permit, handlers, counters, onError }: Answering): void {
  let running = 0
  // onAny sees every event, known or not, with whatever arguments the other side sent.
  socket.onAny((event: unknown, ...args: unknown[]) => {
    const ack = args.at(-1)
    if (typeof ack !== 'function') {
      counters.unanswerable++
      return
    }
    const reply = (value: object) => {
      try {
        ack(value)
      } catch (error) {
        onError(String(event), error)
      }
    }
    const refuse = (refusal: Refusal) => {
      counters.refused++
      reply({ ok: false, refusal })
    }
    if (running >= MAX_RUNNING) {
      refuse({ code: 'BUSY', message: `${MAX_RUNNING} messages are waiting for their answer`, after: 1_000 })
      return
    }
    running++
    void perform(event, args)
      .then(
        value => {
          counters.answered++
          reply({ ok: true, ...value })
        },
        (error: unknown) => {
          const refused = error instanceof Refused ? error : fromStore(error)
          if (refused !== null) return refuse(refused.refusal)
          counters.failed++
          onError(String(event), error)
          reply({ ok: false, refusal: { code: 'BUSY', message: 'the hub failed on this message', after: 5_000 } })
        },
      )
      .finally(() => running--)
  })

  async function perform(event: unknown, args: readonly unknown[]): Promise<object> {
    const found = typeof event === 'string' && Object.hasOwn(handlers, event) ? handlers[event] : undefined
    if (found === undefined) throw new Refused('MALFORMED', 'no such message')
    permit(event as string)
    if (args.length !== 2) throw new Refused('MALFORMED', 'expected one message and an acknowledgement')
    const parsed = found.schema.safeParse(args[0])
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      throw new Refused('MALFORMED', `${event}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(0, 500))
    }
    return await found.run(parsed.data as never)
  }
}
