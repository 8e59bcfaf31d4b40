export {
  BACKENDS,
  type BackendName,
  type BackendOptions,
  BackendRefused,
  type Opened,
  openBackend,
  type Probed,
  probe,
} from './backend/index.ts'
export { Component, type ComponentClass, type Factory, type State, type StateValue } from './core/component.ts'
export type { Env } from './core/context.ts'
export { ConfigurationError, LoadError } from './core/failure.ts'
export { type LoadOptions, load } from './core/load.ts'
export {
  log,
  log_histogram,
  log_hparams,
  log_image,
  log_pr_curve,
  log_progress,
  log_scalars,
  log_text,
} from './core/log.ts'
export { component, shipped } from './core/params.ts'
export { derive, fromState, type Random, random } from './core/random.ts'
export { register } from './core/registry.ts'
export { restore, save } from './core/state.ts'
export * from './library/index.ts'
export { Script } from './script/index.ts'
export { tf } from './tf.ts'
