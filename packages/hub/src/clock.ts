/**
 * The hub's two clocks: `wall` for what is shown and recorded, `steady` for every rule that measures time (G18).
 * A test hands in its own and moves it; timers stay real.
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
