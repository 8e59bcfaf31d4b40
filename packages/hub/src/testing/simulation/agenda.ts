/** Virtual time of one simulated world: what is to happen when, ties in the order in which it was put. */
import { type Clock, virtualClock } from '@flambe/engine/testing'
import type { Timers } from '../../clock.ts'

export type Agenda = Pick<Clock, 'now' | 'after' | 'step'>

export const createAgenda = (): Agenda => virtualClock()

/** Timers of one process: none fires after it has died, and all are late while it stands still. */
export function timersOf(agenda: Agenda, alive: () => boolean, asleepUntil: () => number): Timers {
  const guarded = (run: () => void) => () => {
    if (!alive()) return
    const late = asleepUntil() - agenda.now()
    if (late > 0) agenda.after(late, guarded(run))
    else run()
  }
  return {
    turn: run => void agenda.after(0, guarded(run)),
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
