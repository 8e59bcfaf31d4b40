// BOHB (Falkner, Klein and Hutter, 2018): the model half of it, beside whatever scheduler stops trials early. A density
// model of good and bad points, as in TPE but of the largest budget (step) at which enough trials have reported, so that
// few long trials and many short ones are never mixed. A third of the proposals is random.
// Kernel widths follow the neighbour rule of our TPE, times 3 for draws.

import type { SearchAlgorithm } from '../contract.ts'
import type { Mode } from '../history.ts'
import { childrenOf, type Dimension, together } from './coding.ts'
import { optunaRule } from './kernels.ts'
import { type ModelOptions, type ModelState, modelSearch } from './proposer.ts'
import { ratioDraw } from './tpe.ts'
import { scoresOf, type Trial } from './trials.ts'

export interface BohbOptions extends ModelOptions {
  /** Steps that count as budgets, those of the scheduler's rungs; default: every reported step. */
  readonly budgets?: readonly number[]
  /** Share of good points; default 0.15. */
  readonly top?: number
  /** Share of random proposals; default 1/3. */
  readonly random_fraction?: number
  /** Draws per proposal; default 64. */
  readonly candidates?: number
}

export function bohb(options: BohbOptions): SearchAlgorithm<ModelState> {
  const { budgets, top = 0.15, random_fraction: blindly = 1 / 3, candidates = 64 } = options
  return modelSearch(options, (coding, blind) => (trials, random) => {
    const least = together(coding.roots).length + 1
    const seen = atBudget(trials, least + 2, options.mode, budgets)
    if (seen.length === 0 || random() < blindly) return blind(random)
    const good = seen.slice(0, Math.max(least, Math.floor(top * seen.length)))
    const fresh = trials.filter(trial => trial.standing === 'pending' && trial.reports.length === 0)
    const bad = [...seen.slice(good.length), ...fresh]
    const code = new Float64Array(coding.all.length).fill(Number.NaN)
    const fill = (level: readonly Dimension[]) => {
      const block = together(level)
      ratioDraw(block, code, good.sort(byNumber), bad.sort(byNumber), candidates, random, optunaRule, 3)
      for (const d of block) if (d.kind === 'choice' && d.children.length > 1) fill(childrenOf(d, code))
    }
    fill(coding.roots)
    return code
  })
}

/** The trials that reported at the largest step with at least `count` of them, best first; none when there is no such step. */
export function atBudget(trials: readonly Trial[], count: number, mode: Mode, budgets?: readonly number[]): Trial[] {
  const living = trials.filter(trial => trial.standing !== 'dead' && trial.reports.length > 0)
  const lasts = living.map(trial => trial.step).sort((a, b) => b - a)
  let limit = lasts[count - 1] ?? 0
  while (limit > 0) {
    const step = largestStep(living, limit, budgets)
    const scored = living.flatMap(trial => {
      const report = trial.reports.findLast(({ step: reported }) => reported === step)
      return report === undefined ? [] : [{ trial, score: scoresOf(report, [mode])[0] ?? Number.NEGATIVE_INFINITY }]
    })
    if (scored.length >= count)
      return scored
        .sort((a, b) => (b.score === a.score ? a.trial.number - b.trial.number : b.score > a.score ? 1 : -1))
        .map(({ trial }) => trial)
    limit = step - 1e-9
  }
  return []
}

/** Of the steps that count, the largest that was reported and is not beyond `limit`; 0 for none. */
function largestStep(trials: readonly Trial[], limit: number, budgets?: readonly number[]): number {
  let most = 0
  for (const { reports } of trials) {
    const report = reports.findLast(({ step }) => step <= limit && (budgets === undefined || budgets.includes(step)))
    if (report !== undefined && report.step > most) most = report.step
  }
  return most
}

function byNumber(a: Trial, b: Trial): number {
  return a.number - b.number
}
