// NSGA-II (Deb et al., 2002) with constrained domination, uniform crossover and mutation by redrawing (Optuna's defaults,
// design page 2.7). A generation is the next `population` finished trials, whoever they are; the parents of the next one
// are the best of the old parents and of these. The state names the parents.

import type { SearchAlgorithm } from '../contract.ts'
import type { Json } from '../json.ts'
import type { Random } from '../random.ts'
import { dominates, frontsOf } from './pareto.ts'
import { type ModelOptions, type ModelState, modelSearch } from './proposer.ts'
import { isFinished, type Trial } from './trials.ts'
import { activeIn, grown } from './variation.ts'

export interface Nsga2Options extends ModelOptions {
  /** Default 50. */
  readonly population?: number
  /** Probability that a child has two parents; default 0.9. */
  readonly crossover?: number
  /** Probability that an option comes from the second parent; default 0.5. */
  readonly swap?: number
  /** Probability that an option is drawn anew; default 1 / options. */
  readonly mutation?: number
}

/** After `generation` whole generations. */
type Parents = { readonly generation: number; readonly parents: readonly number[] }

export function nsga2(options: Nsga2Options): SearchAlgorithm<ModelState> {
  const { population = 50, crossover = 0.9, swap = 0.5, mutation } = options
  return modelSearch(options, (coding, blind) => ({
    learn(trials, memory) {
      const finished = trials.filter(isFinished)
      let { generation, parents } = parentsIn(memory)
      for (; finished.length >= (generation + 1) * population; generation++) {
        const old = finished.filter(trial => parents.includes(trial.number))
        const young = finished.slice(generation * population, (generation + 1) * population)
        const pool = [...old, ...young.filter(trial => !parents.includes(trial.number))]
        parents = survivors(pool, population).map(trial => trial.number)
      }
      return generation === 0 ? memory : { generation, parents }
    },
    suggest(trials, random, _number, memory) {
      const { parents } = parentsIn(memory)
      const pool = trials.filter(trial => parents.includes(trial.number))
      if (pool.length === 0) return blind(random)
      const first = tournament(pool, random)
      const second = random() < crossover ? tournament(pool, random) : first
      const share = mutation ?? 1 / Math.max(activeIn(coding.roots, first.code).length, 1)
      return grown(coding, random, d => {
        if (random() < share) return Number.NaN
        const [one, other] = random() < swap ? [second, first] : [first, second]
        const value = one.code[d.at] ?? Number.NaN
        return Number.isNaN(value) ? (other.code[d.at] ?? Number.NaN) : value
      })
    },
  }))
}

/** The better of two; the first when neither is. */
function tournament(pool: readonly Trial[], random: Random): Trial {
  const draw = () => pool[Math.floor(random() * pool.length)]
  const [a, b] = [draw(), draw()]
  if (a === undefined || b === undefined) throw new Error('a tournament needs members')
  if (a.violation !== b.violation) return a.violation < b.violation ? a : b
  return dominates(b.scores, a.scores) ? b : a
}

/** By violation, then front, then crowding distance: the less crowded first. */
function survivors(pool: readonly Trial[], count: number): Trial[] {
  const ranks = frontsOf(pool.map(trial => trial.scores))
  const crowding = new Map<Trial, number>()
  for (const rank of new Set(ranks)) {
    const front = pool.filter((_, at) => ranks[at] === rank)
    for (const [trial, distance] of crowdingOf(front)) crowding.set(trial, distance)
  }
  const order = pool.map((trial, at) => ({ trial, rank: ranks[at] ?? 0, free: crowding.get(trial) ?? 0 }))
  order.sort(
    (a, b) =>
      a.trial.violation - b.trial.violation ||
      a.rank - b.rank ||
      (a.free === b.free ? a.trial.number - b.trial.number : b.free - a.free),
  )
  return order.slice(0, count).map(({ trial }) => trial)
}

function crowdingOf(front: readonly Trial[]): Map<Trial, number> {
  const distance = new Map(front.map(trial => [trial, 0]))
  const axes = front[0]?.scores.length ?? 0
  for (let axis = 0; axis < axes; axis++) {
    const value = (trial: Trial | undefined) => trial?.scores[axis] ?? Number.NEGATIVE_INFINITY
    const sorted = [...front].sort((a, b) => (value(a) === value(b) ? a.number - b.number : value(a) - value(b)))
    const range = value(sorted.at(-1)) - value(sorted[0])
    sorted.forEach((trial, at) => {
      const inner = at > 0 && at < sorted.length - 1
      const gap = range > 0 && Number.isFinite(range) ? (value(sorted[at + 1]) - value(sorted[at - 1])) / range : 0
      distance.set(trial, (distance.get(trial) ?? 0) + (inner ? gap : Number.POSITIVE_INFINITY))
    })
  }
  return distance
}

function parentsIn(memory: Json): Parents {
  return memory !== null && typeof memory === 'object' && 'parents' in memory
    ? (memory as Parents)
    : { generation: 0, parents: [] }
}
