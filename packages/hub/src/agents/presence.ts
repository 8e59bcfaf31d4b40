/**
 * Who was heard when, on the steady clock (G18). The sweeper turns silence into events: suspect, disconnected, lost. A
 * socket that closes is not death; the hub's own stalls are credited to everybody (G19); after a hub start each agent has
 * a full lease (G8).
 */
import type { AgentState } from '@flambe/engine'
import type { Up } from '@flambe/protocol'
import { type Clock, systemTimers, type Timers } from '../clock.ts'
import type { EventBody } from '../driver/driver.ts'
import type { Limits } from '../limits.ts'

export type Heartbeat = Up['heartbeat']

export interface Presence {
  /** Any message of the agent. Answers what had been reported of it: unless `connected`, it is back now. */
  heard(agent: string): AgentState
  beat(agent: string, heartbeat: Heartbeat, skew: number): void
  load(agent: string): (Heartbeat & { readonly skew: number }) | null
  /** Sets what the agent's row says, so that only changes are reported: at the start, and when a report was not stored. */
  follow(agent: string, state: AgentState): void
  /** Wall time of the last message since this hub started; null = none. Only shown. */
  seen(agent: string): number | null
  /** Looks at everybody once; called by the timer, and by tests after moving the clock. */
  sweep(): void
  start(): void
  close(): void
}

interface Entry {
  heard: number
  seen: number | null
  reported: AgentState
  load: (Heartbeat & { readonly skew: number }) | null
}

export function createPresence(
  clock: Clock,
  limits: Limits,
  silent: (agent: string, state: 'suspect' | 'disconnected' | 'lost') => void,
  timers: Timers = systemTimers,
): Presence {
  const entries = new Map<string, Entry>()
  let last = clock.steady()
  let stop: (() => void) | null = null

  const of = (agent: string): Entry => {
    let entry = entries.get(agent)
    if (entry === undefined) {
      entry = { heard: clock.steady(), seen: null, reported: 'connected', load: null }
      entries.set(agent, entry)
    }
    return entry
  }

  const sweep = () => {
    const now = clock.steady()
    // The timer was due `sweep_every` after the last sweep; what it is later by, the hub was stalled and heard nobody.
    const stalled = stop === null ? 0 : Math.max(0, now - last - limits.sweep_every)
    last = now
    for (const [agent, entry] of entries) {
      entry.heard += stalled
      const state = stateAfter(now - entry.heard, limits)
      if (state === 'connected' || RANK[state] <= RANK[entry.reported]) continue
      entry.reported = state
      silent(agent, state)
    }
  }

  return {
    heard: agent => {
      const entry = of(agent)
      entry.heard = clock.steady()
      entry.seen = clock.wall()
      const { reported } = entry
      entry.reported = 'connected'
      return reported
    },
    beat: (agent, heartbeat, skew) => {
      of(agent).load = { ...heartbeat, skew }
    },
    load: agent => entries.get(agent)?.load ?? null,
    follow: (agent, state) => {
      of(agent).reported = state
    },
    seen: agent => entries.get(agent)?.seen ?? null,
    sweep,
    start: () => {
      last = clock.steady()
      stop = timers.every(limits.sweep_every, sweep)
    },
    close: () => {
      stop?.()
      stop = null
    },
  }
}

const RANK: { readonly [S in AgentState]: number } = { connected: 0, suspect: 1, disconnected: 2, lost: 3 }

function stateAfter(silence: number, limits: Limits): AgentState {
  if (silence >= limits.lost_after) return 'lost'
  if (silence >= limits.disconnected_after) return 'disconnected'
  return silence >= limits.suspect_after ? 'suspect' : 'connected'
}

/** Silence as an event. What was not stored (a full disk, say) the next sweep says again, or a lost agent's trials would wait for ever (G12). */
export function tellSilence(
  presence: () => Pick<Presence, 'follow'>,
  rows: { readonly agents: ReadonlyMap<string, { readonly state: AgentState }> },
  record: (event: EventBody) => Promise<unknown>,
  onError: (error: unknown) => void,
) {
  return (agent: string, state: 'suspect' | 'disconnected' | 'lost'): void => {
    // Its hello was never stored: it holds nothing, and comes with another one.
    if (!rows.agents.has(agent)) return
    record({ type: 'agent-silent', agent, state }).catch(error => {
      onError(error)
      presence().follow(agent, rows.agents.get(agent)?.state ?? 'connected')
    })
  }
}
