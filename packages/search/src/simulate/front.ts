// What a simulated search of several objectives found: who is dominated by nobody, and how much of the space that covers,
// beside the same trials without a scheduler. A trial counts with its last report, as it does for the search.

import { frontsOf, hypervolume, referenceOf } from '../algorithms/pareto.ts'
import { scoresOf } from '../algorithms/trials.ts'
import type { Measure, Mode } from '../history.ts'
import type { DrivenTrial } from './drive.ts'

export interface SimulatedFront {
  /** By trial number; trials that miss an objective are on no front. */
  readonly points: readonly FrontPoint[]
  readonly points_without: readonly FrontPoint[]
  /**
   * The volume that the front covers over the volume that it covers without a scheduler, both from one reference, a tenth of
   * the range beyond the worst value of each objective. Null where the latter has none.
   */
  readonly covered: number | null
}

export interface FrontPoint {
  readonly trial: number
  readonly step: number
  /** Of each objective, in its own units. */
  readonly values: readonly Measure[]
}

export function simulatedFront(
  trials: readonly DrivenTrial[],
  without: readonly DrivenTrial[],
  modes: readonly Mode[],
): SimulatedFront {
  const own = placed(trials, modes)
  const whole = placed(without, modes)
  const reference = referenceOf([...own, ...whole].map(({ scores }) => scores))
  const volume = (all: readonly Placed[]) =>
    hypervolume(
      frontOf(all).map(({ scores }) => scores),
      reference,
    )
  const full = volume(whole)
  const shown = (all: readonly Placed[]) => frontOf(all).map(({ scores: _scores, ...point }) => point)
  return { points: shown(own), points_without: shown(whole), covered: full > 0 ? volume(own) / full : null }
}

type Placed = FrontPoint & { readonly scores: readonly number[] }

function placed(trials: readonly DrivenTrial[], modes: readonly Mode[]): Placed[] {
  return trials.flatMap(({ number, reports }) => {
    const last = reports.at(-1)
    const scores = scoresOf(last, modes)
    if (last === undefined || !scores.every(Number.isFinite)) return []
    return [{ trial: number, step: last.step, values: last.values ?? [last.value], scores }]
  })
}

function frontOf(all: readonly Placed[]): Placed[] {
  const ranks = frontsOf(all.map(({ scores }) => scores))
  return all.filter((_, at) => ranks[at] === 0)
}
