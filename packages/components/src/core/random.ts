/**
 * Seeded random streams. mulberry32 (Tommy Ettinger, public domain): 32-bit state, so that it fits into a checkpoint.
 * `random(seed, name)` derives an independent stream by hashing the name (FNV-1a) into the seed.
 */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, n). */
  below(n: number): number
  /** In-place Fisher-Yates. */
  shuffle<T extends { [i: number]: unknown; length: number }>(items: T): T
  state: number
}

export function random(seed: number, name = ''): Random {
  let h = (2166136261 ^ seed) >>> 0
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 16777619) >>> 0
  return fromState(name === '' ? seed >>> 0 : h)
}

export function fromState(state: number): Random {
  return {
    state: state >>> 0,
    next() {
      this.state = (this.state + 0x6d2b79f5) >>> 0
      let t = this.state
      t = Math.imul(t ^ (t >>> 15), t | 1)
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296
    },
    below(n) {
      return Math.floor(this.next() * n)
    },
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = this.below(i + 1)
        const x = items[i]
        items[i] = items[j]
        items[j] = x
      }
      return items
    },
  }
}

/** A derived seed, >= 1 (TensorFlow.js takes 0 for "no seed"). */
export const derive = (seed: number, name: string): number => (random(seed, name).next() * 0x7fffffff) | 1
