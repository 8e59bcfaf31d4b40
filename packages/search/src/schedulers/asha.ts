// Asynchronous successive halving (Li et al., 2020), stopping form, with the decisions of Optuna and Determined:
// the own score counts, and a trial stays iff fewer than max(floor(n / factor), 1) at its rung are strictly better.
// One report may climb several rungs. The form that pauses and promotes is `asha-promote.ts`; both share the rungs here.
// A null score is worst: it stops at any rung, even when nobody else is there.

import type { Scheduler } from '../contract.ts'
import { type Mode, score } from '../history.ts'
import { betterThan, emptyRanking, quantileOf, type Ranking, sizeOf, withEntry } from './ranking.ts'
import { emptyTrie, getAt, setAt, type Trie } from './trie.ts'
import { unmoved } from './unmoved.ts'

export type AshaState = {
  /** The scores seen at each rung. */
  readonly rungs: readonly Ranking[]
  /** By trial: how many rungs it has been judged at. */
  readonly reached: Trie<number>
}

export interface AshaOptions {
  readonly mode: Mode
  /** Steps at or beyond it are not judged: the trial ends there. */
  readonly max_t: number
  /** Steps of the first rung; default max_t / 13, at least 1. */
  readonly grace?: number
  /** Default 3. */
  readonly factor?: number
  /** Steps of the rungs, ascending, in place of grace * factor^k. */
  readonly rungs?: readonly number[]
  /** Who is worse at a rung; default `halving`, the rule above. `ray` and `syne` decide as those engines do. */
  readonly rule?: AshaRule
}

export type AshaRule = 'halving' | 'ray' | 'syne'

export function asha(options: AshaOptions): Scheduler<AshaState> {
  const factor = options.factor ?? 3
  const rungs = options.rungs ?? ashaRungs(options)
  const judged = RULES[options.rule ?? 'halving']
  return {
    ...unmoved,
    initial: { rungs: rungs.map(() => emptyRanking), reached: emptyTrie },
    judge(state, { trial, step, value }) {
      const reached = getAt(state.reached, trial) ?? 0
      const above = step < options.max_t ? rungsUpTo(rungs, step) : 0
      if (above <= reached) return { state, verdict: { kind: 'continue' } }
      const own = score(value, options.mode)
      const tables = [...state.rungs]
      let at = options.rule === 'ray' ? above - 1 : reached
      let reason: string | undefined
      for (; reason === undefined && at < above; at++) {
        const table = tables[at] ?? emptyRanking
        if (own === Number.NEGATIVE_INFINITY) reason = `stopped at ${rungs[at]}: no finite metric`
        else {
          const wrong = judged(table, own, factor)
          tables[at] = withEntry(table, own, trial)
          if (wrong !== null) reason = `stopped at ${rungs[at]}: ${wrong}`
        }
      }
      return {
        state: { rungs: tables, reached: setAt(state.reached, trial, at) },
        verdict: reason === undefined ? { kind: 'continue' } : { kind: 'stop', reason },
      }
    },
  }
}

/** grace, grace * factor, ... below max_t; by multiplication, since logarithms round. Throws on a factor below 2. */
export function ashaRungs(options: Pick<AshaOptions, 'max_t' | 'grace' | 'factor'>): number[] {
  const factor = options.factor ?? 3
  if (!(factor >= 2)) throw new Error('factor must be at least 2')
  const rungs: number[] = []
  const first = options.grace ?? Math.max(Math.floor(options.max_t / 13), 1)
  if (!(first > 0)) throw new Error('grace must be positive')
  for (let rung = first; rung < options.max_t; rung *= factor) rungs.push(rung)
  return rungs
}

/** How many rungs lie at this step or below. */
export function rungsUpTo(rungs: readonly number[], step: number): number {
  let count = 0
  while (count < rungs.length && (rungs[count] ?? 0) <= step) count++
  return count
}

/** Why a newcomer with this score stops, or null; `table` holds the others. */
type Judge = (table: Ranking, own: number, factor: number) => string | null

const RULES: { readonly [Rule in AshaRule]: Judge } = {
  halving(table, own, factor) {
    const count = sizeOf(table) + 1
    const rank = betterThan(table, own) + 1
    const needed = Math.max(Math.floor(count / factor), 1)
    return rank > needed ? `rank ${rank} of ${count}, needs ${needed}` : null
  },
  // python/ray/tune/schedulers/async_hyperband.py: the others' (1 - 1/factor) percentile, the first always goes on.
  ray(table, own, factor) {
    const cut = quantileOf(table, 1 / factor)
    return cut !== undefined && own < cut ? `worse than the best 1/${factor} of ${sizeOf(table)} others` : null
  },
  // syne_tune/optimizer/schedulers/asha.py: the share of strictly better ones, the own one counted.
  syne(table, own, factor) {
    const count = sizeOf(table) + 1
    const better = betterThan(table, own)
    return better / count > 1 / factor ? `${better} of ${count} are better` : null
  },
}
