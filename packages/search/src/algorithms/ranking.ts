// Which trials are good: the order in which a density model fills its good set (design page, TPE, rule 3).
// Complete ones by value (several objectives: by front, the last front by the volume that it covers); then stopped ones,
// later last step first, then by value; then those without a finite value; then infeasible ones by total violation.

import { frontsOf, referenceOf, spread } from './pareto.ts'
import type { Trial } from './trials.ts'

/** Indexes into `trials` (all finished) of the `count` best, ascending. */
export function bestOf(trials: readonly Trial[], count: number): number[] {
  const several = (trials[0]?.scores.length ?? 1) > 1
  const keys = several ? severalKeys(trials, count) : trials.map(keyOf)
  const better = (a: number, b: number) => {
    const x = keys[a]
    const y = keys[b]
    if (x === undefined || y === undefined) return a - b
    return x.kind - y.kind || y.first - x.first || y.second - x.second || a - b
  }
  // The few best of many without sorting all: insertion into a short list.
  const best: number[] = []
  for (let at = 0; at < trials.length; at++) {
    const last = best[best.length - 1]
    if (best.length >= count && (last === undefined || better(last, at) < 0)) continue
    let place = best.length
    while (place > 0 && better(at, best[place - 1] ?? -1) < 0) place--
    best.splice(place, 0, at)
    if (best.length > count) best.pop()
  }
  return best.sort((a, b) => a - b)
}

interface Key {
  /** 0 complete, 1 stopped with a value, 2 without one, 3 infeasible. */
  readonly kind: number
  readonly first: number
  readonly second: number
}

function keyOf(trial: Trial): Key {
  const score = trial.scores[0] ?? Number.NEGATIVE_INFINITY
  if (trial.violation > 0) return { kind: 3, first: -trial.violation, second: 0 }
  const finite = trial.scores.every(Number.isFinite)
  if (trial.standing === 'complete' && finite) return { kind: 0, first: score, second: 0 }
  if (finite) return { kind: 1, first: trial.step, second: score }
  return { kind: 2, first: trial.step, second: 0 }
}

function severalKeys(trials: readonly Trial[], count: number): Key[] {
  const keys = trials.map(keyOf)
  const complete = trials.flatMap((_, at) => (keys[at]?.kind === 0 ? [at] : []))
  const points = complete.map(at => trials[at]?.scores ?? [])
  const ranks = frontsOf(points)
  let room = count
  for (let rank = 0; rank <= Math.max(0, ...ranks); rank++) {
    const members = complete.flatMap((at, place) => (ranks[place] === rank ? [{ at, point: points[place] ?? [] }] : []))
    const among = members.map(member => member.point)
    const order = members.length > room && room > 0 ? spread(among, room, referenceOf(points)) : []
    members.forEach(({ at }, place) => {
      const chosen = order.indexOf(place)
      keys[at] = { kind: 0, first: -rank, second: chosen < 0 ? Number.NEGATIVE_INFINITY : -chosen }
    })
    room -= members.length
  }
  return keys
}
