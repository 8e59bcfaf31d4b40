/**
 * What a failed attempt means for its trial (G14): configuration ends it at once; user code and memory count against
 * `max_failures`; everything else is the machinery's fault, is not counted, and only limited against an endless loop.
 */
import type { Draft } from './draft.ts'
import { attemptId } from './ids.ts'
import type { AttemptRow, Failure, FailureClass, TrialRow } from './rows.ts'
import { FREE, rest, wishFor } from './wish.ts'

/** Infrastructure failures in a row, without a checkpoint in between, that end a trial. */
export const FRUITLESS = 20

export const COUNTED: readonly FailureClass[] = ['user-code', 'out-of-memory']

/** `ended`: the attempt's row with its final state (failed, lost, paused, stopped). */
export function failed(draft: Draft, ended: AttemptRow, trial: TrialRow, failure: Failure): void {
  draft.putAttempt({ ...ended, failure })
  const experiment = draft.experiment(trial.experiment)
  const counted = COUNTED.includes(failure.class)
  const now = counted ? { ...trial, failures: trial.failures + 1 } : trial
  // Stopped by its scheduler anyway: how it went is of no interest any more.
  const spared = wishFor(experiment, trial) === 'cancel' || trial.verdict?.kind === 'stop'
  const final = spared ? null : whyFinal(draft, now, failure)
  if (final === null) rest(draft, now)
  else draft.putTrial({ ...now, ...FREE, state: 'failure', reason: final, wish: 'run', ended: draft.time })
}

/** Why the trial gets no further attempt, or null when it does. */
function whyFinal(draft: Draft, trial: TrialRow, failure: Failure): string | null {
  if (failure.class === 'configuration') return failure.message
  if (COUNTED.includes(failure.class)) {
    const { max_failures } = draft.experiment(trial.experiment).plan.settings
    return trial.failures > max_failures ? failure.message : null
  }
  const fruitless = fruitlessAttempts(draft, trial)
  // A multiple, so that a retry by hand gets as many again.
  if (fruitless.length === 0 || fruitless.length % FRUITLESS !== 0) return null
  const where = [...countByAgent(fruitless)]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([agent, n]) => `${n} on ${draft.agents.get(agent)?.name ?? agent}`)
  return `given up after ${fruitless.length} attempts in a row that failed by no fault of the trial's code (${where.join(', ')}); the last: ${failure.message}`
}

/** How often the trial failed on each agent lately, whatever the fault: another machine may do better. */
export function failuresByAgent(draft: Draft, trial: TrialRow): ReadonlyMap<string, number> {
  const failed: AttemptRow[] = []
  for (let epoch = trial.epoch; epoch > Math.max(0, trial.epoch - FRUITLESS); epoch--) {
    const attempt = draft.attempts.get(attemptId(trial.id, epoch))
    if (attempt?.failure) failed.push(attempt)
  }
  return countByAgent(failed)
}

function countByAgent(attempts: readonly AttemptRow[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { agent } of attempts) counts.set(agent, (counts.get(agent) ?? 0) + 1)
  return counts
}

/** Infrastructure failures back from the newest attempt, to the last one that saved or ended otherwise. */
function fruitlessAttempts(draft: Draft, trial: TrialRow): AttemptRow[] {
  const found: AttemptRow[] = []
  for (let epoch = trial.epoch; epoch > 0; epoch--) {
    const attempt = draft.attempts.get(attemptId(trial.id, epoch))
    if (!attempt?.failure || COUNTED.includes(attempt.failure.class)) break
    if (trial.checkpoint?.attempt === attempt.id) break
    found.push(attempt)
  }
  return found
}
