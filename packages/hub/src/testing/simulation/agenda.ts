/** Virtual time of one simulated world: what is to happen when, ties in the order in which it was put. */
import type { Timers } from '../../clock.ts'

export interface Agenda {
  now(): number
  after(ms: number, run: () => void): () => void
  /** Runs the next thing; false when there is none. */
  step(): boolean
}

interface Entry {
  readonly time: number
  readonly order: number
  run: (() => void) | null
}

export function createAgenda(): Agenda {
  let now = 0
  let order = 0
  const heap: Entry[] = []
  const at = (i: number) => heap[i] as Entry
  const earlier = (a: Entry, b: Entry) => (a.time === b.time ? a.order < b.order : a.time < b.time)
  const swap = (i: number, j: number) => {
    const entry = at(i)
    heap[i] = at(j)
    heap[j] = entry
  }
  const pop = (): Entry | undefined => {
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
  return {
    now: () => now,
    after: (ms, run) => {
      const entry: Entry = { time: now + ms, order: order++, run }
      heap.push(entry)
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1
        if (!earlier(at(i), at(parent))) break
        swap(i, parent)
        i = parent
      }
      return () => {
        entry.run = null
      }
    },
    step: () => {
      for (let entry = pop(); entry !== undefined; entry = pop()) {
        if (entry.run === null) continue
        now = entry.time
        entry.run()
        return true
      }
      return false
    },
  }
}

/** Timers of one process: none fires after it has died, and all are late while it stands still. */
export function timersOf(agenda: Agenda, alive: () => boolean, asleepUntil: () => number): Timers {
  const guarded = (run: () => void) => () => {
    if (!alive()) return
    const late = asleepUntil() - agenda.now()
    if (late > 0) agenda.after(late, guarded(run))
    else run()
  }
  return {
    after: (ms, run) => agenda.after(ms, guarded(run)),
    every: (ms, run) => {
      let cancel: () => void = () => undefined
      const next = () => {
        cancel = agenda.after(
          ms,
          guarded(() => {
            next()
            run()
          }),
        )
      }
      next()
      return () => cancel()
    },
  }
}
