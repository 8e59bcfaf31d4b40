/** The rows of a state, as a store would hold them. */
import type { Row } from '../rows.ts'
import type { EngineState } from '../state.ts'

export function rowsOf(state: EngineState): Row[] {
  return [
    ...state.experiments.values(),
    ...state.blocks.values(),
    ...state.agents.values(),
    ...state.trials.values(),
    ...state.attempts.values(),
    ...state.index.journalRows(),
  ]
}
