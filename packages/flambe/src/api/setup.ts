/**
 * Makes a running hub and its agents ready for an experiment, Flambé's steps in their form here: (1) the hub answers and knows the
 * token; (2) an earlier run of the name is refused, or stopped by force; (3) results are removed only by force; (4) the output folder
 * is made; (5) agents are there; (6) resources and extensions are sent, and the experiment waits on the hub, paused; (7) every
 * agent has installed the extensions; then the page's address is told. What fails after (6) leaves nothing waiting.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentView } from '@flambe/hub'
import { prepare } from '../cli/run.ts'
import { connect, explain, type HubConnection } from '../client/connect.ts'
import type { PlannedFile } from '../client/experiment-file.ts'
import { Refused } from '../client/refused.ts'
import { submitFile } from '../client/submit.ts'
import { findHub } from '../client/tokens.ts'
import { writeAside } from '../output/folder.ts'
import type { RemoteEnvironment, SetupOptions } from './options.ts'

/** ms between two looks. */
const EVERY = 500

export async function setUp(
  planned: PlannedFile,
  options: SetupOptions,
  user: string,
  known: string | undefined,
): Promise<RemoteEnvironment> {
  const address = await findHub(options.cluster ?? known)
  const hub = connect(address)
  const force = options.force ?? false
  const until = Date.now() + (options.patience ?? 600) * 1000
  const before = await readyAgents(hub, until)
  const ready = await prepare(
    planned,
    { hub: address.url, debugPort: 0, ...(force ? { force } : {}) },
    line => process.stderr.write(`${line}\n`),
    { user },
  )
  const id = await submitFile(hub, planned, ready.resources, { force, paused: true, user })
  try {
    await writeAside(`${ready.dir}/experiment.yaml`, ready.dumped)
    if (planned.plan !== null && planned.plan.extensions.length > 0) await installed(hub, id, until)
  } catch (error) {
    await takeBack(hub, id)
    throw error
  }
  const { user: name } = await hub.api.experiments.get.query({ id }).catch(explain)
  return {
    hub: address.url,
    experiment: id,
    report: `${address.url}/e/${id}`,
    agents: before.map(agent => ({ id: agent.id, name: agent.name, host: agent.host?.hostname ?? null })),
    user: name,
    local_user: user,
  }
}

/** The seed of an experiment that waits on a hub. */
export async function seedOf(url: string, id: string): Promise<number> {
  const { seed } = await connect(await findHub(url))
    .api.experiments.get.query({ id })
    .catch(explain)
  return seed
}

/** Those that take trials; waits for the first. */
async function readyAgents(hub: HubConnection, until: number): Promise<readonly AgentView[]> {
  for (;;) {
    const { items } = await hub.api.agents.list.query().catch(explain)
    const ready = items.filter(agent => agent.state === 'connected' && agent.enabled)
    if (ready.length > 0) return ready
    if (Date.now() >= until)
      throw new Refused(`no agent of ${hub.address.url} is ready: start one, its Agents page shows the command`, 3)
    await sleep(EVERY)
  }
}

async function installed(hub: HubConnection, id: string, until: number): Promise<void> {
  for (;;) {
    const { agents } = await hub.api.experiments.install.mutate({ id }).catch(explain)
    const failed = agents.filter(agent => agent.state === 'failed')
    const told = failed.map(({ name, detail }) => `agent ${name}: ${detail}`).join('\n')
    if (failed.length > 0) throw new Refused(`extensions cannot be installed\n${told}`, 3)
    const waiting = agents.filter(agent => agent.state !== 'installed')
    if (waiting.length === 0) return
    if (Date.now() >= until)
      throw new Refused(`extensions are not installed yet: agent ${waiting.map(({ name }) => name).join(', ')}`, 3)
    await sleep(EVERY)
  }
}

async function takeBack(hub: HubConnection, id: string): Promise<void> {
  await hub.api.experiments.command.mutate({ id, command: 'cancel', command_id: randomUUID() }).catch(explain)
  await hub.api.experiments.archive.mutate({ id, archived: true }).catch(explain)
}
