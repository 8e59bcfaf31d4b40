/**
 * The engine's whole state: maps over rows, rebuilt from the rows alone (`stateOf(rows)`), so a hub start is a read of six
 * tables. `decide` never writes to it; `apply(state, changes)` is the one place that does, and keeps the indexes, which
 * follow from the rows; journals live there too. Nothing that is decided depends on the order of rows in a map.
 */
import { blockKey } from './ids.ts'
import { Indexes } from './indexes.ts'
import type { AgentRow, AttemptRow, BlockRow, ExperimentRow, JournalRow, Row, TrialRow } from './rows.ts'

export interface EngineState {
  readonly experiments: ReadonlyMap<string, ExperimentRow>
  /** Key `<experiment>.<block>`. */
  readonly blocks: ReadonlyMap<string, BlockRow>
  readonly trials: ReadonlyMap<string, TrialRow>
  readonly attempts: ReadonlyMap<string, AttemptRow>
  readonly agents: ReadonlyMap<string, AgentRow>
  /** The engine's own; read it through `views.ts`. */
  readonly index: Indexes
}

/** A change puts the row in place of the one with its key; a journal only grows. Rows are never deleted by the engine. */
export type Change = Row

export function emptyState(): EngineState {
  return {
    experiments: new Map(),
    blocks: new Map(),
    trials: new Map(),
    attempts: new Map(),
    agents: new Map(),
    index: new Indexes(),
  }
}

/** In any order. */
export function stateOf(rows: Iterable<Row>): EngineState {
  const kinds: Row['kind'][] = ['experiment', 'block', 'agent', 'trial', 'attempt', 'journal']
  const state = emptyState()
  const all = [...rows]
  for (const kind of kinds)
    apply(
      state,
      all.filter(row => row.kind === kind),
    )
  return state
}

/**
 * Changes the state in place. Nothing that follows from it may leave the hub before the changes are durable; a state whose
 * commit failed is thrown away and read anew.
 */
export function apply(state: EngineState, changes: readonly Change[]): void {
  for (const row of changes) {
    if (row.kind === 'journal') {
      state.index.update(undefined, row, state)
      continue
    }
    const table = tableOf(state, row)
    const key = keyOf(row)
    const before = table.get(key)
    table.set(key, row)
    state.index.update(before, row, state)
  }
}

/** Under which key a row stands in its map. */
export function keyOf(row: Row): string {
  if (row.kind === 'journal') return `${blockKey(row.experiment, row.block)}.${row.seq}`
  return row.kind === 'block' ? blockKey(row.experiment, row.id) : row.id
}

type TableRow = Exclude<Row, JournalRow>

function tableOf(state: EngineState, row: TableRow): Map<string, Row> {
  return tableOfKind(state, row.kind) as Map<string, Row>
}

function tableOfKind(state: EngineState, kind: TableRow['kind']): ReadonlyMap<string, Row> {
  switch (kind) {
    case 'experiment':
      return state.experiments
    case 'block':
      return state.blocks
    case 'trial':
      return state.trials
    case 'attempt':
      return state.attempts
    case 'agent':
      return state.agents
  }
}
