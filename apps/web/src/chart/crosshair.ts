/** What all charts of a page share: the step under the pointer and the trial that is pointed at, in a chart or in the table. */

export interface Pointed {
  readonly step: number | null
  readonly trial: string | null
}

export interface Crosshair {
  readonly pointed: Pointed
  point(next: Partial<Pointed>): void
  subscribe(listener: () => void): () => void
}

export function makeCrosshair(): Crosshair {
  let pointed: Pointed = { step: null, trial: null }
  const listeners = new Set<() => void>()
  return {
    get pointed() {
      return pointed
    },
    point(next) {
      const merged = { ...pointed, ...next }
      if (merged.step === pointed.step && merged.trial === pointed.trial) return
      pointed = merged
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
