/**
 * Waits until the agent is told to stop (SIGTERM, SIGINT, SIGHUP, or its parent gone) and stops it the way that was asked for:
 * `leave` keeps trials running for the next start, so that an upgrade kills nothing; `drain` waits for them; `stop-trials` ends
 * them. A second Ctrl-C ends the trials in any case. Called by command.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Agent } from './agent.ts'
import type { Log } from './log.ts'
import { identify, isAlive } from './trial/identity.ts'

/** For a second Ctrl-C, when there is something that it would end. */
const SECOND = 2_000
/** For ended trials to be told to the hub. */
const FAREWELL = 45_000
const LOOK_AT_PARENT = 500

/** Rejects with the Complaint of a hub that refuses this agent. */
export async function untilToldToStop(
  agent: Agent,
  options: { readonly log: Log; readonly parent: number | null; readonly how: 'leave' | 'drain' | 'stop-trials' },
): Promise<void> {
  const { log } = options
  const told = signals(options.parent)
  try {
    const first = await Promise.race([agent.done.then(() => null), told.next()])
    if (first === null) return
    const { running } = agent
    if (options.how === 'stop-trials') return await endThenClose(agent, log)
    if (options.how === 'drain') {
      log.info({ running }, 'no new trials; waiting until the running ones have ended. Again to end them')
      const second = await Promise.race([agent.drain().then(() => null), told.next()])
      return second === null ? await agent.close() : await endThenClose(agent, log)
    }
    if (running > 0) {
      log.info({ running }, 'stopping; trials go on and are found again at the next start. Ctrl-C again to end them')
      if (first === 'SIGINT') {
        const second = await Promise.race([sleep(SECOND).then(() => null), told.next()])
        if (second !== null) return await endThenClose(agent, log)
      }
    }
    await agent.close()
  } finally {
    told.close()
  }
}

async function endThenClose(agent: Agent, log: Log): Promise<void> {
  log.info({ running: agent.running }, 'ending the trials')
  agent.endTrials('kill')
  await Promise.race([agent.drain(), sleep(FAREWELL)])
  await agent.close()
}

function signals(parent: number | null): { next(): Promise<string>; close(): void } {
  const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  const queue: string[] = []
  let waiting: ((name: string) => void) | null = null
  const take = (name: string) => {
    if (waiting === null) queue.push(name)
    else waiting(name)
    waiting = null
  }
  for (const name of names) process.on(name, take)
  const known = parent === null ? null : identify(parent)
  const timer = setInterval(() => {
    if (known === null || isAlive(known)) return
    clearInterval(timer)
    take('parent gone')
  }, LOOK_AT_PARENT)
  return {
    next: () =>
      new Promise(resolve => {
        const waited = queue.shift()
        if (waited !== undefined) resolve(waited)
        else waiting = resolve
      }),
    close() {
      clearInterval(timer)
      for (const name of names) process.off(name, take)
    },
  }
}
