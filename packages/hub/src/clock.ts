/**
 * The hub's two clocks: `wall` for what is shown and recorded, `steady` for every rule that measures time (G18).
 * A test hands in its own and moves it. Timers are real but in the simulation, which hands in its own too.
 */
export interface Clock {
  /** ms since the epoch. */
  wall(): number
  /** ms from an arbitrary start; never jumps. */
  steady(): number
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  steady: () => performance.now(),
}

export interface Timers {
  /** @returns what cancels it */
  after(ms: number, run: () => void): () => void
  every(ms: number, run: () => void): () => void
  /** In the next turn of the loop, after what is already under way. */
  turn(run: () => void): void
}

export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  },
  turn: run => void setImmediate(run),
}
