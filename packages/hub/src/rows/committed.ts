/**
 * The committed rows, with the engine's own indexes. The driver feeds it after each commit, so whoever reads here never sees
 * a decision that is not durable; the driver's own state may be one batch ahead. Rows are immutable: no copies are made.
 */
import {
  type AgentRow,
  type AttemptRow,
  apply,
  attemptId,
  type BlockRow,
  better,
  blockKey,
  blockWaitingReason,
  type EngineState,
  type ExperimentRow,
  emptyState,
  FINAL,
  heldBy,
  type Row,
  stateOf,
  type TrialRow,
  type TrialState,
  trialCounts,
  trialId,
  trialTotal,
  waitingReason,
} from '@flambe/engine'

export interface Committed {
  readonly experiments: ReadonlyMap<string, ExperimentRow>
  readonly trials: ReadonlyMap<string, TrialRow>
  readonly attempts: ReadonlyMap<string, AttemptRow>
  readonly agents: ReadonlyMap<string, AgentRow>
  put(rows: readonly Row[]): void
  /** Replaces everything, after a failed commit. */
  reset(rows: readonly Row[]): void
  block(experiment: string, block: string): BlockRow | null
  /** Blocks of an experiment in document order. */
  blocksOf(experiment: string): readonly BlockRow[]
  /** Trials of a block by number. */
  trialsOf(experiment: string, block: string): readonly TrialRow[]
  /** The trial with the best metric so far; of equal ones the first by number. */
  best(experiment: string, block: string): TrialRow | null
  counts(experiment: string, block: string): { readonly [S in TrialState]?: number }
  /** Attempts of a trial, oldest first. */
  attemptsOf(trial: string): readonly AttemptRow[]
  /** Attempts that an agent holds: not ended. */
  held(agent: string): readonly AttemptRow[]
  /** What an agent says it does while it prepares an attempt; false when the attempt is beyond that. Not stored: it says it again. */
  tell(attempt: string, words: string): boolean
  told(attempt: string): string | null
  /** A quota cut the output of this attempt (G3): said at the hub's start and at the attempt's end. */
  cut(attempt: string): void
  isCut(attempt: string): boolean
  /** Why a trial or block waits (G12). */
  whyTrial(row: TrialRow): string | null
  whyBlock(row: BlockRow): string | null
}

export const isLive = (row: AttemptRow): boolean => !FINAL.attempt(row.state)

const isPreparing = ({ state }: AttemptRow): boolean => state === 'assigned' || state === 'preparing'

export function createCommitted(): Committed {
  let state: EngineState = emptyState()
  // A trial's best only gets better, so the block's follows from each change alone: no scan over 10,000 trials a tick.
  const best = new Map<string, TrialRow>()
  const words = new Map<string, string>()
  const cut = new Set<string>()
  const follow = (rows: readonly Row[]) => {
    for (const row of rows) {
      if (row.kind === 'attempt' && !isPreparing(row)) words.delete(row.id)
      if (row.kind !== 'trial' || row.best === null) continue
      const key = blockKey(row.experiment, row.block)
      const now = best.get(key)
      const mode = state.experiments.get(row.experiment)?.plan.blocks.find(b => b.id === row.block)?.mode ?? 'max'
      if (now === undefined || now.id === row.id || ahead(row, now, mode)) best.set(key, row)
    }
  }
  return {
    get experiments() {
      return state.experiments
    },
    get trials() {
      return state.trials
    },
    get attempts() {
      return state.attempts
    },
    get agents() {
      return state.agents
    },
    put: rows => {
      apply(state, rows)
      follow(rows)
    },
    reset: rows => {
      state = stateOf(rows)
      best.clear()
      follow(rows)
    },
    best: (experiment, block) => best.get(blockKey(experiment, block)) ?? null,
    block: (experiment, block) => state.blocks.get(blockKey(experiment, block)) ?? null,
    blocksOf: id =>
      present((state.experiments.get(id)?.plan.blocks ?? []).map(b => state.blocks.get(blockKey(id, b.id)))),
    trialsOf: (experiment, block) =>
      present(
        Array.from({ length: trialTotal(state, experiment, block) }, (_, i) =>
          state.trials.get(trialId(experiment, block, i + 1)),
        ),
      ),
    counts: (experiment, block) => trialCounts(state, experiment, block),
    attemptsOf: trial =>
      present(
        Array.from({ length: state.trials.get(trial)?.epoch ?? 0 }, (_, i) =>
          state.attempts.get(attemptId(trial, i + 1)),
        ),
      ),
    held: agent => present(heldBy(state, agent).map(id => state.attempts.get(id))),
    tell: (attempt, said) => {
      const row = state.attempts.get(attempt)
      if (row === undefined || !isPreparing(row)) return false
      words.set(attempt, said)
      return true
    },
    told: attempt => words.get(attempt) ?? null,
    cut: attempt => void cut.add(attempt),
    isCut: attempt => cut.has(attempt),
    whyTrial: row => waitingReason(state, row),
    whyBlock: row => blockWaitingReason(state, row),
  }
}

function ahead(a: TrialRow, b: TrialRow, mode: 'min' | 'max'): boolean {
  return better(a.best, b.best, mode) || (!better(b.best, a.best, mode) && a.number < b.number)
}

const present = <T>(rows: readonly (T | undefined)[]): T[] => rows.filter(row => row !== undefined) as T[]
