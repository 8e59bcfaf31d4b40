/**
 * Knows every timer that was set in this process, so that a trial's can be cleared: the event loop lists only those that keep
 * it alive. Put in place once, before any trial; used by spare.ts and slate.ts.
 */
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'

export interface Timers {
  /** Clears what was set since the last time. */
  clear(): void
}

/** Node's own timer objects say when they are over. */
type Handle = (NodeJS.Timeout | NodeJS.Immediate) & { readonly _destroyed?: boolean }

const NAMES = ['setTimeout', 'setInterval', 'setImmediate'] as const
const PRUNE_FROM = 1_000

export function watchTimers(): Timers {
  let set = new Set<Handle>()
  let limit = PRUNE_FROM
  const watched = <F extends (...args: never[]) => unknown>(original: F): F => {
    const wrapper = (...args: never[]) => {
      const handle = original(...args)
      set.add(handle as Handle)
      if (set.size > limit) {
        set = new Set([...set].filter(one => one._destroyed !== true))
        limit = Math.max(PRUNE_FROM, set.size * 2)
      }
      return handle
    }
    // `promisify` finds its own form there.
    return Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(original)) as unknown as F
  }
  for (const name of NAMES) {
    const own = watched(globalThis[name] as never)
    Object.defineProperty(globalThis, name, { value: own, configurable: true, enumerable: true, writable: true })
    Object.defineProperty(timers, name, { value: own, configurable: true, enumerable: true, writable: true })
  }
  syncBuiltinESMExports()
  return {
    clear() {
      for (const one of set) {
        clearTimeout(one as NodeJS.Timeout)
        clearImmediate(one as NodeJS.Immediate)
      }
      set = new Set()
    },
  }
}
