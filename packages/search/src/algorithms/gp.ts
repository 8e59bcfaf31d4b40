// Bayesian optimisation with a Gaussian process (the rules of Optuna's GP sampler, design page 2.7): quasi-random start,
// Matern 5/2 with ARD, most probable hyperparameters, log EI. Running trials enter with the mean that the process expects
// of them, so a batch keeps apart. The state carries the last hyperparameters, from which the next fit starts.

import type { SearchAlgorithm } from '../contract.ts'
import type { Json } from '../json.ts'
import { randomStream } from '../random.ts'
import { type Acquisition, bestPoint } from './acquisition.ts'
import { embeddingOf } from './embedding.ts'
import { logEi, logEiSlopes } from './expected-improvement.ts'
import { fitGp, type GpParams, gpModel, gpStart } from './gaussian-process.ts'
import { type ModelOptions, type ModelState, modelSearch } from './proposer.ts'
import { SOBOL_DIMENSIONS, scrambleOf, sobol } from './sobol-points.ts'
import { isFinished, type Trial } from './trials.ts'
import { codeFrom } from './unit.ts'

export interface GpOptions extends ModelOptions {
  /** Finished trials before the process takes over; default 10. */
  readonly startup?: number
}

/** The hyperparameters, and with how many trials they were fitted. */
type Fit = { readonly params: GpParams; readonly trials: number }

export function gp(options: GpOptions): SearchAlgorithm<ModelState> {
  const startup = options.startup ?? 10
  const scramble = scrambleOf(randomStream(options.seed, options.block, 0))
  return modelSearch(options, coding => {
    const { groups, first, embed } = embeddingOf(coding)
    const fresh = gpStart(coding.all.length)
    const embedded = (trials: readonly Trial[]) => trials.map(trial => embed(trial.code))
    return {
      learn(trials, memory) {
        const seen = sample(trials)
        const last = fitIn(memory, fresh.length)
        // Hyperparameters of many trials move slowly: with more than 100, every twentieth part more is a new fit.
        if (seen.length < startup || (last !== null && last.trials > 100 && trials.length < last.trials * 1.05))
          return memory
        const evaluations = seen.length <= 60 ? 40 : seen.length <= 120 ? 20 : 5
        const params = fitGp(embedded(seen), standardised(seen), groups, last?.params ?? fresh, evaluations)
        return { params: params.map(value => Math.round(value * 1e6) / 1e6), trials: trials.length }
      },
      suggest(trials, random, number, memory) {
        const fit = fitIn(memory, fresh.length)
        const seen = sample(trials)
        if (fit === null || seen.length < startup)
          return codeFrom(coding, d => (d.at < SOBOL_DIMENSIONS ? sobol(number - 1, d.at, scramble) : random()))
        const points = embedded(seen)
        const targets = standardised(seen)
        let best = Math.max(...targets)
        let model = gpModel(points, targets, groups, fit.params)
        const pending = embedded(trials.filter(trial => trial.standing === 'pending').slice(-MOST))
        if (pending.length > 0) {
          const expected = pending.map(point => model.at(point).mean)
          best = Math.max(best, ...expected)
          model = gpModel([...points, ...pending], Float64Array.from([...targets, ...expected]), groups, fit.params)
        }
        const acquisition: Acquisition = {
          value(code) {
            const { mean, variance } = model.at(embed(code))
            return logEi(mean, variance, best)
          },
          slope(code) {
            const { mean, variance, byMean, byVariance } = model.slopes(embed(code))
            const [dMean, dVariance] = logEiSlopes(mean, variance, best)
            const gradient = byMean.map((slope, at) => dMean * slope + dVariance * (byVariance[at] ?? 0))
            return { value: logEi(mean, variance, best), gradient }
          },
          first,
        }
        const order = seen.map((_, at) => at).sort((a, b) => (targets[b] ?? 0) - (targets[a] ?? 0))
        const incumbents = order.slice(0, 5).flatMap(at => seen[at]?.code ?? [])
        return bestPoint(coding, acquisition, incumbents, random)
      },
    }
  })
}

/** The cost of a fit grows with the cube of the trials: beyond this many, the best and the newest stand for all. */
const MOST = 240

function sample(trials: readonly Trial[]): Trial[] {
  const finished = trials.filter(isFinished)
  if (finished.length <= MOST) return finished
  const best = new Set([...finished].sort((a, b) => goodness(b) - goodness(a)).slice(0, MOST / 2))
  const newest = finished.filter(trial => !best.has(trial)).slice(-MOST / 2)
  return finished.filter(trial => best.has(trial) || newest.includes(trial))
}

/** The worst for a trial that misses a constraint or has no finite metric. */
function goodness(trial: Trial): number {
  return trial.violation > 0 ? Number.NEGATIVE_INFINITY : (trial.scores[0] ?? Number.NEGATIVE_INFINITY)
}

/**
 * Mean 0 and variance 1, larger is better; what has no value takes the worst one. Gaps to the best beyond the median gap
 * grow by their logarithm only, so that a few huge losses do not flatten everything near the optimum.
 */
function standardised(trials: readonly Trial[]): Float64Array {
  const raw = trials.map(goodness)
  const finite = raw.filter(Number.isFinite).sort((a, b) => b - a)
  const best = finite[0]
  const worst = finite[finite.length - 1]
  if (best === undefined || worst === undefined) return new Float64Array(raw.length)
  const gaps = raw.map(value => best - (Number.isFinite(value) ? value : worst))
  const middle = best - (finite[finite.length >> 1] ?? worst)
  const values = gaps.map(gap => (middle > 0 ? -Math.log1p(gap / middle) : -gap))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return Float64Array.from(values, value => (sd > 0 ? (value - mean) / sd : 0))
}

/** Null when there is none yet, or of another space. */
function fitIn(memory: Json, length: number): Fit | null {
  if (memory === null || typeof memory !== 'object' || !('params' in memory)) return null
  const { params, trials } = memory as Fit
  return params.length === length ? { params, trials } : null
}
