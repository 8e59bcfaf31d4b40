/**
 * The loop that tells the hub every HEARTBEAT_EVERY ms that this agent lives and how its machine does. Waits for nothing but
 * its timer; a beat that gets no answer on a connection that seems to stand means that it does not, and the link is kicked.
 * Ended by stop().
 */
import type { Link } from './link.ts'
import type { Log } from './log.ts'
import { type Gpu, gpuLoad } from './probe/gpus.ts'
import { openLoad } from './probe/machine.ts'

export function startHeartbeat(options: {
  readonly link: Link
  readonly every: number
  /** Whose disk is shown. */
  readonly folder: string
  readonly gpus: readonly Gpu[]
  readonly log: Log
  backlog(): number
}): { stop(): void } {
  const { link } = options
  const load = openLoad(options.folder)
  let busy = false

  async function beat(): Promise<void> {
    const gpus = await gpuLoad(options.gpus)
    if (!link.ready) return
    const outcome = await link.ask('heartbeat', {
      ...load(),
      gpus: [...gpus],
      backlog: options.backlog(),
      clock: Date.now(),
    })
    if (outcome.kind === 'lost') link.kick()
  }

  const timer = setInterval(() => {
    if (busy || !link.ready) return
    busy = true
    beat()
      .catch((error: Error) => options.log.error({ err: error }, `no heartbeat: ${error.message}`))
      .finally(() => {
        busy = false
      })
  }, options.every)
  return { stop: () => clearInterval(timer) }
}
