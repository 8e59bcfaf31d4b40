// CMA-ES over the numbers that are always active (Hansen, 2016), generation after generation: a generation is over when
// enough of its trials have finished, whichever they are, so slow trials hold nobody up. Everything else (choices, and
// what they bring) is drawn by independent TPE. Steps keep a least deviation, so that integers do not freeze
// (the idea of CMA-ES with margin, Hamano et al., 2022). The normals of a generation are those of a scrambled Sobol sequence,
// so that few points say more (Teytaud and Gelly, "DCMA: yet another derandomization", 2007): a draw follows from the seed,
// the block, the generation and its place in it; draws outside of the box are repeated from the trial's own stream.
// When it has converged, it starts anew with twice the population.

import type { SearchAlgorithm } from '../contract.ts'
import type { Mode } from '../history.ts'
import { normal, type Random, randomStream } from '../random.ts'
import type { Assignment, Space } from '../space.ts'
import { type Cma, cmaDraw, cmaStart, cmaUpdate, populationOf, reach } from './cma-core.ts'
import { codingOf, type NumericDimension, together } from './coding.ts'
import { quantile } from './gauss.ts'
import { SOBOL_DIMENSIONS, scrambleOf, sobol } from './sobol-points.ts'
import { fillAlone } from './tpe.ts'
import { isFinished, pendingTrial, type Trial, trialsOf } from './trials.ts'

export interface CmaesOptions {
  readonly space: Space
  readonly seed: number
  readonly block: string
  readonly mode: Mode
  /** Points a generation; default 4 + floor(3 ln d). */
  readonly population?: number
  /** First standard deviation, as a share of each range; default 1/6. */
  readonly sigma?: number
}

/** `members`: the trials that were drawn from this generation. */
export type CmaesState = { readonly cma: Cma; readonly members: readonly number[]; readonly population: number }

/** Without any number that is always active, all is drawn independently: ask `cmaesProblems` first. */
export function cmaes(options: CmaesOptions): SearchAlgorithm<CmaesState> {
  const coding = codingOf(options.space)
  const axes = together(coding.roots).filter(d => d.kind === 'number')
  const sigma = options.sigma ?? 1 / 6
  const first = options.population ?? populationOf(Math.max(axes.length, 1))
  // An axis with steps leaves its cell with at least this probability a generation: 1 / (2 d population) each side.
  const least = (population: number) =>
    axes.map(d => (d.step > 0 ? cellShare(d) / 2 / -quantile(1 / (2 * axes.length * population)) : 0))

  const spreadNormals = ({ cma, members, population }: CmaesState): number[] => {
    const name = `${options.block} generation ${population} ${cma.generation}`
    const scramble = scrambleOf(randomStream(options.seed, name, 0), axes.length)
    const random = randomStream(options.seed, name, members.length + 1)
    return axes.map((_, axis) =>
      axis < SOBOL_DIMENSIONS ? quantile(sobol(members.length, axis, scramble) + 2 ** -33) : normal(random),
    )
  }

  const advance = (state: CmaesState, trials: readonly Trial[], random: Random): CmaesState => {
    const done = state.members
      .flatMap(number => trials.find(trial => trial.number === number && isFinished(trial)) ?? [])
      .filter(trial => axes.every(d => !Number.isNaN(trial.code[d.at])))
      .slice(0, state.population)
    if (axes.length === 0 || done.length < state.population) return state
    const ranked = [...done].sort((a, b) => a.violation - b.violation || scoreOf(b) - scoreOf(a) || a.number - b.number)
    const cma = cmaUpdate(
      state.cma,
      ranked.map(trial => axes.map(d => (d.inward(trial.code[d.at] ?? 0) - d.low) / (d.high - d.low))),
    )
    if (reach(cma) > 1e-8 && Number.isFinite(cma.sigma)) return { ...state, cma, members: [] }
    return {
      cma: cmaStart(
        axes.map(() => random()),
        sigma,
      ),
      members: [],
      population: state.population * 2,
    }
  }

  return {
    initial: {
      cma: cmaStart(
        axes.map(() => 0.5),
        sigma,
      ),
      members: [],
      population: first,
    },
    propose(state, history, n) {
      const trials = trialsOf(history, coding, [options.mode])
      let now = state
      const variants: Assignment[] = []
      for (let at = 0; at < n; at++) {
        const number = history.length + 1 + at
        const random = randomStream(options.seed, options.block, number)
        if (at === 0) now = advance(now, trials, random)
        const first = spreadNormals(now)
        const point = cmaDraw(now.cma, random, least(now.population), first)
        const code = new Float64Array(coding.all.length).fill(Number.NaN)
        axes.forEach((d, axis) => {
          code[d.at] = d.outward(d.low + (point[axis] ?? 0) * (d.high - d.low))
        })
        fillAlone(coding.roots, code, trials, random)
        trials.push(pendingTrial(number, code))
        variants.push(coding.decode(code))
        if (axes.length > 0) now = { ...now, members: [...now.members, number] }
      }
      return { state: now, variants, done: false }
    },
  }
}

/** A space that it cannot search, in words. */
export function cmaesProblems(space: Space): string[] {
  const numbers = together(codingOf(space).roots).filter(d => d.kind === 'number')
  return numbers.length > 0 || Object.keys(space).length === 0
    ? []
    : ['CMAES needs a number that is always active; use TPE instead']
}

/** Ends of ranges are half cells wide at most; a cell in the middle stands for all. */
function cellShare(d: NumericDimension): number {
  const [from, to] = d.cell(d.outward((d.low + d.high) / 2))
  return (to - from) / (d.high - d.low)
}

function scoreOf(trial: Trial): number {
  return trial.scores[0] ?? Number.NEGATIVE_INFINITY
}
