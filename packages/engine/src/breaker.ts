/** The circuit breaker of a machine (G14): three failures of its own in a row, each within 60 s, pause it with a note. */
import type { Draft } from './draft.ts'
import { must } from './ids.ts'
import type { AttemptRow } from './rows.ts'

const QUICK_FAILURES = 3
/** ms from assignment to failure. */
const QUICK = 60_000

/** An attempt failed by the fault of its machine. A slow one breaks the row. */
export function quick(draft: Draft, attempt: AttemptRow): void {
  const agent = must(draft.agents.get(attempt.agent), attempt.agent)
  const row = draft.time - attempt.assigned <= QUICK ? agent.quick_failures + 1 : 0
  if (row === agent.quick_failures) return
  const failure = draft.attempts.get(attempt.id)?.failure?.message
  const trips = agent.enabled && row >= QUICK_FAILURES
  draft.putAgent({
    ...agent,
    quick_failures: row,
    enabled: agent.enabled && !trips,
    reason: trips ? `paused: ${row} attempts in a row failed within a minute each: ${failure}` : agent.reason,
  })
}

/** An attempt ended as it should. */
export function calm(draft: Draft, id: string): void {
  const agent = must(draft.agents.get(id), id)
  if (agent.quick_failures > 0) draft.putAgent({ ...agent, quick_failures: 0 })
}
