/**
 * How many trials of every block run at most, after the reduces upstream: what a person wants to know before submitting. Called by the
 * hub. Exact for chains and trees, an upper bound where paths from a reduced block meet again.
 */
import type { Plan } from '../plan.ts'
import { Counter, Entangled } from './counting.ts'
import { compileSpace } from './space.ts'

export function runsOf(plan: Plan): ReadonlyMap<string, number> {
  const pinned = new Set(plan.blocks.filter(({ search, reduce }) => search !== null || reduce !== null).map(b => b.id))
  const pins = new Map<string, bigint>()
  const counter = new Counter(compileSpace(plan.blocks, pinned), pins)
  const runs = new Map<string, number>()
  for (const { id, count, search, reduce } of plan.blocks) {
    const most = search === null ? Math.min(count, countOf(counter, id) ?? count) : count
    runs.set(id, most)
    if (pinned.has(id)) pins.set(id, BigInt(reduce === null ? most : Math.min(most, reduce.k)))
  }
  return runs
}

/** Null: too entangled to say. */
function countOf(counter: Counter, id: string): number | null {
  try {
    return Number(counter.block(id))
  } catch (error) {
    if (error instanceof Entangled) return null
    throw error
  }
}
