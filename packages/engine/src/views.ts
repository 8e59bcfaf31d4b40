/** What the hub's pages and messages want to know of the state, from the indexes: no scan over all trials. */
import type { Usage } from './capacity.ts'
import { blockKey } from './ids.ts'
import type { TrialState } from './rows.ts'
import type { EngineState } from './state.ts'
import { TRIAL_STATES } from './transitions.ts'

/** How many trials of a block are in each state; states without any are left out. */
export function trialCounts(state: EngineState, experiment: string, block: string): { [S in TrialState]?: number } {
  const counts: { [S in TrialState]?: number } = {}
  const key = blockKey(experiment, block)
  for (const s of TRIAL_STATES) {
    const n = state.index.count(key, s)
    if (n > 0) counts[s] = n
  }
  return counts
}

/** Trials of a block that have a row: their ids are `<experiment>.<block>.1` to this number. */
export const trialTotal = (state: EngineState, experiment: string, block: string): number =>
  state.index.total(blockKey(experiment, block))

/** Attempts that hold a slot on the agent, in the order of their ids. */
export const heldBy = (state: EngineState, agent: string): string[] => [...state.index.live(agent)].sort()

/** Shares of processors and of each GPU (by device index) that are taken. */
export function usageOf(state: EngineState, agent: string): { cpu: number; gpus: ReadonlyMap<number, number> } {
  const usage: Usage = state.index.usage(agent)
  return { cpu: usage.cpu / 1e6, gpus: new Map([...usage.gpus].map(([index, used]) => [index, used / 1e6])) }
}
