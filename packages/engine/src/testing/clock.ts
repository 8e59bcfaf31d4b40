/** A virtual clock: runs what was put on it in order of time, ties in the order in which it was put. */
export interface Clock {
  readonly now: () => number
  /** Gives what takes it off again. */
  after(ms: number, run: () => void): () => void
  /** Runs the next thing; false when there is none. */
  step(): boolean
  /** Runs until `done` says so, nothing is left, or `limit` ms are reached. */
  run(done: () => boolean, limit: number): void
}

interface Entry {
  readonly time: number
  readonly order: number
  /** Null once it was taken off. */
  run: (() => void) | null
}

export function virtualClock(): Clock {
  let now = 0
  let order = 0
  const heap: Entry[] = []
  const earlier = (a: Entry, b: Entry): boolean => (a.time === b.time ? a.order < b.order : a.time < b.time)
  const at = (i: number): Entry => heap[i] as Entry
  const swap = (i: number, j: number): void => {
    const entry = at(i)
    heap[i] = at(j)
    heap[j] = entry
  }

  function push(entry: Entry): void {
    heap.push(entry)
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1
      if (!earlier(at(i), at(parent))) return
      swap(i, parent)
      i = parent
    }
  }

  function pop(): Entry | undefined {
    if (heap.length === 0) return undefined
    swap(0, heap.length - 1)
    const first = heap.pop()
    for (let i = 0; ; ) {
      let least = i
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && earlier(at(child), at(least))) least = child
      if (least === i) return first
      swap(i, least)
      i = least
    }
  }

  /** The next that was not taken off. */
  function next(): Entry | undefined {
    for (let entry = pop(); entry !== undefined; entry = pop()) if (entry.run !== null) return entry
    return undefined
  }

  function runEntry(entry: Entry): void {
    now = entry.time
    entry.run?.()
  }

  return {
    now: () => now,
    after(ms, run) {
      const entry: Entry = { time: now + ms, order: order++, run }
      push(entry)
      return () => {
        entry.run = null
      }
    },
    step() {
      const entry = next()
      if (entry !== undefined) runEntry(entry)
      return entry !== undefined
    },
    run(done, limit) {
      while (!done()) {
        const entry = next()
        if (!entry || entry.time > limit) return
        runEntry(entry)
      }
    },
  }
}
