// Several objectives: which trials nobody dominates, and how the space that they cover grows.

import { frontsOf, hypervolume, referenceOf } from '../algorithms/pareto.ts'
import { type Mode, score } from '../history.ts'
import type { Row } from './rows.ts'

/** Numbers of the trials on the Pareto front, ascending. Trials that miss an objective are on none. */
export function paretoFront(rows: readonly Row[], modes: readonly Mode[]): number[] {
  const whole = pointsOf(rows, modes)
  const ranks = frontsOf(whole.map(({ point }) => point))
  return whole
    .filter((_, at) => ranks[at] === 0)
    .map(({ number }) => number)
    .sort((a, b) => a - b)
}

/**
 * The volume between the front and a reference after each trial. `reference` is in the metrics' own units; default: a tenth
 * of the range beyond the worst value of each objective.
 */
export function hypervolumeHistory(
  rows: readonly Row[],
  modes: readonly Mode[],
  reference?: readonly number[],
): { readonly number: number; readonly volume: number }[] {
  const whole = pointsOf(rows, modes)
  const corner =
    reference?.map((value, at) => score(value, modes[at] ?? 'min')) ?? referenceOf(whole.map(({ point }) => point))
  let front: (readonly number[])[] = []
  let volume = 0
  return whole.map(({ number, point }) => {
    const next = [...front, point]
    const ranks = frontsOf(next)
    // A dominated newcomer changes nothing, and most are.
    if (ranks[next.length - 1] === 0) {
      front = next.filter((_, at) => ranks[at] === 0)
      volume = hypervolume(front, corner)
    }
    return { number, volume }
  })
}

function pointsOf(rows: readonly Row[], modes: readonly Mode[]) {
  return [...rows]
    .sort((a, b) => a.number - b.number)
    .map(row => ({
      number: row.number,
      point: modes.map((mode, at) =>
        score((at === 0 ? (row.metrics?.[0] ?? row.metric) : row.metrics?.[at]) ?? null, mode),
      ),
    }))
    .filter(({ point }) => point.every(Number.isFinite))
}
