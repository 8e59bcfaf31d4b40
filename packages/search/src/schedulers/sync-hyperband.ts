// Hyperband (Li et al., 2018), synchronous: the trials of a bracket pause at its rung until all that are left have got there,
// then the best 1/factor go on and the others end. Brackets are filled one after the other, the most rungs first, by trial
// number; so where a trial belongs follows from its number. A trial that ends or crashes is no longer waited for; whoever
// takes its place is the next best. When no new trial will come, a bracket that is not full goes on with those it has.

import type { OtherVerdict, Scheduler } from '../contract.ts'
import { score } from '../history.ts'
import { type Bracket, brackets, type HyperbandOptions } from './hyperband.ts'
import { emptyRanking, type Ranking, withEntry, withoutEntry } from './ranking.ts'

export type SyncHyperbandState = {
  /** By bracket, in the order in which they fill; null = nothing heard of it. */
  readonly brackets: readonly (BracketState | null)[]
  /** The number of the last trial, once no more will come. */
  readonly last: number | null
}

type BracketState = {
  /** The rung that its trials run to; the number of rungs = max_t. */
  readonly rung: number
  /** Trials that began in it. */
  readonly size: number
  /** Who is in this rung; null = everybody. */
  readonly members: readonly number[] | null
  /** How many of them are still awaited. */
  readonly left: number
  /** Members that ended on the way: not awaited, but welcome when they are opened again. */
  readonly out: readonly number[]
  readonly waiting: Ranking
  /** Winners that may go on. */
  readonly ready: readonly number[]
}

type Place = { readonly bracket: number; readonly first: number; readonly plan: Bracket }

export function syncHyperband(options: Omit<HyperbandOptions, 'bracketOf'>): Scheduler<SyncHyperbandState> {
  const factor = options.factor ?? 3
  const plan = brackets(options)
  const sum = plan.reduce((all, { size }) => all + size, 0)

  return {
    initial: { brackets: [], last: null },
    judge(state, { trial, step, value }) {
      const place = placeOfTrial(trial)
      const { bracket, plan: own } = place
      let now = state
      for (;;) {
        const there = bracketAt(now, place)
        const milestone = own.rungs[there.rung]
        if (milestone === undefined || step < milestone) return { state: now, verdict: { kind: 'continue' } }
        const points = score(value, options.mode)
        if (points === Number.NEGATIVE_INFINITY)
          return { state: now, verdict: { kind: 'stop', reason: `stopped at ${milestone}: no finite metric` } }
        const waiting = withEntry(there.waiting, points, trial)
        const decided = decide({ ...there, waiting, left: there.left - (isAwaited(there, trial) ? 1 : 0) }, place)
        now = withBracket(now, bracket, decided.there)
        const mine = decided.others.find(other => other.trial === trial)
        const others = decided.others.filter(other => other !== mine)
        if (mine !== undefined) return { state: now, verdict: mine.verdict, others }
        if (!decided.there.ready.includes(trial)) {
          const words = `waits at ${milestone} for ${decided.there.left} more of bracket ${bracket + 1}`
          return { state: now, verdict: { kind: 'pause', reason: words }, others }
        }
        now = withBracket(now, bracket, without(decided.there, trial))
        if (others.length > 0) return { state: now, verdict: { kind: 'continue' }, others }
      }
    },
    ended(state, { trial }) {
      const place = placeOfTrial(trial)
      const there = bracketAt(state, place)
      const waited = there.waiting.flat().find(entry => entry[1] === trial)
      if (waited !== undefined) {
        const decided = decide({ ...there, waiting: withoutEntry(there.waiting, waited[0], trial) }, place)
        return { state: withBracket(state, place.bracket, decided.there), others: decided.others }
      }
      const rest = without(there, trial)
      if (there.rung >= place.plan.rungs.length || !isAwaited(there, trial))
        return { state: withBracket(state, place.bracket, rest) }
      const decided = decide({ ...rest, out: [...rest.out, trial], left: rest.left - 1 }, place)
      return { state: withBracket(state, place.bracket, decided.there), others: decided.others }
    },
    next(state) {
      const bracket = state.brackets.findIndex(there => there !== null && there.ready.length > 0)
      const there = state.brackets[bracket]
      const trial = there?.ready[0]
      if (there === null || there === undefined || trial === undefined) return { state, trial: null }
      return { state: withBracket(state, bracket, without(there, trial)), trial }
    },
    closed(state, history) {
      const now = { ...state, last: history.length }
      if (history.length === 0) return { state: now }
      const place = placeOfTrial(history.length)
      const known = state.brackets[place.bracket] ?? null
      if (known === null) return { state: now }
      const size = history.length - place.first + 1
      const decided = decide({ ...known, size, left: known.left - (known.size - size) }, place)
      return { state: withBracket(now, place.bracket, decided.there), others: decided.others }
    },
  }

  function placeOfTrial(trial: number): Place {
    const round = Math.floor((trial - 1) / sum)
    let first = round * sum + 1
    for (const [at, own] of plan.entries()) {
      if (trial < first + own.size) return { bracket: round * plan.length + at, first, plan: own }
      first += own.size
    }
    throw new Error(`trial ${trial} has no bracket`)
  }

  function bracketAt(state: SyncHyperbandState, { bracket, first, plan: own }: Place): BracketState {
    const known = state.brackets[bracket] ?? null
    if (known !== null) return known
    const size = Math.min(own.size, state.last === null ? own.size : state.last - first + 1)
    return { rung: 0, size, members: null, left: size, out: [], waiting: emptyRanking, ready: [] }
  }

  /** Once nobody is awaited: the best go on, the others end. Nobody there: the bracket is over. */
  function decide(there: BracketState, place: Place): { there: BracketState; others: OtherVerdict[] } {
    if (there.left > 0 || there.rung >= place.plan.rungs.length) return { there, others: [] }
    const rank = there.waiting.flat()
    const keep = Math.max(Math.floor(there.size / factor ** (there.rung + 1) + 1e-9), 1)
    const winners = rank.slice(0, keep).map(entry => entry[1])
    const others = rank.slice(keep).map(([, trial], at): OtherVerdict => {
      const words = `rank ${keep + at + 1} of ${rank.length}, ${keep} go on (bracket ${place.bracket + 1})`
      return { trial, verdict: { kind: 'stop', reason: `stopped at ${place.plan.rungs[there.rung]}: ${words}` } }
    })
    const ready = [...there.ready, ...winners]
    const rung = winners.length === 0 ? place.plan.rungs.length : there.rung + 1
    const next = { ...there, rung, members: winners, left: winners.length, out: [], waiting: emptyRanking, ready }
    return { there: next, others }
  }
}

function isAwaited({ members, out }: BracketState, trial: number): boolean {
  return (members?.includes(trial) ?? true) && !out.includes(trial)
}

function without(there: BracketState, trial: number): BracketState {
  return there.ready.includes(trial) ? { ...there, ready: there.ready.filter(other => other !== trial) } : there
}

function withBracket(state: SyncHyperbandState, bracket: number, there: BracketState): SyncHyperbandState {
  const brackets = [...state.brackets]
  while (brackets.length < bracket) brackets.push(null)
  brackets[bracket] = there
  return { ...state, brackets }
}
