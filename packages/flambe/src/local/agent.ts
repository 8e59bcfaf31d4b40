/** Starts an agent on this machine for a hub on this machine; the join token travels in its environment. */
import type { HubConnection } from '../client/connect.ts'
import { type Child, type ChildOptions, startChild } from './child.ts'
import { agentProgram } from './places.ts'

export interface LocalAgent extends Pick<ChildOptions, 'onLine' | 'onExit'> {
  readonly name: string
  /** Its folder: identity, attempts, cache. */
  readonly home: string
  readonly cpus?: number
  /** Data folder of the hub, which holds an administrator's token: no trial may see it (S8). */
  readonly hide: string
  /** Another trial runtime than the agent's own. */
  readonly program?: string
  /** File of secrets for its trials. */
  readonly secrets?: string
  /** True: trials end with the agent (`flambe run`). False: they go on, and the next agent finds them. */
  readonly stopTrials: boolean
}

export async function startAgent(hub: HubConnection, options: LocalAgent): Promise<Child> {
  const { token } = await hub.api.agents.joinToken.mutate()
  const args = [
    '--hub',
    hub.address.url,
    '--name',
    options.name,
    '--home',
    options.home,
    '--hide',
    options.hide,
    '--parent',
    String(process.pid),
  ]
  if (options.cpus !== undefined) args.push('--cpus', String(options.cpus))
  if (options.program !== undefined) args.push('--program', options.program)
  if (options.secrets !== undefined) args.push('--secrets', options.secrets)
  if (options.stopTrials) args.push('--stop-trials')
  return startChild({
    program: agentProgram(),
    args,
    env: { FLAMBE_JOIN_TOKEN: token },
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    ...(options.onExit === undefined ? {} : { onExit: options.onExit }),
  })
}
