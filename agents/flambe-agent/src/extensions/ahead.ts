/**
 * Extensions that the hub wants installed before a trial needs them (`install`). Answers at once how far it is: npm may take minutes
 * and the hub asks again. What failed is told once and tried again when asked again. Used by agent.ts.
 */
import type { Down } from '@flambe/protocol'
import type { Mask } from '../delivery/mask.ts'
import type { Extensions } from './install.ts'

export interface Progress {
  readonly state: 'installed' | 'installing' | 'failed'
  /** Why it failed; empty else. */
  readonly detail: string
}

export interface Ahead {
  install(message: Down['install']): Promise<Progress>
  close(): void
}

const SHORT = 2_000

/** `short`: ms that an answer may wait for a short installation. */
export function installAhead(extensions: Pick<Extensions, 'install'>, mask: Mask | null, short = SHORT): Ahead {
  const life = new AbortController()
  const running = new Map<string, Promise<Progress>>()

  const installAll = async (all: Down['install']['extensions']): Promise<Progress> => {
    try {
      for (const [name, manifest] of Object.entries(all)) await extensions.install(name, manifest, life.signal)
      return { state: 'installed', detail: '' }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return { state: 'failed', detail: mask?.text(detail) ?? detail }
    }
  }

  return {
    async install({ extensions: all }) {
      const key = JSON.stringify(all)
      const mine = running.get(key) ?? installAll(all)
      running.set(key, mine)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<Progress>(resolve => {
        timer = setTimeout(() => resolve({ state: 'installing', detail: '' }), short)
      })
      const told = await Promise.race([mine, late])
      clearTimeout(timer)
      if (told.state !== 'installing') running.delete(key)
      return told
    },
    close: () => life.abort(new Error('the agent stops')),
  }
}
