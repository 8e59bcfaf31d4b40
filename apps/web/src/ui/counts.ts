/** Sums over `StateCounts`: what is done, and the segments of a bar. */
import type { StateCounts } from '../api/views.ts'
import { BAR_ORDER, isEnded } from './state.ts'

export interface Segment {
  readonly state: (typeof BAR_ORDER)[number]
  readonly count: number
}

export function segments(counts: StateCounts): Segment[] {
  return BAR_ORDER.map(state => ({ state, count: counts[state] ?? 0 })).filter(segment => segment.count > 0)
}

/** Trials that ran and ended. Masked ones never run: they are neither done nor still to do. */
export function doneCount(counts: StateCounts): number {
  return segments(counts).reduce((sum, { state, count }) => (isEnded(state) ? sum + count : sum), 0) - masked(counts)
}

/** Trials that run or may still run, of so many that run at most by the plan: those that a reduce or a failure left out are not among them. */
export function runCount(counts: StateCounts, planned: number): number {
  return Math.max(planned, totalCount(counts) - masked(counts))
}

function masked(counts: StateCounts): number {
  return counts.masked ?? 0
}

export function totalCount(counts: StateCounts): number {
  return segments(counts).reduce((sum, segment) => sum + segment.count, 0)
}

export function addCounts(all: readonly StateCounts[]): StateCounts {
  const sum: { -readonly [S in keyof StateCounts]: StateCounts[S] } = {}
  for (const counts of all) for (const { state, count } of segments(counts)) sum[state] = (sum[state] ?? 0) + count
  return sum
}

/** `12 success, 3 running` for labels and hovers. */
export function countsText(counts: StateCounts): string {
  const parts = segments(counts).map(({ state, count }) => `${count} ${state}`)
  return parts.length === 0 ? 'no trials' : parts.join(', ')
}
