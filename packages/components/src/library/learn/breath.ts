/** Lets timers and I/O of the process have a turn in long loops (log flushing, control files), at most 20 times a second. */
import { setImmediate } from 'node:timers/promises'

const INTERVAL_MS = 50

export function breather(): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < INTERVAL_MS) return undefined
    return setImmediate().then(() => {
      last = performance.now()
    })
  }
}
