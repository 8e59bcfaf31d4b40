/**
 * Has the extensions of an experiment installed by every agent that is there, before its trials ask for them. An agent answers at
 * once how far it is, so whoever waits asks again; asking twice is harmless. Used by `experiments.install`; told by
 * agents/agents.ts who is there.
 */
import type { ExperimentRow } from '@flambe/engine'
import { type Answer, CAN_INSTALL, type Down, type Manifest, type Up } from '@flambe/protocol'
import type { Emit } from '../driver/outbox.ts'
import { EXTENSION } from './used.ts'

export interface InstallView {
  readonly id: string
  readonly name: string
  readonly state: 'installed' | 'installing' | 'failed'
  /** Why it failed; empty else. */
  readonly detail: string
}

export interface Installing {
  /** The agent has said hello on this connection. */
  connect(agent: string, hello: Up['hello'], emit: Emit): void
  /** Forgets the connection if it is still this one. */
  disconnect(agent: string, emit: Emit): void
  /** How far each enabled agent is. */
  install(experiment: Pick<ExperimentRow, 'resources'>): Promise<readonly InstallView[]>
}

interface Line {
  readonly name: string
  readonly emit: Emit
  readonly can: boolean
}

/** @param enabled whether the agent may be given work */
export function createInstalling(enabled: (agent: string) => boolean): Installing {
  const lines = new Map<string, Line>()

  async function ask(id: string, { name, emit, can }: Line, message: Down['install']): Promise<InstallView> {
    // It installs them with its first trial, as it did before.
    if (!can) return { id, name, state: 'installed', detail: '' }
    // Cut in between, or busy: it is asked again.
    return { id, name, ...told(await emit('install', message).catch(() => null)) }
  }

  return {
    connect: (agent, { name, can }, emit) => lines.set(agent, { name, emit, can: can?.includes(CAN_INSTALL) === true }),
    disconnect(agent, emit) {
      if (lines.get(agent)?.emit === emit) lines.delete(agent)
    },
    async install({ resources }) {
      const extensions: { [name: string]: Manifest } = {}
      for (const [name, ref] of Object.entries(resources))
        if (name.startsWith(EXTENSION) && ref.kind === 'blobs')
          extensions[name.slice(EXTENSION.length)] = ref.manifest as Manifest
      const there = [...lines].filter(([agent]) => enabled(agent))
      return await Promise.all(there.map(([agent, line]) => ask(agent, line, { extensions })))
    },
  }
}

/** What an agent says is input like any other. */
function told(answer: Answer<object> | null): Pick<InstallView, 'state' | 'detail'> {
  if (answer?.ok !== true || !('state' in answer)) return { state: 'installing', detail: '' }
  const { state, detail } = answer as { readonly state: unknown; readonly detail?: unknown }
  if (state === 'failed') return { state, detail: String(detail ?? '').slice(0, 2_000) }
  return { state: state === 'installed' ? 'installed' : 'installing', detail: '' }
}
