/**
 * Is there a Flambé hub at this address? Asked by doctor, and before the first join only, so that a typing mistake is one clear line; an agent
 * that has joined once keeps trying instead, because hubs restart.
 */
import { AGENT_PATH } from '@flambe/protocol'
import { Complaint } from './complaint.ts'
import { dial, refusalOf } from './socket.ts'
import { TIMING } from './timing.ts'

/** Throws Complaint. */
export function parseHub(text: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(whole) || !/^https?:$/.test(new URL(whole).protocol) || new URL(whole).hostname === '')
    throw new Complaint(`--hub ${text} is not an address. Example: --hub http://hub.local:8080`)
  const url = new URL(whole)
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** `clock` is the hub's time by its Date header, ms, when there is one. */
export type Greeting =
  | { readonly kind: 'hub'; readonly clock: number | null; readonly ms: number }
  | { readonly kind: 'other'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string }

export async function greet(hub: string): Promise<Greeting> {
  const from = performance.now()
  let response: Response
  let text: string
  try {
    response = await fetch(`${hub}${AGENT_PATH}/?EIO=4&transport=polling`, { signal: AbortSignal.timeout(10_000) })
    text = (await response.text()).slice(0, 1_000)
  } catch (error) {
    return { kind: 'unreachable', detail: reason(error as Error) }
  }
  // Engine.IO's open packet, or its own refusal of the transport.
  if (!/^0\{"sid":/.test(text) && !/^\{"code":\d+,"message":/.test(text))
    return { kind: 'other', detail: `HTTP ${response.status}` }
  const date = Date.parse(response.headers.get('date') ?? '')
  return { kind: 'hub', clock: Number.isNaN(date) ? null : date, ms: performance.now() - from }
}

/** `unknown`: the hub never gave this token, so it is not the one that the agent joined, or has lost its data. */
export type Door = 'accepted' | 'unknown' | 'refused' | { readonly blocked: string }

/**
 * Whether a WebSocket comes through (proxies may stop it) and what the hub says of the token; nothing is said on it, so that an
 * agent that runs under the same token is not disturbed.
 */
export async function knock(hub: string, token: string | null): Promise<Door> {
  const socket = dial(hub, AGENT_PATH, () => token ?? 'none', TIMING)
  try {
    return await new Promise(resolve => {
      const timer = setTimeout(() => resolve({ blocked: 'no answer within 10 s' }), 10_000)
      const say = (result: Door) => {
        clearTimeout(timer)
        resolve(result)
      }
      socket.once('connect', () => say('accepted'))
      socket.once('connect_error', (error: Error & { description?: { message?: string } }) => {
        const refusal = refusalOf(error)
        if (refusal === null) say({ blocked: error.description?.message ?? error.message })
        else say(refusal.code === 'UNKNOWN' ? 'unknown' : 'refused')
      })
      socket.connect()
    })
  } finally {
    socket.disconnect()
  }
}

/** Throws Complaint when there is none. Asks again for a moment: hub and agent are often started together. */
export async function mustBeHub(hub: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const greeting = await greet(hub)
    if (greeting.kind === 'hub') return
    if (greeting.kind === 'other')
      throw new Complaint(
        `${hub} answers, but is not a Flambé hub (${greeting.detail}). Check the address and the port.`,
      )
    if (tries >= 3) throw new Complaint(`Cannot reach a hub at ${hub}: ${greeting.detail}.`)
    await new Promise(resolve => setTimeout(resolve, 700))
  }
}

function reason(error: Error): string {
  if (error.name === 'TimeoutError') return 'no answer within 10 s'
  const cause = error.cause as NodeJS.ErrnoException | undefined
  switch (cause?.code) {
    case 'ECONNREFUSED':
      return 'connection refused'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name is not known'
    default:
      return cause?.message || error.message
  }
}
