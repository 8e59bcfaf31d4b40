/**
 * The engine's whole state: maps over rows, rebuilt from the rows alone (`stateOf(rows)`), so a hub start is a read of five
 * tables. `decide` never writes to it; `apply(state, changes)` is the one place that does, and keeps the indexes.
 * The engine's author may add indexes (queue, trials by block ...) as long as they follow from the rows.
 */
import type { AgentRow, AttemptRow, BlockRow, ExperimentRow, Row, TrialRow } from './rows.ts'

export interface EngineState {
  readonly experiments: ReadonlyMap<string, ExperimentRow>
  /** Key `<experiment>.<block>`. */
  readonly blocks: ReadonlyMap<string, BlockRow>
  readonly trials: ReadonlyMap<string, TrialRow>
  readonly attempts: ReadonlyMap<string, AttemptRow>
  readonly agents: ReadonlyMap<string, AgentRow>
}

/** A change puts the row in place of the one with its id. Rows are never deleted by the engine. */
export type Change = Row
