/** A small seeded generator (mulberry32) for tests: the same seed gives the same world. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** True with this probability. */
  chance(p: number): boolean
  /** Integer in [low, high]. */
  between(low: number, high: number): number
  pick<T>(from: readonly T[]): T
}

export function random(seed: number): Random {
  let a = seed >>> 0
  const next = (): number => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    chance: p => next() < p,
    between,
    pick: from => from[between(0, from.length - 1)] as (typeof from)[number],
  }
}
