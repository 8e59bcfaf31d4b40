/**
 * A set of trial numbers (>= 1) of one block, as bits: add, remove and "next after n" in a few nanoseconds, a copy of
 * 10,000 in 1.3 kB. The queue of a block; copied by a draft before its first write.
 */
export class TrialSet {
  private words: Uint32Array
  size: number

  constructor(from?: TrialSet) {
    this.words = from ? from.words.slice() : new Uint32Array(8)
    this.size = from ? from.size : 0
  }

  has(n: number): boolean {
    return ((this.words[n >>> 5] ?? 0) & (1 << (n & 31))) !== 0
  }

  add(n: number): void {
    const word = n >>> 5
    if (word >= this.words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.words.length * 2))
      grown.set(this.words)
      this.words = grown
    }
    if (this.has(n)) return
    this.words[word] = (this.words[word] as number) | (1 << (n & 31))
    this.size++
  }

  remove(n: number): void {
    if (!this.has(n)) return
    const word = n >>> 5
    this.words[word] = (this.words[word] as number) & ~(1 << (n & 31))
    this.size--
  }

  /** Smallest number greater than `after`, or 0 when there is none. */
  next(after = 0): number {
    const start = after + 1
    let word = start >>> 5
    if (word >= this.words.length) return 0
    let bits = (this.words[word] as number) & (-1 << (start & 31))
    while (bits === 0) {
      if (++word >= this.words.length) return 0
      bits = this.words[word] as number
    }
    return word * 32 + (31 - Math.clz32(bits & -bits))
  }

  /** Ascending. */
  numbers(): number[] {
    const out: number[] = []
    for (let n = this.next(); n !== 0; n = this.next(n)) out.push(n)
    return out
  }
}
