// Tree-structured Parzen estimators (Bergstra et al., 2011; joint rule of Optuna 5.0, Watanabe 2023): the good tenth of
// the trials and the rest each become a density, and of 24 draws from the good one the best ratio is proposed.
// Running trials count as bad (constant liar), which keeps a batch apart.

import type { SearchAlgorithm } from '../contract.ts'
import type { Random } from '../random.ts'
import { childrenOf, type Dimension, together } from './coding.ts'
import { type KernelRule, optunaRule } from './kernels.ts'
import { parzen } from './parzen.ts'
import { type ModelOptions, type ModelState, modelSearch } from './proposer.ts'
import { bestOf } from './ranking.ts'
import { isFinished, type Trial } from './trials.ts'
import { valueAt } from './unit.ts'

export interface TpeOptions extends ModelOptions {
  /** Finished trials before the model takes over; default 10. */
  readonly startup?: number
  /** Draws per proposal; default 24. */
  readonly candidates?: number
  /** Kernels span all dimensions that are always active; default true. `false`: one dimension at a time. */
  readonly multivariate?: boolean
  /** With `multivariate`: the names that one alternative brings are drawn jointly too; default false. */
  readonly group?: boolean
  /** Running trials count as bad; default true. */
  readonly constant_liar?: boolean
}

export function tpe(options: TpeOptions): SearchAlgorithm<ModelState> {
  const { startup = 10, candidates = 24, multivariate = true, group = false, constant_liar: liar = true } = options
  return modelSearch(options, (coding, blind) => (trials, random) => {
    if (trials.filter(isFinished).length < startup) return blind(random)
    const { good, bad } = splitOf(trials, liar)
    const code = new Float64Array(coding.all.length).fill(Number.NaN)
    const fill = (level: readonly Dimension[], jointly: boolean) => {
      const block = together(level)
      if (jointly) ratioDraw(block, code, good, bad, candidates, random)
      else for (const d of block) ratioDraw([d], code, good, bad, candidates, random)
      for (const d of block)
        if (d.kind === 'choice' && d.children.length > 1) fill(childrenOf(d, code), multivariate && group)
    }
    fill(coding.roots, multivariate)
    return code
  })
}

/** What `code` does not say yet, one dimension at a time: for algorithms that search only some of the dimensions. */
export function fillAlone(
  level: readonly Dimension[],
  code: Float64Array,
  trials: readonly Trial[],
  random: Random,
): void {
  if (trials.filter(isFinished).length < 10) {
    for (const d of level) {
      if (Number.isNaN(code[d.at])) code[d.at] = valueAt(d, random())
      fillAlone(childrenOf(d, code), code, trials, random)
    }
    return
  }
  const { good, bad } = splitOf(trials, true)
  const fill = (dimensions: readonly Dimension[]) => {
    for (const d of dimensions) {
      if (Number.isNaN(code[d.at])) ratioDraw([d], code, good, bad, 24, random)
      fill(childrenOf(d, code))
    }
  }
  fill(level)
}

/** The best tenth, at most 25 for one objective, and the rest: finished ones, and with `liar` running ones. */
function splitOf(trials: readonly Trial[], liar: boolean): { readonly good: Trial[]; readonly bad: Trial[] } {
  const finished = trials.filter(isFinished)
  const several = (finished[0]?.scores.length ?? 1) > 1
  const tenth = Math.ceil(0.1 * finished.length)
  const good = bestOf(finished, several ? tenth : Math.min(tenth, 25)).flatMap(at => finished[at] ?? [])
  const chosen = new Set(good)
  const bad = trials.filter(trial =>
    trial.standing === 'pending' ? liar : trial.standing !== 'dead' && !chosen.has(trial),
  )
  return { good, bad: bad.length > MOST ? bad.slice(-MOST) : bad }
}

/** Writes into `code` the draw of the good density with the best ratio to the bad one; the first of equals. */
export function ratioDraw(
  dimensions: readonly Dimension[],
  code: Float64Array,
  good: readonly Trial[],
  bad: readonly Trial[],
  candidates: number,
  random: Random,
  rule: KernelRule = optunaRule,
  /** Draws come from kernels this much wider than those that score them. */
  widen = 1,
): void {
  if (dimensions.length === 0) return
  const points = having(dimensions, good)
  const better = parzen(dimensions, points, rule)
  const source = widen === 1 ? better : parzen(dimensions, points, { ...rule, spread: widen })
  const worse = parzen(dimensions, having(dimensions, bad), rule)
  const drawn = Array.from({ length: candidates }, () => {
    const candidate = code.slice()
    source.sample(random, candidate)
    return candidate
  })
  const over = better.logDensity(drawn)
  const under = worse.logDensity(drawn)
  let first = 0
  for (let at = 1; at < candidates; at++)
    if ((over[at] ?? 0) - (under[at] ?? 0) > (over[first] ?? 0) - (under[first] ?? 0)) first = at
  for (const d of dimensions) code[d.at] = drawn[first]?.[d.at] ?? Number.NaN
}

/** The oldest bad trials of a long search weigh little; leaving them out bounds the cost of a proposal. */
const MOST = 4_000

function having(dimensions: readonly Dimension[], trials: readonly Trial[]): Float64Array[] {
  return trials.flatMap(({ code }) => (dimensions.every(d => !Number.isNaN(code[d.at] ?? Number.NaN)) ? [code] : []))
}
