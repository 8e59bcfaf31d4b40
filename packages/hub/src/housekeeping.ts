/**
 * What nobody waits for: blobs that nothing refers to any more, tokens that are spent. One timer of the hub; a failure is
 * logged and tried again at the next turn.
 */
import type { OpenStore } from '@flambe/store'
import type { Clock } from './clock.ts'

/** ms between turns. */
const EVERY = 600_000
/** Spent and expired tokens are kept so long for the audit, ms. */
const TOKENS_KEPT = 7 * 86_400_000

export interface Housekeeping {
  /** One turn; the timer calls it, and tests. */
  turn(): Promise<void>
  close(): Promise<void>
}

export function createHousekeeping(
  store: Pick<OpenStore, 'pruneBlobs' | 'forgetTokens'>,
  clock: Clock,
  onError: (error: unknown) => void,
): Housekeeping {
  let running: Promise<void> | null = null
  const once = async () => {
    await store.pruneBlobs()
    await store.forgetTokens(clock.wall() - TOKENS_KEPT)
  }
  const turn = () => {
    running ??= once()
      .catch(onError)
      .finally(() => {
        running = null
      })
    return running
  }
  const timer = setInterval(() => void turn(), EVERY)
  timer.unref()
  return {
    turn,
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
