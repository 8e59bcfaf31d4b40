/** The TypeScript API: an experiment made of builders, checked and run as its YAML file would be. */

export type { Plan, Problem, ProblemCode } from '@flambe/language'
export {
  type Args,
  c,
  call,
  choice,
  cluster,
  float,
  g,
  link,
  lograndint,
  loguniform,
  type Node,
  normal,
  qloguniform,
  qnormal,
  quniform,
  randint,
  s,
  uniform,
  type Value,
} from './api/builders.ts'
export {
  ClusterError,
  ConfigurationError,
  ExperimentError,
  ExtensionError,
  type FailedTrial,
  LimitError,
  LinkError,
  MalformedLinkError,
  ParsingExperimentError,
  type Phase,
  ProblemError,
  ResourceError,
  ResultsError,
  SearchComponentError,
  SearchSpaceError,
  TagError,
  UnpreparedLinkError,
  UnsuccessfulRunError,
} from './api/errors.ts'
export { Experiment } from './api/experiment.ts'
export type {
  ExperimentOptions,
  Extensions,
  ParseOptions,
  RemoteEnvironment,
  RunFlags,
  SetupOptions,
} from './api/options.ts'
