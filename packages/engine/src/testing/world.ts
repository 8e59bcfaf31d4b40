/**
 * A hub of one function: decides each event, checks what must always hold, applies, keeps the log. Transcripts, the
 * simulator and the property tests drive the engine through it. Every row it hands on is frozen.
 */
import type { Action } from '../action.ts'
import { type Decision, decide } from '../decide.ts'
import type { Event } from '../event.ts'
import type { VariantSource } from '../search/variant.ts'
import { apply, type EngineState, emptyState } from '../state.ts'
import { checkInvariants } from './invariants.ts'
import { sketchVariants } from './sketch-variants.ts'

export interface World {
  readonly state: EngineState
  readonly events: Event[]
  readonly decisions: Decision[]
  readonly actions: Action[]
  send(event: Event): Decision
}

/** `check`: after so many events all invariants are checked again; 0 = never. */
export function world({ variants = sketchVariants as VariantSource, check = 1 } = {}): World {
  const state = emptyState()
  const events: Event[] = []
  const decisions: Decision[] = []
  const actions: Action[] = []
  return {
    state,
    events,
    decisions,
    actions,
    send(event) {
      events.push(event)
      const decision = decide(state, event, variants)
      decisions.push(decision)
      actions.push(...decision.actions)
      for (const row of decision.changes) Object.freeze(row)
      apply(state, decision.changes)
      if (check > 0 && events.length % check === 0) {
        const broken = checkInvariants(state)
        if (broken.length > 0)
          throw new Error(`after event ${events.length} ${JSON.stringify(event)}:\n${broken.join('\n')}`)
      }
      return decision
    },
  }
}
