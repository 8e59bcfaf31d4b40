/**
 * What an agent with trials does when the hub at its address does not know it: the hub has lost its data folder or was started
 * on another one. Its own may come back, so the trials go on for `limit` ms (24 h, as in any outage: G8), said in the log; then
 * they end. The time is counted over restarts of the agent, by steady clocks (G18), in `stranger.json`. Used by agent.ts; doctor reads it.
 */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurable } from './files.ts'
import type { Log } from './log.ts'

export interface Stranger {
  /** The hub has said again that it does not know this agent. False when the trials have waited for long enough. */
  waits(trials: number): boolean
  isBack(): void
}

const FILE = 'stranger.json'
const waited = z.object({ waited: z.number().nonnegative() })
/** Between two refusals no more than this is counted: in between the hub may have been away, which is another matter. */
const STEP = 60_000
/** Between two lines of the log. */
const SAY = 600_000

export function openStranger(options: {
  readonly folder: string
  readonly hub: string
  /** ms */
  readonly limit: number
  readonly log: Log
}): Stranger {
  const { folder, hub, limit, log } = options
  const file = join(folder, FILE)
  let total = readWaited(folder)
  let kept = total
  let last: number | null = null
  let said: number | null = null

  function keep(): void {
    kept = total
    try {
      writeDurable(file, JSON.stringify({ waited: total }))
    } catch (error) {
      // A full disk, say: this agent counts on, and one that is started again counts from what stands there (G23).
      log.warn(`cannot write ${file}: ${(error as Error).message}`)
    }
  }

  return {
    waits(trials) {
      const now = performance.now()
      const before = total ?? 0
      total = before + (last === null ? 0 : Math.min(now - last, STEP))
      last = now
      if (kept === null || total - kept >= STEP) keep()
      if (total >= limit) {
        log.error({ trials }, `${hub} has not known this agent for ${inWords(limit)}: ending its trials`)
        return false
      }
      if (said === null || now - said >= SAY) {
        said = now
        log.warn(
          { trials },
          `${hub} does not know this agent: the hub has lost its data folder, or was started on another one. Trials go on, and wait ${inWords(limit - total)} more for the hub that they belong to. To end them now: stop this agent, then flambe-agent forget --hub ${hub}`,
        )
      }
      return true
    },
    isBack() {
      if (total !== null) rmSync(file, { force: true })
      total = null
      kept = null
      last = null
      said = null
    },
  }
}

/** ms for which the hub at the agent's address has not known it; null: it does. */
export function readWaited(home: string): number | null {
  try {
    const parsed = waited.safeParse(JSON.parse(readFileSync(join(home, FILE), 'utf8')))
    return parsed.success ? parsed.data.waited : null
  } catch {
    return null // not there, or torn: the counting begins anew
  }
}

export function inWords(ms: number): string {
  if (ms >= 5_400_000) return `${Math.round(ms / 3_600_000)} h`
  return ms >= 90_000 ? `${Math.round(ms / 60_000)} min` : `${Math.max(0, Math.round(ms / 1_000))} s`
}
