/** How often an address may be refused in a minute before it is not even listened to (S11). Used by sign-in and handshakes. */
import type { Clock } from '../clock.ts'

export interface Rate {
  /** True while the address has tries left; `times` as many as usual. */
  open(address: string, times?: number): boolean
  /** Counts one failed try. */
  failed(address: string): void
}

export function createRate(clock: Clock, perMinute: number): Rate {
  const tries = new Map<string, { from: number; count: number }>()
  const current = (address: string) => {
    const entry = tries.get(address)
    if (entry === undefined || clock.steady() - entry.from >= 60_000) return null
    return entry
  }
  return {
    open: (address, times = 1) => (current(address)?.count ?? 0) < perMinute * times,
    failed: address => {
      const entry = current(address)
      if (entry !== null) entry.count++
      else {
        if (tries.size > 10_000) tries.clear()
        tries.set(address, { from: clock.steady(), count: 1 })
      }
    },
  }
}
