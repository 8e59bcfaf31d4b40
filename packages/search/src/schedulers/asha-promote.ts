// Asynchronous successive halving (Li et al., 2020, algorithm 2), promoting form: a trial pauses at its rung and goes on
// once it is among the best floor(n / factor) seen there, the highest rung first. A trial that would be promoted in the very
// moment of its report goes on without a pause. Ties count by trial number, so that a rung never promotes more than its share.
// When no new trial will come and nothing runs, the best of a rung goes on even where its share is less than one trial; after
// that, whoever still waits is stopped. What runs is counted from the calls alone, so a replay needs no history.

import type { OtherVerdict, Scheduler } from '../contract.ts'
import { score } from '../history.ts'
import { type AshaOptions, ashaRungs, rungsUpTo } from './asha.ts'
import { emptyRanking, entryAt, placeOf, type Ranking, sizeOf, withEntry, withoutEntry } from './ranking.ts'
import { emptyTrie, getAt, setAt, type Trie } from './trie.ts'

export type AshaPromoteState = {
  readonly rungs: readonly Rung[]
  /** By trial: how many rungs it has been judged at, and its score at the last of them. */
  readonly reached: Trie<readonly [rungs: number, score: number]>
  /** Trials that are over; one that is opened again is not, from its next report on. */
  readonly over: Trie<boolean>
  readonly over_count: number
  /** How many there are, once no more will come. */
  readonly last: number | null
}

type Rung = { readonly seen: Ranking; readonly waiting: Ranking }
type Place = { readonly at: number; readonly own: number; readonly trial: number }

export function ashaPromote(options: Omit<AshaOptions, 'rule'>): Scheduler<AshaPromoteState> {
  const factor = options.factor ?? 3
  const steps = options.rungs ?? ashaRungs(options)

  return {
    initial: {
      rungs: steps.map(() => ({ seen: emptyRanking, waiting: emptyRanking })),
      reached: emptyTrie,
      over: emptyTrie,
      over_count: 0,
      last: null,
    },
    judge(state, { trial, step, value }) {
      const above = step < options.max_t ? rungsUpTo(steps, step) : 0
      const own = score(value, options.mode)
      let now = withOver(state, trial, false)
      for (let at = getAt(state.reached, trial)?.[0] ?? 0; at < above; at++) {
        if (own === Number.NEGATIVE_INFINITY)
          return { state: now, verdict: { kind: 'stop', reason: `stopped at ${steps[at]}: no finite metric` } }
        const place = { at, own, trial }
        now = arrived(now, place)
        if (chosen(now)?.trial === trial) {
          now = left(now, place)
          continue
        }
        const reason = `waits at ${steps[at]}: ${standing(now, place)}`
        const end = finish(now)
        const mine = end.others.find(other => other.trial === trial)
        if (mine === undefined) return { state: now, verdict: { kind: 'pause', reason } }
        return { state: end.state, verdict: mine.verdict, others: end.others.filter(other => other !== mine) }
      }
      return { state: now, verdict: { kind: 'continue' } }
    },
    ended(state, { trial }) {
      const [rungs, own] = getAt(state.reached, trial) ?? [0, 0]
      const rest = rungs === 0 ? state : left(state, { at: rungs - 1, own, trial })
      return finish(withOver(rest, trial, true))
    },
    next(state) {
      const place = chosen(state)
      if (place !== null) return { state: left(state, place), trial: place.trial }
      return { ...finish(state), trial: null }
    },
    closed: (state, history) => finish({ ...state, last: history.length }),
  }

  /** The best of those that wait, if its rung lets it go on; the highest rung first. */
  function chosen(state: AshaPromoteState): Place | null {
    const least = isIdle(state) ? 1 : 0
    for (let at = state.rungs.length - 1; at >= 0; at--) {
      const rung = state.rungs[at]
      const best = rung === undefined ? undefined : entryAt(rung.waiting, 0)
      if (rung === undefined || best === undefined) continue
      const [own, trial] = best
      const share = Math.max(Math.floor(sizeOf(rung.seen) / factor), least)
      if (placeOf(rung.seen, own, trial) < share) return { at, own, trial }
    }
    return null
  }

  /** Stops everybody who waits when nobody of them will be chosen any more. */
  function finish(state: AshaPromoteState) {
    if (!isIdle(state) || chosen(state) !== null) return { state, others: [] }
    const others = state.rungs.flatMap((rung, at) =>
      rung.waiting.flat().map(([own, trial]): OtherVerdict => {
        const reason = `stopped at ${steps[at]}: ${standing(state, { at, own, trial })}, and no more trials come`
        return { trial, verdict: { kind: 'stop', reason } }
      }),
    )
    if (others.length === 0) return { state, others }
    return { state: { ...state, rungs: state.rungs.map(rung => ({ ...rung, waiting: emptyRanking })) }, others }
  }

  function standing(state: AshaPromoteState, { at, own, trial }: Place): string {
    const seen = state.rungs[at]?.seen ?? emptyRanking
    const count = sizeOf(seen)
    return `rank ${placeOf(seen, own, trial) + 1} of ${count}, ${Math.floor(count / factor)} go on`
  }
}

/** No new trial will come, and all that came are over or wait. */
function isIdle({ last, over_count, rungs }: AshaPromoteState): boolean {
  return last !== null && rungs.reduce((sum, rung) => sum + sizeOf(rung.waiting), over_count) >= last
}

function withOver(state: AshaPromoteState, trial: number, over: boolean): AshaPromoteState {
  if ((getAt(state.over, trial) ?? false) === over) return state
  return { ...state, over: setAt(state.over, trial, over), over_count: state.over_count + (over ? 1 : -1) }
}

function arrived(state: AshaPromoteState, place: Place): AshaPromoteState {
  const { at, own, trial } = place
  const enter = (rung: Rung) => ({
    seen: withEntry(rung.seen, own, trial),
    waiting: withEntry(rung.waiting, own, trial),
  })
  const rungs = state.rungs.map((rung, other) => (other === at ? enter(rung) : rung))
  return { ...state, rungs, reached: setAt(state.reached, trial, [at + 1, own]) }
}

function left(state: AshaPromoteState, { at, own, trial }: Place): AshaPromoteState {
  const rungs = state.rungs.map((rung, other) =>
    other === at ? { ...rung, waiting: withoutEntry(rung.waiting, own, trial) } : rung,
  )
  return { ...state, rungs }
}
