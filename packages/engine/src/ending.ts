/** Asks a live attempt to end, for a pause or for good. Used by the commands to trials and to whole experiments. */
import type { Draft } from './draft.ts'
import { attemptId, must } from './ids.ts'
import type { TrialRow } from './rows.ts'

/** `trial` is preparing, running, unreachable or stopping; asking again, or for more than before, is fine. */
export function askToEnd(draft: Draft, trial: TrialRow, how: 'pause' | 'stop'): void {
  const id = attemptId(trial.id, trial.epoch)
  const attempt = must(draft.attempts.get(id), id)
  draft.putTrial({ ...trial, state: 'stopping', reason: null })
  if (attempt.state !== 'stopping') draft.putAttempt({ ...attempt, state: 'stopping' })
  draft.actions.push({ type: 'end', agent: attempt.agent, attempt: id, how })
}
