// The package's surface: spaces, the two interfaces, and what implements them.

export { type GridState, gridProblems, gridSearch } from './algorithms/grid.ts'
export { type RandomState, randomSearch } from './algorithms/random.ts'
export type { OtherVerdict, Proposal, Scheduler, SearchAlgorithm, Verdict } from './contract.ts'
export {
  type End,
  type Ending,
  type History,
  type Measure,
  type Mode,
  type Report,
  type Result,
  score,
  type TrialRecord,
} from './history.ts'
export { canonical, type Json } from './json.ts'
export { type AshaOptions, type AshaState, asha, ashaRungs } from './schedulers/asha.ts'
export { fifo } from './schedulers/fifo.ts'
export { medianStopping, type PercentileOptions, percentileStopping } from './schedulers/percentile.ts'
export { type Alternative, type Assignment, type Distribution, draw, type Space, spaceProblems } from './space.ts'
