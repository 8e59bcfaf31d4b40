/**
 * What a component whose work happens outside of this process (Script) tells the step loop, beyond `run` and `metric`. Not
 * for users: the loop finds it under a symbol.
 */
import type { Component } from './component.ts'

export interface External {
  /** At once when somebody wishes so, also in the middle of a step. From then on `run` ends with false soon. */
  interrupt(wish: 'pause' | 'stop'): void
  /** Did the last `run` make a step? False when it only found that the work is over. */
  stepped(): boolean
  /** Steps after which the state that `save` writes was taken; the trial goes on from there. */
  savedSteps(): number
  /** Told after restoring: the number of steps that are done. */
  resumed(steps: number): void
}

export const EXTERNAL = Symbol('flambe.external')

export const externalOf = (component: Component): External | undefined =>
  (component as { readonly [EXTERNAL]?: External })[EXTERNAL]
