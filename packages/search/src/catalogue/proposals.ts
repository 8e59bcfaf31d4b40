// The common rules of proposals, once for every algorithm: points of `initial` come first, `n_trials` is the end,
// `max_concurrent` holds back. `createSearch` puts it around what a definition built; it adds nothing to the state.
// A trial's place follows from its number alone, so a restart needs no counter: trial i has the i-th point of `initial`.

import type { Proposal, SearchAlgorithm } from '../contract.ts'
import type { History, TrialRecord } from '../history.ts'
import { canonical, type Json } from '../json.ts'
import type { Assignment } from '../space.ts'

export interface ProposalRules {
  /** Complete points. */
  readonly initial: readonly Assignment[]
  readonly n_trials: number | null
  readonly max_concurrent: number | null
  /** Points of `initial` are not proposed again. */
  readonly exhaustive: boolean
}

export function withProposalRules<State extends Json>(
  inner: SearchAlgorithm<State>,
  rules: ProposalRules,
): SearchAlgorithm<State> {
  const taken = new Set(rules.exhaustive ? rules.initial.map(canonical) : [])
  const own = (state: State, history: History, n: number): Proposal<State> => {
    const proposal = inner.propose(state, history, n)
    const variants = proposal.variants.filter(variant => !taken.has(canonical(variant)))
    const missing = proposal.variants.length - variants.length
    if (missing === 0 || proposal.done) return { ...proposal, variants }
    const more = own(proposal.state, [...history, ...variants.map(begun(history.length))], missing)
    return { ...more, variants: [...variants, ...more.variants] }
  }
  return {
    initial: inner.initial,
    propose(state, history, n) {
      const left = rules.n_trials === null ? Number.POSITIVE_INFINITY : rules.n_trials - history.length
      if (left <= 0) return { state, variants: [], done: true }
      const asked = Math.min(n, left, freePlaces(history, rules.max_concurrent))
      if (asked <= 0) return { state, variants: [], done: false }
      const first = rules.initial.slice(history.length, history.length + asked)
      const seen = first.length === 0 ? history : [...history, ...first.map(begun(history.length))]
      const rest: Proposal<State> =
        asked > first.length ? own(state, seen, asked - first.length) : { state, variants: [], done: false }
      const variants = [...first, ...rest.variants]
      return { state: rest.state, variants, done: rest.done || variants.length === left }
    },
  }
}

function freePlaces(history: History, most: number | null): number {
  if (most === null) return Number.POSITIVE_INFINITY
  return most - history.filter(trial => trial.status === 'running').length
}

function begun(before: number): (assignment: Assignment, at: number) => TrialRecord {
  return (assignment, at) => ({ number: before + at + 1, status: 'running', assignment, reports: [] })
}
