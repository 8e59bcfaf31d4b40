/** Hub to agent. Each is sent from the outbox until acknowledged with `{ok: true}`; receiving one twice is harmless. */
import { z } from 'zod'
import { count, id, manifest, text } from './common.ts'
import { spec } from './spec.ts'

export const down = {
  /** Run this attempt. An agent that already has its folder just answers. */
  assign: { message: z.object({ attempt: id, spec }) },
  /** `pause`: save after the running step, then exit. `stop`: save, then exit. `kill`: SIGTERM, grace, SIGKILL. */
  end: { message: z.object({ attempt: id, how: z.enum(['pause', 'stop', 'kill']) }) },
  /** Everything of this attempt is stored: delete its folder. */
  forget: { message: z.object({ attempt: id }) },
  /** Flow control for one attempt: send no more than this many bytes a second; 0 = no limit. */
  throttle: { message: z.object({ attempt: id, bytes_per_second: count }) },
  /**
   * Say what an extension brings: fetch its files, pack them, read its catalogue in a process of its own; `described` answers within
   * `limit` ms. Only to agents that said `describe` at hello. Not from the outbox: sent once, and asked of another agent
   * when this one is lost.
   */
  describe: { message: z.object({ request: id, name: id, manifest, limit: count }) },
  /**
   * Install these extensions, by name, before a trial needs them. Only to agents that said `install` at hello. Not from the outbox:
   * the answer, at once, also holds `state` (installed, installing, failed) and `detail`; whoever waits asks again.
   */
  install: { message: z.object({ extensions: z.record(text(200), manifest) }) },
} as const

export type Down = { [K in keyof typeof down]: z.infer<(typeof down)[K]['message']> }
