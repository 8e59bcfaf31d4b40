/**
 * `progress.json`: the whole state of a run, for other programs. States of experiment, blocks, trials and attempts are those
 * of the one table of states; an attempt has two more, `lost` (its agent was out of contact for too long) and `fenced` (what
 * it still sends is refused).
 */
import type { AttemptView, ExperimentDetail, StateCounts, TrialDetail, TrialView } from '@flambe/hub'
import { json, trialFolder } from './folder.ts'

export interface Progress {
  readonly experiment: ExperimentDetail
  readonly trials: readonly TrialView[]
  /** What was read of single trials; of others only the newest attempt is known. */
  readonly details: ReadonlyMap<string, TrialDetail>
}

/** The text of the file. Trials stand in the order of their numbers. */
export function progressText({ experiment, trials, details }: Progress): string {
  const blocks = experiment.block_list.map(b => ({
    id: b.id,
    state: b.state,
    depends_on: b.depends_on,
    counts: b.trials,
    ranking: b.ranking,
    trials: trials
      .filter(t => t.block === b.id)
      .sort((x, y) => x.number - y.number)
      .map(t => ({
        id: t.id,
        number: t.number,
        state: t.state,
        params: t.params,
        metric: t.metric,
        attempts: attemptsOf(t, details.get(t.id)),
        folder: trialFolder('', t),
      })),
  }))
  const { name, state, seed, started, ended } = experiment
  return json({ version: 1, name, state, seed, started, ended, blocks })
}

const ENDED = new Set<string>(['success', 'pruned', 'failure', 'cancelled', 'masked'])
const LIVE = new Set<string>(['preparing', 'running', 'unreachable', 'stopping'])

/** A run that was broken off: what had not ended is cancelled, for nothing of it goes on. */
export function brokenOff({ experiment, trials, details }: Progress, now: number): Progress {
  const state = <S extends string>(s: S) => (ENDED.has(s) ? s : ('cancelled' as const))
  const ended = (row: { readonly state: string; readonly ended: number | null }) => ({
    ended: ENDED.has(row.state) ? row.ended : now,
  })
  const cancelled = trials.map(t => ({ ...t, state: state(t.state), ...ended(t) }) as TrialView)
  return {
    experiment: {
      ...experiment,
      state: state(experiment.state) as ExperimentDetail['state'],
      ...ended(experiment),
      block_list: experiment.block_list.map(b => ({
        ...b,
        state: state(b.state) as typeof b.state,
        ...ended(b),
        trials: counts(cancelled.filter(t => t.block === b.id)),
      })),
    },
    trials: cancelled,
    details,
  }
}

function counts(trials: readonly TrialView[]): StateCounts {
  const counted: { [S in TrialView['state']]?: number } = {}
  for (const { state } of trials) counted[state] = (counted[state] ?? 0) + 1
  return counted
}

interface AttemptEntry {
  readonly agent: string | null
  readonly state: string
  readonly failure: AttemptView['failure']
}

function attemptsOf(trial: TrialView, detail: TrialDetail | undefined): readonly AttemptEntry[] {
  const known = detail?.attempts ?? []
  const entries = known.map(a => ({ agent: a.agent_name, state: attemptState(a, trial), failure: a.failure }))
  if (known.length >= trial.epoch) return entries
  // Not read yet: the view tells of the newest.
  return [...entries, { agent: trial.agent, state: attemptState(null, trial), failure: null }]
}

function attemptState(attempt: AttemptView | null, trial: TrialView): string {
  const newest = attempt === null || attempt.epoch === trial.epoch
  switch (attempt?.state) {
    case 'done':
      return 'success'
    case 'failed':
      return 'failure'
    case 'stopped':
      return newest && trial.state === 'pruned' ? 'pruned' : 'cancelled'
    case 'paused':
    case 'lost':
    case 'fenced':
      return attempt.state
    default:
      // Not ended when it was read; what the trial does now, its newest attempt does.
      return LIVE.has(trial.state) || ENDED.has(trial.state) ? trial.state : 'preparing'
  }
}
