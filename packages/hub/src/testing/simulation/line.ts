/**
 * Connections between simulated agents and the hub's own socket handlers. A line loses, delays, repeats and reorders what is
 * put on it, in both directions, and ends without either side being told at once. To the hub it looks like Socket.IO.
 */
import type { Random } from '@flambe/engine/testing'
import type { Server, Socket } from 'socket.io'
import type { Agenda } from './agenda.ts'

type Ack = (value: unknown) => void

export interface Line {
  /** What the agent believes. */
  readonly open: boolean
  ask(event: string, message: object, answered: Ack): void
  /** The agent hangs up, or the network is gone; the other side hears of it later. */
  cut(): void
}

export interface HubEnd {
  readonly agenda: Agenda
  readonly random: Random
  /** Chance that a message has something done to it. */
  trouble(): number
  alive(): boolean
  asleepUntil(): number
  /** The hub takes a message or an answer of this agent. */
  heard(agent: string): void
}

export interface FakeServer {
  readonly server: Server
  connect(agent: string, down: (event: string, message: never, ack: Ack) => void, gone: () => void): Line
}

export function fakeServer(end: HubEnd): FakeServer {
  const { agenda, random } = end
  let arrived: (socket: Socket) => void = () => undefined
  const server = {
    on: (_: string, handler: typeof arrived) => {
      arrived = handler
    },
  } as unknown as Server

  return {
    server,
    connect(agent, down, gone) {
      let atHub = true
      let atAgent = true
      let heard: (event: string, ...args: unknown[]) => void = () => undefined
      const leaving = new Set<() => void>()

      /** When the hub is awake: its timers come first, as after a SIGCONT. */
      const atTheHub = (run: () => void): void => {
        if (!atHub || !end.alive()) return
        const late = end.asleepUntil() - agenda.now()
        if (late > 0) {
          agenda.after(late + 1, () => atTheHub(run))
          return
        }
        end.heard(agent)
        run()
      }
      const atTheAgent = (run: () => void): void => {
        if (atAgent) run()
      }
      const carry = (arrive: (run: () => void) => void, run: () => void) => {
        const p = end.trouble()
        if (random.chance(p)) return
        const late = random.chance(p) ? random.between(500, 25_000) : 0
        agenda.after(random.between(1, 30) + late, () => arrive(run))
        if (random.chance(p)) agenda.after(random.between(1, 6_000), () => arrive(run))
      }

      const leaveHub = () => {
        if (!atHub || !end.alive()) return
        atHub = false
        for (const listener of [...leaving]) listener()
      }
      const leaveAgent = () => {
        if (!atAgent) return
        atAgent = false
        gone()
      }
      const cut = () => {
        agenda.after(random.between(1, 20_000), leaveHub)
        agenda.after(random.between(1, 3_000), leaveAgent)
      }

      const socket = {
        data: { identity: { kind: 'agent', agent }, from: 'simulated' },
        get connected() {
          return atHub
        },
        conn: {
          close: () => {
            leaveHub()
            agenda.after(random.between(1, 3_000), leaveAgent)
          },
        },
        disconnect: () => socket.conn.close(),
        on: (_: string, listener: () => void) => void leaving.add(listener),
        once: (_: string, listener: () => void) => void leaving.add(listener),
        off: (_: string, listener: () => void) => void leaving.delete(listener),
        onAny: (handler: typeof heard) => {
          heard = handler
        },
        emit: (event: string, message: never, ack: Ack) =>
          carry(atTheAgent, () =>
            down(
              event,
              message,
              once(value => carry(atTheHub, () => ack(value))),
            ),
          ),
      }
      arrived(socket as unknown as Socket)

      return {
        get open() {
          return atAgent
        },
        ask: (event, message, answered) => {
          const settle = once(answered)
          carry(atTheHub, () =>
            heard(
              event,
              message,
              once(value => carry(atTheAgent, () => settle(value))),
            ),
          )
        },
        cut,
      }
    },
  }
}

function once(run: Ack): Ack {
  let done = false
  return value => {
    if (done) return
    done = true
    run(value)
  }
}
