/**
 * A population (PBT) over its steps: whose weights a trial ran on when, with which values; and the schedule that made the
 * best trial, from its first step on, over all copies. Pure; drawn by population-panel.tsx.
 */
import type { Json } from '@flambe/language'
import type { CourseView, TrialView } from '../api/views.ts'

export type Copy = CourseView['copies'][number]
type Params = { readonly [key: string]: Json }

/** So many steps of one trial with the same values and weights. */
export interface Piece {
  readonly trial: number
  /** Steps: after `from`, up to and with `to`. */
  readonly from: number
  readonly to: number
  readonly params: Params
  /** Whose weights it went on from; null at the beginning. */
  readonly donor: number | null
  /** The trial that the weights began in. */
  readonly root: number
}

/** By trial number; a trial that never changed has one piece. Trials that never began are left out. */
export function piecesOf(trials: readonly TrialView[], copies: readonly Copy[]): ReadonlyMap<number, readonly Piece[]> {
  const roots = new Map(trials.map(({ number }) => [number, [number]]))
  const ends = new Map<number, number[]>()
  for (const { trial, donor, at } of copies) {
    roots.get(trial)?.push(roots.get(donor)?.at(-1) ?? donor)
    ends.set(trial, [...(ends.get(trial) ?? []), at])
  }
  return new Map(
    [...trials]
      .filter(({ epoch }) => epoch > 0)
      .sort((a, b) => a.number - b.number)
      .map(trial => {
        const { number, schedule, step } = trial
        const parts = schedule.length === 0 ? [{ step: 0, params: trial.params, donor: null }] : schedule
        const pieces = parts.map((part, at): Piece => {
          const next = ends.get(number)?.[at] ?? parts[at + 1]?.step ?? step
          return {
            trial: number,
            from: part.step,
            to: Math.max(next, part.step),
            params: part.params,
            donor: part.donor === null ? null : Number(part.donor.split('.')[2]),
            root: roots.get(number)?.[at] ?? number,
          }
        })
        return [number, pieces] as const
      }),
  )
}

/** Keys whose values some copy changed. */
export function perturbedKeys(pieces: ReadonlyMap<number, readonly Piece[]>): readonly string[] {
  const keys = new Set<string>()
  for (const own of pieces.values()) {
    const [first] = own
    for (const { params } of own.slice(1))
      for (const [key, value] of Object.entries(params))
        if (JSON.stringify(first?.params[key]) !== JSON.stringify(value)) keys.add(key)
  }
  return [...keys].sort()
}

/** The pieces that led to where a trial is now, from step 0 on: its own last one, that of its donor before, and so on. */
export function ancestry(
  pieces: ReadonlyMap<number, readonly Piece[]>,
  copies: readonly Copy[],
  trial: number,
): readonly Piece[] {
  const led: Piece[] = []
  let now = copies.length
  let [who, at] = [trial, (pieces.get(trial)?.length ?? 0) - 1]
  let end = Number.POSITIVE_INFINITY
  for (;;) {
    const piece = pieces.get(who)?.[at]
    if (piece === undefined) return led
    led.unshift({ ...piece, to: Math.min(piece.to, end) })
    if (at === 0 || piece.donor === null) return led
    // Where the donor stood when the copy was made: it may have copied since.
    now = copies
      .slice(0, now)
      .findLastIndex((copy, i) => copy.trial === who && copiesBefore(copies, i, copy.trial) === at - 1)
    end = piece.from
    who = piece.donor
    at = copiesBefore(copies, now, who)
  }
}

/** How many copies a trial had made before the given place. */
const copiesBefore = (copies: readonly Copy[], place: number, trial: number): number =>
  copies.slice(0, Math.max(0, place)).filter(copy => copy.trial === trial).length

/** The file that is offered: the best trial's schedule as a list of changes, and every trial's own. */
export function scheduleJson(
  about: { readonly experiment: string; readonly name: string; readonly block: string; readonly seed: number },
  trials: readonly TrialView[],
  pieces: ReadonlyMap<number, readonly Piece[]>,
  copies: readonly Copy[],
  best: TrialView | undefined,
): string {
  const led = best === undefined ? [] : ancestry(pieces, copies, best.number)
  return `${JSON.stringify(
    {
      ...about,
      best: best === undefined ? null : { trial: best.id, metric: best.best },
      schedule: led.map(({ from, params, trial }) => ({
        step: from,
        params,
        trial: `${about.experiment}.${about.block}.${trial}`,
      })),
      population: trials.map(({ id, number, metric, step }) => ({
        trial: id,
        metric,
        step,
        schedule: (pieces.get(number) ?? []).map(({ from, to, params, donor }) => ({ from, to, params, donor })),
      })),
    },
    null,
    2,
  )}\n`
}
