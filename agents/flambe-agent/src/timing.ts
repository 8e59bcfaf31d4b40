/** Every waiting time of the agent in one place, in ms, so that tests can shorten them. Rules never depend on them. */
import { FLUSH_EVERY, HEARTBEAT_EVERY } from '@flambe/protocol'

export interface Timing {
  /** Between looks at what a trial has written, and at whether its process still lives. */
  readonly flush: number
  readonly heartbeat: number
  /** Until a message without an answer counts as lost. */
  readonly answer: number
  /** First and longest wait before connecting again; jittered by half. */
  readonly reconnect: readonly [number, number]
  /** `stop`: for the running step to end. `kill`: between SIGTERM and SIGKILL. */
  readonly grace: number
  /** `stop`, after the grace: between SIGTERM and SIGKILL. */
  readonly lastGrace: number
  /** For a process that waits to take the attempt that it is given. */
  readonly start: number
  /** For a process to go after it has written its exit record, and for what it leaves behind. */
  readonly exit: number
  /** Between tries of a download. */
  readonly fetch: readonly [number, number]
  /** How long trials wait for their hub while another one, which does not know this agent, stands at its address (G8). */
  readonly stranger: number
}

export const TIMING: Timing = {
  flush: FLUSH_EVERY,
  heartbeat: HEARTBEAT_EVERY,
  answer: 20_000,
  reconnect: [500, 10_000],
  grace: 30_000,
  lastGrace: 5_000,
  start: 60_000,
  exit: 5_000,
  fetch: [500, 15_000],
  stranger: 24 * 3_600_000,
}

/** A wait of `tries` doublings, at most the longest, jittered to 50..100 % so that agents do not return in step. */
export function backOff([first, longest]: readonly [number, number], tries: number): number {
  return Math.min(longest, first * 2 ** Math.min(tries, 20)) * (0.5 + Math.random() / 2)
}
