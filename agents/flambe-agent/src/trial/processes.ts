/**
 * The trial processes of an agent: some that wait with everything loaded, and those that have left a trial clean and may run
 * another of the same kind (same experiment, block, backend, GPUs ...). Used by spawn.ts. Ended by close(), which lets waiting
 * ones end and running ones go on.
 */
import { createHash } from 'node:crypto'
import type { Spec } from '@flambe/protocol'
import type { Log } from '../log.ts'
import { type Host, startHost } from './host.ts'

export interface Processes {
  /** For this trial: one that ran the like of it, else one that waits, else one that is just starting. Null: start one by hand. */
  take(spec: Spec): Host | null
  /** The host has left its attempt and nothing of the attempt lives: it may be used again. */
  give(host: Host, spec: Spec): void
  /** What the trials were given that those that wait have run: they may still read of it. */
  resources(): readonly Spec['resources'][]
  /** Resolves when those that wait are gone. */
  close(): Promise<void>
}

export interface ProcessesOptions {
  readonly start: (backend: string) => Parameters<typeof startHost>[0]
  /** Backend to load before it is known which trial comes. */
  readonly backend: () => string
  /** Processes that wait for any trial; 0 = none, and none is used again. Those that run one and come back count, but for the last. */
  readonly spares: number
  /** Trials that one process runs, at most. */
  readonly trials: number
  /** Bytes; a process that uses more is not used again. */
  readonly memory: number
  /** Bytes of all that wait and have run trials; the longest idle go first. */
  readonly waiting: number
  readonly log: Log
}

/** ms after which what waits ends, so that an idle machine has its memory back. */
const IDLE = 300_000

export function openProcesses(options: ProcessesOptions): Processes {
  const { log, spares } = options
  const fresh: Host[] = []
  const used: { readonly host: Host; readonly kind: string; readonly resources: Spec['resources'] }[] = []
  /** Have an attempt; those that end unclean are only seen to be gone. */
  const running = new Set<Host>()
  let closed = false
  let idle: NodeJS.Timeout | undefined

  /** A machine whose places are all taken needs no second set of processes: those that run come back. */
  function wanted(): number {
    if (options.trials <= 1 || spares === 0) return spares
    for (const host of running) if (host.gone) running.delete(host)
    return Math.max(1, spares - running.size)
  }

  function refill(): void {
    while (!closed && fresh.filter(host => !host.gone).length < wanted()) {
      const host = startHost(options.start(options.backend()))
      fresh.push(host)
    }
  }

  async function dismissAll(): Promise<void> {
    await Promise.all([...fresh.splice(0), ...used.splice(0).map(one => one.host)].map(host => host.dismiss()))
  }

  function touch(): void {
    clearTimeout(idle)
    if (closed) return
    idle = setTimeout(() => void dismissAll(), IDLE)
    idle.unref()
  }

  if (spares > 0) refill()
  touch()
  return {
    take(spec) {
      if (spares === 0 || closed) return null
      touch()
      const kind = kindOf(spec)
      for (let at = used.length - 1; at >= 0; at--) {
        const { host, ...one } = used[at] as (typeof used)[number]
        if (host.gone) used.splice(at, 1)
        else if (one.kind === kind) {
          used.splice(at, 1)
          running.add(host)
          return host
        }
      }
      let host = fresh.shift()
      while (host?.gone) host = fresh.shift()
      host ??= startHost(options.start(options.backend()))
      running.add(host)
      refill()
      return host
    },
    give(host, spec) {
      running.delete(host)
      const why =
        host.runs >= options.trials
          ? `it has run ${host.runs}`
          : host.memory > options.memory
            ? `it uses ${Math.round(host.memory / 1e6)} MB`
            : null
      if (host.gone) return
      if (closed || why !== null) {
        log.debug({ pid: host.child.pid, cause: why }, 'a trial process has done its work')
        void host.dismiss()
        return
      }
      used.push({ host, kind: kindOf(spec), resources: spec.resources })
      const inUse = () => used.reduce((sum, one) => sum + one.host.memory, 0)
      while (inUse() > options.waiting) void used.shift()?.host.dismiss()
      touch()
    },
    resources: () => used.filter(one => !one.host.gone).map(one => one.resources),
    async close() {
      closed = true
      clearTimeout(idle)
      await dismissAll()
    },
  }
}

/** Everything but what makes one trial differ from the next of its block. A field that is added to the spec counts as kind. */
export function kindOf(spec: Spec): string {
  const {
    trial,
    trial_number,
    attempt,
    epoch,
    variant,
    params,
    seed,
    config,
    inputs,
    resume,
    checkpoint,
    mode,
    ...kind
  } = spec
  return createHash('sha256').update(JSON.stringify(kind)).digest('hex')
}
