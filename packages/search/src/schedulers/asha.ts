// Asynchronous successive halving, stopping form (Li et al., 2020), with the decisions of Optuna and Determined:
// the own score counts, and a trial stays iff fewer than max(floor(n / factor), 1) at its rung are strictly better.
// One report may climb several rungs. Steps at or beyond max_t are not judged: the trial ends there by itself.
// A null score is worst: it stops at any rung, even when nobody else is there.

import type { Scheduler } from '../contract.ts'
import { type Mode, score } from '../history.ts'
import { unmoved } from './unmoved.ts'

/** Per rung: each trial's score there. `reached` counts the rungs that each trial has been judged at. */
export type AshaState = {
  readonly rungs: readonly (readonly number[])[]
  readonly reached: { readonly [trial: string]: number }
}

export interface AshaOptions {
  readonly mode: Mode
  readonly max_t: number
  /** Default max_t / 13, at least 1. */
  readonly grace?: number
  /** Default 3. */
  readonly factor?: number
  /** Steps of the rungs, in place of grace * factor^k. */
  readonly rungs?: readonly number[]
}

export function asha(options: AshaOptions): Scheduler<AshaState> {
  const factor = options.factor ?? 3
  const rungs = options.rungs ?? ashaRungs(options)
  return {
    ...unmoved,
    initial: { rungs: rungs.map(() => []), reached: {} },
    judge(state, result) {
      const tables = [...state.rungs]
      const own = score(result.value, options.mode)
      let at = state.reached[result.trial] ?? 0
      let reason: string | undefined
      for (; reason === undefined && result.step < options.max_t; at++) {
        const rung = rungs[at]
        const table = tables[at]
        if (rung === undefined || table === undefined || result.step < rung) break
        if (own === Number.NEGATIVE_INFINITY) {
          reason = `stopped at ${rung}: no finite metric`
          continue
        }
        const count = table.length + 1
        const rank = table.filter(other => other > own).length + 1
        const needed = Math.max(Math.floor(count / factor), 1)
        tables[at] = [...table, own]
        if (rank > needed) reason = `stopped at ${rung}: rank ${rank} of ${count}, needs ${needed}`
      }
      const next = { rungs: tables, reached: { ...state.reached, [result.trial]: at } }
      return { state: next, verdict: reason === undefined ? { kind: 'continue' } : { kind: 'stop', reason } }
    },
  }
}

/** grace, grace * factor, ... below max_t; by multiplication, since logarithms round. Throws on a factor below 2. */
export function ashaRungs(options: Omit<AshaOptions, 'mode' | 'rungs'>): number[] {
  const factor = options.factor ?? 3
  if (!(factor >= 2)) throw new Error('factor must be at least 2')
  const rungs: number[] = []
  const first = options.grace ?? Math.max(Math.floor(options.max_t / 13), 1)
  if (!(first > 0)) throw new Error('grace must be positive')
  for (let rung = first; rung < options.max_t; rung *= factor) rungs.push(rung)
  return rungs
}
