// Asynchronous successive halving (Li et al., 2020, algorithm 2), promoting form: a trial pauses at its rung and goes on
// once it is among the best floor(n / factor) seen there, the highest rung first. A trial that would be promoted in the very
// moment of its report goes on without a pause. Ties count by trial number, so that a rung never promotes more than its share.
// When no new trial will come and nothing runs, whoever still waits is stopped.

import type { OtherVerdict, Scheduler } from '../contract.ts'
import { type History, score } from '../history.ts'
import { type AshaOptions, ashaRungs, rungsUpTo } from './asha.ts'
import { emptyRanking, entryAt, placeOf, type Ranking, sizeOf, withEntry, withoutEntry } from './ranking.ts'
import { emptyTrie, getAt, setAt, type Trie } from './trie.ts'

export type AshaPromoteState = {
  readonly rungs: readonly Rung[]
  /** By trial: how many rungs it has been judged at, and its score at the last of them. */
  readonly reached: Trie<readonly [rungs: number, score: number]>
  readonly closed: boolean
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
      closed: false,
    },
    judge(state, { trial, step, value }, history) {
      const above = step < options.max_t ? rungsUpTo(steps, step) : 0
      const own = score(value, options.mode)
      let now = state
      for (let at = getAt(state.reached, trial)?.[0] ?? 0; at < above; at++) {
        if (own === Number.NEGATIVE_INFINITY)
          return { state: now, verdict: { kind: 'stop', reason: `stopped at ${steps[at]}: no finite metric` } }
        const place = { at, own, trial }
        now = arrived(now, place)
        if (promotable(now.rungs)?.trial === trial) {
          now = left(now, place)
          continue
        }
        const reason = `waits at ${steps[at]}: ${standing(now, place)}`
        const end = finish(now, history, trial)
        const mine = end.others.find(other => other.trial === trial)
        if (mine === undefined) return { state: now, verdict: { kind: 'pause', reason } }
        return { state: end.state, verdict: mine.verdict, others: end.others.filter(other => other !== mine) }
      }
      return { state: now, verdict: { kind: 'continue' } }
    },
    ended(state, { trial }, history) {
      const [rungs, own] = getAt(state.reached, trial) ?? [0, 0]
      return finish(rungs === 0 ? state : left(state, { at: rungs - 1, own, trial }), history, trial)
    },
    next(state, history) {
      const chosen = promotable(state.rungs)
      if (chosen !== null) return { state: left(state, chosen), trial: chosen.trial }
      return { ...finish(state, history, null), trial: null }
    },
    closed: (state, history) => finish({ ...state, closed: true }, history, null),
  }

  function promotable(rungs: readonly Rung[]): Place | null {
    for (let at = rungs.length - 1; at >= 0; at--) {
      const rung = rungs[at]
      const best = rung === undefined ? undefined : entryAt(rung.waiting, 0)
      if (rung === undefined || best === undefined) continue
      const [own, trial] = best
      if (placeOf(rung.seen, own, trial) < Math.floor(sizeOf(rung.seen) / factor)) return { at, own, trial }
    }
    return null
  }

  /** Stops everybody who waits when nobody can be promoted, no new trial will come, and none runs but `except`. */
  function finish(state: AshaPromoteState, history: History, except: number | null) {
    const idle = () => !history.some(({ status, number }) => status === 'running' && number !== except)
    if (!state.closed || promotable(state.rungs) !== null || !idle()) return { state, others: [] }
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
