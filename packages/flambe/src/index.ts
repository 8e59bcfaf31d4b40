/** The TypeScript API: an experiment made of builders, checked and run as its YAML file would be. */
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
export { ParsingExperimentError, UnsuccessfulRunError } from './api/errors.ts'
export { Experiment, type ExperimentOptions } from './api/experiment.ts'
export { Refused } from './client/refused.ts'
