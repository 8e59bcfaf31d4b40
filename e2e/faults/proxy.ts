/**
 * A TCP proxy between agent and hub that breaks the connection as networks do, and worse: with `meddle` whole messages go twice,
 * late, or in another order (wire.ts). Everything else cuts bytes: what is sent twice then comes from the programs' own resends.
 */
import { createServer, connect as dial, type Socket } from 'node:net'
import type { Draws } from './draws.ts'
import { type Meddling, meddler } from './wire.ts'

export interface FaultyProxy {
  readonly url: string
  /** Both ends are reset. @returns connections that were cut */
  cut(): number
  /** Only the hub's end is closed: the agent is told nothing until `heal`. @returns connections */
  halfOpen(): number
  /** The next bytes from the agent are forwarded up to the middle, then the connection is reset. */
  tear(): void
  /** Nothing passes, in both directions, connections stay open; new ones are taken and not answered. */
  blackHole(): void
  /** Every chunk waits this long, ms. */
  delay(ms: number): void
  /** Messages are duplicated, reordered and replayed until `heal`. */
  meddle(draw: Draws): void
  /** Everything passes at once again. What stood in a black hole is lost with its connection, as bytes were lost. */
  heal(): void
  /** Messages torn in the middle, bytes swallowed, chunks delayed, messages sent again or late: what really happened. */
  readonly done: {
    torn: number
    swallowed: number
    delayed: number
    duplicated: number
    reordered: number
    replayed: number
  }
  /** Bytes from agents so far, and how often each blob was asked for. */
  carried(): { readonly up: number; readonly fetched: ReadonlyMap<string, number> }
  close(): Promise<void>
}

const GET = /GET \/api\/blobs\/([0-9a-f]{64})/g

export async function openProxy(target: () => number): Promise<FaultyProxy> {
  const pairs = new Set<{ agent: Socket; hub: Socket; half: boolean }>()
  const done = { torn: 0, swallowed: 0, delayed: 0, duplicated: 0, reordered: 0, replayed: 0 }
  let sent = 0
  const fetched = new Map<string, number>()
  let hole = false
  let wait = 0
  let tearing = false
  let meddling: Meddling | null = null
  const server = createServer(agent => {
    const hub = dial(target(), '127.0.0.1')
    const pair = { agent, hub, half: false }
    pairs.add(pair)
    const end = () => {
      agent.destroy()
      hub.destroy()
      pairs.delete(pair)
    }
    const carry = (from: Socket, to: Socket, up: boolean) => {
      let queue = Promise.resolve()
      const write = (bytes: Buffer) => void (to.destroyed || to.write(bytes))
      const wire = meddler(write, () => meddling)
      from.on('data', chunk => {
        if (up) {
          sent += chunk.length
          for (const [, sha = ''] of chunk.toString('latin1').matchAll(GET))
            fetched.set(sha, (fetched.get(sha) ?? 0) + 1)
        }
        if (hole || pair.half) {
          done.swallowed += chunk.length
          pair.half = true // A stream that lost bytes cannot go on: reset when healed.
          return
        }
        if (up && tearing && chunk.length > 64) {
          tearing = false
          done.torn++
          to.write(chunk.subarray(0, chunk.length >> 1), end)
          return
        }
        const ms = wait
        if (ms > 0) {
          done.delayed++
          queue = queue.then(() => new Promise(resolve => setTimeout(resolve, ms)))
        }
        queue = queue.then(() => wire.push(chunk))
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        wire.close()
        if (!pair.half) end()
      })
    }
    carry(agent, hub, true)
    carry(hub, agent, false)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const endAll = (only: (p: { half: boolean }) => boolean) => {
    let count = 0
    for (const pair of [...pairs])
      if (only(pair)) {
        pair.agent.destroy()
        pair.hub.destroy()
        pairs.delete(pair)
        count++
      }
    return count
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    done,
    carried: () => ({ up: sent, fetched }),
    cut: () => endAll(() => true),
    halfOpen: () => {
      for (const pair of pairs) {
        pair.half = true
        pair.hub.destroy()
      }
      return pairs.size
    },
    tear: () => {
      tearing = true
    },
    blackHole: () => {
      hole = true
    },
    delay: ms => {
      wait = ms
    },
    meddle: draw => {
      // One object of counts: `done` itself, with the draws of this phase.
      meddling = Object.assign(done, { draw })
    },
    heal: () => {
      hole = false
      wait = 0
      meddling = null
      endAll(p => p.half)
    },
    close: async () => {
      endAll(() => true)
      await new Promise(resolve => server.close(resolve))
    },
  }
}
