/**
 * Why the hub said no: a closed union. `final` ones must not be sent again; `later` ones may, after `after` ms.
 * Every up message is answered with `{ ok: true, ... }` or `{ ok: false, refusal }`.
 */
import { z } from 'zod'

export const FINAL_REFUSALS = [
  'MALFORMED', // does not fit its schema
  'UNAUTHENTICATED', // token unknown or revoked
  'FORBIDDEN', // not this agent's attempt, or no permission
  'FENCED', // a newer epoch exists: end the attempt
  'UNKNOWN', // no such attempt, blob, agent
  'VERSION', // protocol versions differ: update the agent with `command`
  'CONFLICT', // same key, other content
  'TOO_LARGE',
] as const
export const LATER_REFUSALS = ['BUSY', 'DISK_FULL', 'STARTING', 'INCOMPLETE'] as const

export const refusal = z.object({
  code: z.enum([...FINAL_REFUSALS, ...LATER_REFUSALS]),
  message: z.string(),
  /** ms to wait before trying again; for `later` codes. */
  after: z.number().optional(),
  /** VERSION: the exact command that starts a matching agent. */
  command: z.string().optional(),
})
export type Refusal = z.infer<typeof refusal>
export type RefusalCode = Refusal['code']
export const isFinal = (r: Refusal): boolean => (FINAL_REFUSALS as readonly string[]).includes(r.code)
