/** A built hub without pages, a proxy before it and agents behind the proxy, each killed, frozen and restarted for real. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, type Hub } from '../harness/cluster.ts'
import { agentProgram, folder, server } from '../harness/places.ts'
import { type Running, start } from '../harness/process.ts'
import { type FaultyProxy, openProxy } from './proxy.ts'

export interface RunningTrial {
  readonly attempt: string
  readonly pid: number
  /** Its attempt folder. */
  readonly folder: string
}

export interface House {
  hub: Hub
  readonly proxy: FaultyProxy
  readonly ledger: string
  readonly agents: { readonly name: string; readonly home: string; process: Running }[]
  /** On the same folder and port; with `failpoint` it kills itself there (packages/store/src/failpoint.ts). */
  startHub(failpoint?: string): Promise<void>
  /** `program`: another build of the agent. */
  startAgent(index: number, program?: string): Promise<void>
  /** One more machine. */
  addAgent(name: string): Promise<void>
  /** Trial processes that run now, as their attempt folders tell. */
  trials(): RunningTrial[]
}

async function startHub(data: string, port: string, options: HubOptions, failpoint = ''): Promise<Hub> {
  const env = { NODE_ENV: 'production', FLAMBE_FAILPOINT: failpoint }
  const process = start(
    [...(options.node ?? []), server, '--no-pages', '--data', data, '--port', port, ...(options.more ?? [])],
    env,
  )
  const ready = JSON.parse(await process.line(/^\{"ready":true/)) as { url: string; link: string }
  return { ...ready, data, process }
}

interface HubOptions {
  /** Further arguments of the hub, and options of its node. */
  readonly more?: readonly string[]
  readonly node?: readonly string[]
}

const open = new Set<House>()

/** Ends what a scenario left behind: trial processes outlive their agents by design, so they are looked for. */
export async function closeHouses(): Promise<void> {
  for (const house of open) {
    for (const { pid } of house.trials()) process.kill(pid, 'SIGKILL')
    await house.proxy.close()
  }
  open.clear()
}

/** `prepare` is given the hub's data folder before the first start. */
export async function openHouse(
  names: readonly string[],
  prepare: (data: string) => Promise<void> = async () => undefined,
  options: HubOptions = {},
): Promise<House> {
  const base = folder()
  const data = join(base, 'hub')
  await prepare(data)
  let hub = await startHub(data, '0', options)
  const port = new URL(hub.url).port
  const proxy = await openProxy(() => Number(port))
  const agents: House['agents'] = []
  const startAgent = async (name: string, home: string) => {
    const { token } = await call<{ token: string }>(hub, 'agents.joinToken', undefined, 'mutation')
    const args = [agentProgram, '--hub', proxy.url, '--name', name, '--home', home, '--cpus', '2']
    return start(args, { FLAMBE_JOIN_TOKEN: token })
  }
  const addAgent = async (name: string) => {
    const home = join(base, name)
    const process = await startAgent(name, home)
    // An agent tries every backend first: on a machine under load that alone takes half a minute.
    await process.line(/connected/i, 90_000)
    agents.push({ name, home, process })
  }
  for (const name of names) await addAgent(name)
  const house: House = {
    get hub() {
      return hub
    },
    set hub(h) {
      hub = h
    },
    proxy,
    ledger: folder(),
    agents,
    startHub: async failpoint => {
      hub = await startHub(data, port, options, failpoint)
    },
    addAgent,
    startAgent: async (index, program = agentProgram) => {
      const agent = agents[index]
      // Its identity stands in its home: an agent that comes back needs no token.
      if (agent !== undefined)
        agent.process = start(
          [program, '--hub', proxy.url, '--name', agent.name, '--home', agent.home, '--cpus', '2'],
          {},
        )
    },
    trials: () => agents.flatMap(a => running(join(a.home, 'attempts'))),
  }
  open.add(house)
  return house
}

function running(attempts: string): RunningTrial[] {
  if (!existsSync(attempts)) return []
  return readdirSync(attempts).flatMap(attempt => {
    try {
      if (existsSync(join(attempts, attempt, 'exit.json'))) return []
      const { pid } = JSON.parse(readFileSync(join(attempts, attempt, 'process.json'), 'utf8')) as { pid: number }
      process.kill(pid, 0)
      return [{ attempt, pid, folder: join(attempts, attempt) }]
    } catch {
      return [] // Not started yet, or gone between two looks.
    }
  })
}
