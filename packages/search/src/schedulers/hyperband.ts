// Hyperband (Li et al., 2018), asynchronous: every trial belongs to one bracket, and each bracket is ASHA in its stopping form
// with a later first rung; the last bracket stops nobody. A trial's bracket follows from its number alone, in the proportions
// of the paper (81, 34, 15, 8, 5 for max_t 81 and factor 3), evenly mixed, so that every prefix of the trials has them.
// Rungs are counted downwards from max_t, so that every bracket reaches it.

import type { Scheduler } from '../contract.ts'
import type { Mode } from '../history.ts'
import { type AshaState, asha } from './asha.ts'
import { unmoved } from './unmoved.ts'

export type HyperbandState = { readonly brackets: readonly AshaState[] }

export interface HyperbandOptions {
  readonly mode: Mode
  readonly max_t: number
  /** Steps of the very first rung, at least; default max_t / 81, at least 1. */
  readonly grace?: number
  /** Default 3. */
  readonly factor?: number
  /** The bracket of a trial, 0 = the earliest rungs, in place of the even mix. */
  readonly bracketOf?: (trial: number) => number
}

export interface Bracket {
  /** Trials of one whole Hyperband. */
  readonly size: number
  readonly rungs: readonly number[]
}

export function hyperband(options: HyperbandOptions): Scheduler<HyperbandState> {
  const { mode, max_t } = options
  const plan = brackets(options)
  const rules = plan.map(({ rungs }) => asha({ mode, max_t, rungs, factor: options.factor ?? 3 }))
  const bracketOf = options.bracketOf ?? evenly(plan.map(({ size }) => size))
  return {
    ...unmoved,
    initial: { brackets: rules.map(rule => rule.initial) },
    judge(state, result, history) {
      const at = bracketOf(result.trial)
      const rule = rules[at]
      const own = state.brackets[at]
      if (rule === undefined || own === undefined) throw new Error(`there is no bracket ${at}`)
      const judged = rule.judge(own, result, history)
      const stopped = judged.verdict.kind === 'stop'
      const verdict = stopped
        ? { ...judged.verdict, reason: `${judged.verdict.reason} (bracket ${at + 1} of ${plan.length})` }
        : judged.verdict
      if (judged.state === own) return { state, verdict }
      return { state: { brackets: state.brackets.map((old, i) => (i === at ? judged.state : old)) }, verdict }
    },
  }
}

/** From the most rungs to none: bracket with s rungs has ceil(n * factor^s / (s + 1)) trials for n brackets. */
export function brackets(options: Pick<HyperbandOptions, 'max_t' | 'grace' | 'factor'>): Bracket[] {
  const factor = options.factor ?? 3
  if (!(factor >= 2)) throw new Error('factor must be at least 2')
  const grace = options.grace ?? Math.max(Math.floor(options.max_t / 81), 1)
  if (!(grace > 0)) throw new Error('grace must be positive')
  const rungs: number[] = []
  for (let steps = options.max_t / factor; Math.floor(steps + 1e-9) >= grace; steps /= factor)
    rungs.unshift(Math.floor(steps + 1e-9))
  const count = rungs.length + 1
  return Array.from({ length: count }, (_, at) => {
    const own = rungs.slice(at)
    return { rungs: own, size: Math.ceil((count * factor ** own.length) / (own.length + 1) - 1e-9) }
  })
}

/** Smooth weighted round robin: of every prefix, each part has its share to within one. Ties go to the first. */
export function evenly(sizes: readonly number[]): (trial: number) => number {
  const sum = sizes.reduce((all, size) => all + size, 0)
  const credit = sizes.map(() => 0)
  const order = Array.from({ length: sum }, () => {
    for (const [at, size] of sizes.entries()) credit[at] = (credit[at] ?? 0) + size
    const most = credit.indexOf(Math.max(...credit))
    credit[most] = (credit[most] ?? 0) - sum
    return most
  })
  return trial => order[(trial - 1) % sum] ?? 0
}
