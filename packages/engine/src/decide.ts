/**
 * The engine's one decision: what an event changes and what is to be done. Called by the hub for each recorded event, in
 * order; it commits `changes` and `actions` in one transaction. Pure: same rows and events give the same bytes (G17).
 */
import type { Action } from './action.ts'
import { agentCommanded, agentConnected, agentSilent } from './agent.ts'
import { attemptEnded, attemptReported, attemptSaved, attemptStarted } from './attempt.ts'
import { Draft } from './draft.ts'
import type { Event } from './event.ts'
import { experimentCommanded } from './experiment-command.ts'
import { place } from './placement.ts'
import type { Refusal } from './refusal.ts'
import { languageVariants, type VariantSource } from './search/variant.ts'
import { settle } from './settle.ts'
import type { Change, EngineState } from './state.ts'
import { experimentSubmitted } from './submit.ts'
import { trialCommanded } from './trial-command.ts'

export interface Decision {
  readonly changes: readonly Change[]
  readonly actions: readonly Action[]
  /** The event did not fit and changed nothing; null when it did. */
  readonly refused: Refusal['code'] | null
  /** Why it was refused, in words. */
  readonly why: string | null
}

/** Never writes to `state`. Throws only on a bug, or when rows refer to rows that are not there. */
export function decide(state: EngineState, event: Event, variants: VariantSource = languageVariants): Decision {
  const draft = new Draft(state, event.time, variants)
  const refusal = handle(draft, event)
  if (refusal) return { changes: [], actions: [], refused: refusal.code, why: refusal.why }
  // Placing asks searches for trials, and a search that has none left ends its block: then all again.
  do {
    for (const experiment of draft.touched) settle(draft, experiment)
    draft.touched.clear()
    if (draft.mayPlace) place(draft)
    draft.mayPlace = false
  } while (draft.touched.size > 0)
  return { changes: draft.changes(), actions: draft.actions, refused: null, why: null }
}

function handle(draft: Draft, event: Event): Refusal | null {
  switch (event.type) {
    case 'experiment-submitted':
      return experimentSubmitted(draft, event)
    case 'experiment-commanded':
      return experimentCommanded(draft, event)
    case 'trial-commanded':
      return trialCommanded(draft, event)
    case 'agent-connected':
      return agentConnected(draft, event)
    case 'agent-silent':
      return agentSilent(draft, event)
    case 'agent-commanded':
      return agentCommanded(draft, event)
    case 'attempt-started':
      return attemptStarted(draft, event)
    case 'attempt-reported':
      return attemptReported(draft, event)
    case 'attempt-saved':
      return attemptSaved(draft, event)
    case 'attempt-ended':
      return attemptEnded(draft, event)
  }
}
