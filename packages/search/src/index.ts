// The package's surface: the study, spaces, the two interfaces, what implements them, and the registry that finds it by tag.

export { type BohbOptions, bohb } from './algorithms/bohb.ts'
export { type CmaesOptions, cmaes, cmaesProblems } from './algorithms/cmaes.ts'
export { type EvolutionOptions, evolution } from './algorithms/evolution.ts'
export { type GpOptions, gp } from './algorithms/gp.ts'
export { type GridState, gridProblems, gridSearch } from './algorithms/grid.ts'
export { type Nsga2Options, nsga2 } from './algorithms/nsga2.ts'
export { randomSearch } from './algorithms/random.ts'
export { type SobolOptions, sobolSearch } from './algorithms/sobol.ts'
export { type TpeOptions, tpe } from './algorithms/tpe.ts'
export { constraintsOf } from './catalogue/constraints.ts'
export type {
  AliasDefinition,
  Definition,
  PlannedRung,
  SchedulerContext,
  SchedulerDefinition,
  SearchContext,
  SearchDefinition,
} from './catalogue/definition.ts'
export { type SearchCatalogueEntry, searchCatalogue } from './catalogue/entries.ts'
export type { Param, Params } from './catalogue/params.ts'
export {
  createScheduler,
  createSearch,
  judgedMode,
  type Objective,
  objectivesOf,
  type SchedulerOptions,
  type SearchOptions,
  schedulerProblems,
  searchProblems,
} from './catalogue/registry.ts'
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
export { type AshaPromoteState, ashaPromote } from './schedulers/asha-promote.ts'
export { fifo } from './schedulers/fifo.ts'
export { type Bracket, brackets, type HyperbandOptions, hyperband } from './schedulers/hyperband.ts'
export { type MedianOptions, medianStopping } from './schedulers/median.ts'
export { type PatienceOptions, patience } from './schedulers/patience.ts'
export { type Exploration, type PbtOptions, pbt } from './schedulers/pbt.ts'
export { type PercentileOptions, percentileStopping } from './schedulers/percentile.ts'
export { type PerturbOptions, perturb } from './schedulers/perturb.ts'
export { syncHyperband } from './schedulers/sync-hyperband.ts'
export { type ThresholdOptions, threshold } from './schedulers/threshold.ts'
export { type WilcoxonOptions, wilcoxon } from './schedulers/wilcoxon.ts'
export { type CurvePoint, recordedCurves, type SyntheticOptions, syntheticCurves } from './simulate/curves.ts'
export { type Curves, type Driven, type DrivenTrial, drive } from './simulate/drive.ts'
export type { FrontPoint, SimulatedFront } from './simulate/front.ts'
export { type Planned, plannedRungs, type RungRule, rungRule } from './simulate/planned.ts'
export {
  type SimulatedRung,
  type SimulatedSearch,
  type SimulatedTrial,
  type SimulateOptions,
  type Simulation,
  simulate,
} from './simulate/simulate.ts'
export { type Alternative, type Assignment, type Distribution, draw, type Space, spaceProblems } from './space.ts'
export { type Asked, createStudy, type Study, type StudyEvent, type StudyOptions, type Told } from './study.ts'
