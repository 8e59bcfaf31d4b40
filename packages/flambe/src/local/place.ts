/** Where a local run takes place: a hub in this process and an agent beside it, which ends with its trials. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pc from 'picocolors'
import { pino } from 'pino'
import type { HubConnection } from '../client/connect.ts'
import { Refused } from '../client/refused.ts'
import type { Progress } from '../terminal/progress.ts'
import { startAgent } from './agent.ts'
import type { Child } from './child.ts'
import { debugProgram } from './debug.ts'
import { startLocalHub } from './hub.ts'
import { killTrials } from './leftovers.ts'

export interface Place {
  readonly connection: HubConnection
  /** Rejects when the agent ends that nobody asked to; without it no trial would end. */
  readonly failed: Promise<never>
  /** In order: the agent with what it still has to tell, then the hub. */
  close(): Promise<void>
  /** All of it at once, trials included; harmless when it is closed already. */
  kill(): Promise<void>
}

export interface LocalPlace {
  /** The output folder. */
  readonly dir: string
  readonly machine: { readonly cpus: number }
}

export interface PlaceOptions {
  readonly verbose?: true
  readonly slots?: number
  readonly debug?: true
  readonly debugPort: number
  readonly secrets?: string
}

/** ms that the agent has for its last words. */
const FAREWELL = 15_000
/** ms that the hub has when everything ends at once. */
const LAST_COMMIT = 2_000

export async function localPlace(
  { dir, machine }: LocalPlace,
  options: PlaceOptions,
  progress: Progress,
): Promise<Place> {
  const state = join(dir, '.hub')
  const logger = pino({ level: options.verbose ? 'debug' : 'error' }, pino.destination(2))
  const hub = await startLocalHub(state, logger)
  // Beside the hub's folder, which its trials cannot see (S8).
  const home = join(dir, '.agent')
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined) // whoever cares waits for it
  const last: string[] = []
  const limited = options.debug || options.slots !== undefined
  let agent: Child
  try {
    agent = await startAgent(hub.connection, {
      name: 'local',
      home,
      hide: state,
      stopTrials: true,
      ...(options.secrets === undefined ? {} : { secrets: resolve(options.secrets) }),
      ...(limited ? { cpus: machine.cpus } : {}),
      ...(options.debug ? { program: debugged(home, options.debugPort) } : {}),
      onLine: line => {
        if (options.verbose) progress.note(pc.dim(`agent: ${line}`))
        last.push(line)
        if (last.length > 5) last.shift()
      },
      onExit: (code, signal) => {
        const how = code === null ? `by ${signal}` : `exit ${code}`
        failed.reject(new Refused([`the agent ended (${how}), and the run with it`, ...last].join('\n  '), 3))
      },
    })
  } catch (error) {
    await hub.close()
    throw error
  }
  let closed: Promise<void> | null = null
  const closeHub = () => (closed ??= hub.close())
  return {
    connection: hub.connection,
    failed: failed.promise,
    close: async () => {
      await agent.stop(FAREWELL)
      await closeHub()
    },
    kill: async () => {
      await agent.stop(0)
      await killTrials(home)
      await Promise.race([closeHub(), sleep(LAST_COMMIT, undefined, { ref: false })])
    },
  }
}

function debugged(home: string, port: number): string {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = join(home, 'debug-trial.mjs')
  writeFileSync(file, debugProgram(port))
  return file
}
