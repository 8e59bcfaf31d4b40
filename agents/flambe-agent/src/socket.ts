/**
 * One Socket.IO connection to the hub and one question on it. Used by link.ts (messages) and delivery/uploads.ts (blobs).
 * An answer is checked before anyone sees it; silence is `lost`, never an exception, because resending is the caller's job.
 */
import { type Refusal, refusal } from '@flambe/protocol'
import { io, type Socket } from 'socket.io-client'
import type { z } from 'zod'
import type { Timing } from './timing.ts'

export type Outcome<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** No answer: cut, or too late. Whether the hub has acted is unknown. */
  | { readonly kind: 'lost' }

/** Not connected yet: the caller attaches its handlers, then connects. Throws nothing. */
export function dial(hub: string, path: string, token: () => string, timing: Timing): Socket {
  const url = new URL(hub)
  return io(url.origin, {
    path: url.pathname.replace(/\/+$/, '') + path,
    transports: ['websocket'],
    forceNew: true,
    autoConnect: false,
    auth: give => give({ token: token() }),
    reconnectionDelay: timing.reconnect[0],
    reconnectionDelayMax: timing.reconnect[1],
    randomizationFactor: 0.5,
    timeout: timing.answer,
  })
}

/** `T` is what `answer` checks: the message tables of the protocol pair them by the event's name. */
export async function ask<T>(
  socket: Socket,
  event: string,
  message: unknown,
  answer: z.ZodType,
  ms: number,
): Promise<Outcome<T>> {
  // Emitting while disconnected would queue the message inside Socket.IO, behind our back.
  if (!socket.connected) return { kind: 'lost' }
  const raw: unknown = await socket
    .timeout(ms)
    .emitWithAck(event, message)
    .catch(() => undefined)
  if (raw === undefined) return { kind: 'lost' }
  if (typeof raw === 'object' && raw !== null && 'ok' in raw) {
    if (raw.ok === true) {
      const good = answer.safeParse(raw)
      if (good.success) return { kind: 'answer', answer: good.data as T }
    } else if ('refusal' in raw) {
      const bad = refusal.safeParse(raw.refusal)
      if (bad.success) return { kind: 'refused', refusal: bad.data }
    }
  }
  return {
    kind: 'refused',
    refusal: { code: 'BUSY', message: `the hub's answer to ${event} does not fit the protocol`, after: 5_000 },
  }
}

/** The refusal inside a `connect_error` of a middleware of the hub; null for trouble with the network. */
export function refusalOf(error: Error & { data?: unknown }): Refusal | null {
  if (typeof error.data !== 'object') return null
  const parsed = refusal.safeParse({ message: error.message, ...error.data })
  return parsed.success ? parsed.data : null
}
