/** Agents as pages see them: the engine's row, what the agent said at hello, its last heartbeat, what it holds. */
import type { AgentRow } from '@flambe/engine'
import type { Json } from '@flambe/language'
import type { Presence } from '../agents/presence.ts'
import type { AgentView } from '../api/views.ts'
import type { Committed } from '../rows/committed.ts'

/** What `agents.ts` keeps of a hello with `setAgentInfo`. */
export interface AgentInfo {
  readonly host: NonNullable<AgentView['host']>
  readonly memory: number
  readonly backends: AgentView['backends']
  readonly build: string | null
}

/** The store keeps it as JSON; only this hub's own `setAgentInfo` writes it. */
export const asAgentInfo = (json: Json): AgentInfo => json as unknown as AgentInfo

export function agentView(
  rows: Committed,
  row: AgentRow,
  info: AgentInfo | null,
  presence: Pick<Presence, 'load' | 'seen'>,
  build: string | null,
  revoked: boolean,
): AgentView {
  const held = rows.held(row.id)
  const load = presence.load(row.id)
  const used = (index: number) =>
    held.reduce((sum, a) => sum + (a.slot.gpus.find(g => g.index === index)?.share ?? 0), 0)
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    enabled: row.enabled,
    revoked,
    reason: row.reason,
    host: info?.host ?? null,
    cpu: row.cpu,
    cpu_used: held.reduce((sum, attempt) => sum + attempt.slot.cpu, 0),
    memory: info?.memory ?? null,
    gpus: row.gpus.map(gpu => ({ ...gpu, used: used(gpu.index) })),
    backends: info?.backends ?? row.backends.map(name => ({ name, accepted: true, detail: '' })),
    attempts: held.map(attempt => {
      const trial = rows.trials.get(attempt.trial)
      return {
        attempt: attempt.id,
        trial: attempt.trial,
        experiment_name: rows.experiments.get(attempt.experiment)?.name ?? attempt.experiment,
        block: trial?.block ?? '',
        number: trial?.number ?? 0,
        cpu: attempt.slot.cpu,
      }
    }),
    load:
      load === null
        ? null
        : {
            cpu: load.cpu,
            memory_used: load.memory.used,
            memory_total: load.memory.total,
            disk_free: load.disk.free,
            disk_total: load.disk.total,
            backlog: load.backlog,
            skew: load.skew,
          },
    build: info?.build ?? null,
    outdated: build !== null && info?.build != null && info.build !== build,
    seen: Math.max(row.seen, presence.seen(row.id) ?? 0),
  }
}
