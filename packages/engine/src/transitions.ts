/**
 * Every state and every allowed change of state, in one table that `Draft.put`, the tests and the docs share. A change that
 * is not in it is a bug and throws; what a user or an agent asks for is checked before and refused as ILLEGAL.
 */
import type { AttemptState, BlockState, ExperimentState, TrialState } from './rows.ts'

type Table<S extends string> = { readonly [from in S]: readonly S[] }

/** Where a trial can land when its attempt ends, however it was asked to. */
const AFTER_ATTEMPT = ['success', 'pruned', 'failure', 'cancelled', 'masked', 'paused', 'queued'] as const

export const TRIAL: Table<TrialState> = {
  pending: ['queued', 'paused', 'cancelled', 'masked'], // waits for its ancestors, or is halted by stop_on_failure
  queued: ['preparing', 'paused', 'cancelled', 'pending', 'masked'],
  preparing: ['running', 'unreachable', 'stopping', ...AFTER_ATTEMPT],
  running: ['unreachable', 'stopping', ...AFTER_ATTEMPT],
  unreachable: ['preparing', 'running', 'stopping', ...AFTER_ATTEMPT],
  stopping: AFTER_ATTEMPT,
  paused: ['queued', 'cancelled', 'pending', 'masked', 'pruned', 'success', 'failure'], // others' reports: its scheduler ends it
  // masked: after a retry further up, reduce no longer keeps what it was built on
  success: ['masked'],
  pruned: ['masked'],
  failure: ['queued', 'pending', 'masked'], // retry
  cancelled: ['queued', 'pending', 'masked'], // retry
  masked: ['pending'], // a retry further up: perhaps it can be built after all
}

const ATTEMPT_ENDS = ['done', 'paused', 'stopped', 'failed', 'lost'] as const

export const ATTEMPT: Table<AttemptState> = {
  assigned: ['preparing', 'running', 'stopping', ...ATTEMPT_ENDS],
  preparing: ['running', 'stopping', ...ATTEMPT_ENDS],
  running: ['stopping', ...ATTEMPT_ENDS],
  stopping: ATTEMPT_ENDS,
  done: [],
  paused: [],
  stopped: [],
  failed: [],
  lost: ['fenced'],
  fenced: [],
}

const BLOCK_ENDS = ['success', 'failure', 'masked', 'cancelled'] as const

export const BLOCK: Table<BlockState> = {
  pending: ['running', 'cancelled'],
  running: ['paused', 'pending', ...BLOCK_ENDS], // pending: halted by stop_on_failure before all of it had started
  paused: ['running', 'pending', ...BLOCK_ENDS],
  success: ['running'], // retry of a cancelled trial, or of one further up
  failure: ['running'], // retry
  masked: ['running'], // retry further up
  cancelled: ['running', 'pending'], // retry; pending when the block itself had not started
}

export const EXPERIMENT: Table<ExperimentState> = {
  pending: ['running', 'paused', 'cancelled'],
  running: ['paused', 'success', 'failure', 'cancelled'],
  paused: ['running', 'success', 'failure', 'cancelled'],
  success: ['running'], // retry of a cancelled trial
  failure: ['running'], // retry
  cancelled: ['running'], // retry
}

/** In the order in which counts are kept and pages list them. */
export const TRIAL_STATES = Object.keys(TRIAL) as readonly TrialState[]

/** Holds a slot on an agent. */
export const LIVE: readonly TrialState[] = ['preparing', 'running', 'unreachable', 'stopping']

export const FINAL = {
  trial: (s: TrialState): boolean =>
    s === 'success' || s === 'pruned' || s === 'failure' || s === 'cancelled' || s === 'masked',
  attempt: (s: AttemptState): boolean => s !== 'assigned' && s !== 'preparing' && s !== 'running' && s !== 'stopping',
  block: (s: BlockState): boolean => s === 'success' || s === 'failure' || s === 'masked' || s === 'cancelled',
  experiment: (s: ExperimentState): boolean => s === 'success' || s === 'failure' || s === 'cancelled',
}

/** Staying in a state is always allowed: other columns of the row change. */
export function allowed<S extends string>(table: Table<S>, from: S, to: S): boolean {
  return from === to || table[from].includes(to)
}
