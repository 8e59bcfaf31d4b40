/**
 * What asks a command to end: Ctrl-C, SIGTERM, a terminal that was closed, or a reader that went away (main.ts turns EPIPE
 * into SIGPIPE). Held from before the first child process is started until the last one has ended, so that none is left.
 */
export type EndedBy = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE'

export interface Ending {
  /** Who asked first; null while nobody has. */
  readonly by: EndedBy | null
  /** Resolves when someone asks. */
  readonly asked: Promise<EndedBy>
  /** Resolves when someone asks again, which means: everything, now. */
  readonly again: Promise<EndedBy>
  close(): void
}

const SIGNALS: readonly EndedBy[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE']

/** A reader that went away is an interruption too. */
export const EXIT: { readonly [by in EndedBy]: number } = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 130 }

export function whenToldToEnd(): Ending {
  let by: EndedBy | null = null
  const first = Promise.withResolvers<EndedBy>()
  const second = Promise.withResolvers<EndedBy>()
  const take = (signal: EndedBy) => {
    if (by === null) first.resolve(signal)
    // Every further line that is written says again that nobody reads: that is no second wish.
    else if (signal !== 'SIGPIPE') second.resolve(signal)
    by ??= signal
  }
  for (const signal of SIGNALS) process.on(signal, take)
  return {
    get by() {
      return by
    },
    asked: first.promise,
    again: second.promise,
    close: () => {
      for (const signal of SIGNALS) process.off(signal, take)
    },
  }
}
