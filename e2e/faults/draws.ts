/** Seeded draws for the schedule of faults (mulberry32): one seed gives one schedule. */
export interface Draws {
  /** In [0, 1). */
  next(): number
  between(low: number, high: number): number
  pick<T>(of: readonly T[]): T
}

export function draws(seed: number): Draws {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low)),
    pick: of => of[Math.floor(next() * of.length)] as (typeof of)[number],
  }
}
