// The cases for search algorithms: replay, batches, bad and missing results, empty and conditional spaces, and an end.

import type { SearchAlgorithm } from '../contract.ts'
import type { History, Report, TrialRecord } from '../history.ts'
import { canonical, type Json } from '../json.ts'
import type { Assignment, Space } from '../space.ts'
import { type ContractCase, check, copy, same } from './check.ts'

const conditional: Space = {
  layers: { kind: 'randint', low: 1, high: 4 },
  opt: {
    kind: 'choice',
    options: [
      { value: 'adam' },
      { value: 'sgd', children: { momentum: { kind: 'quniform', low: 0, high: 0.5, q: 0.25 } } },
    ],
  },
}

/** `make` builds the algorithm, for a metric to be minimised, over any space of choices, integer and stepped ranges. */
export function algorithmCases<State extends Json>(make: (space: Space) => SearchAlgorithm<State>): ContractCase[] {
  return [
    {
      name: 'replays to the same bytes, state through JSON (G17)',
      run: () =>
        same(
          canonical(play(make(conditional), [3, 2, 4], 'mixed')),
          canonical(play(make(conditional), [3, 2, 4], 'mixed')),
        ),
    },
    {
      name: 'gives nothing for nothing',
      run: () => {
        const algorithm = make(conditional)
        const proposal = algorithm.propose(algorithm.initial, [], 0)
        check(proposal.variants.length === 0 && !proposal.done, 'something for nothing, or an end')
        same(canonical(proposal.state), canonical(algorithm.initial))
      },
    },
    {
      name: 'never changes a state or a history in place',
      run: () => {
        const algorithm = make(conditional)
        const history = records(play(algorithm, [6], 'mixed').variants, 'mixed')
        const bytes = canonical([algorithm.initial, history as unknown as Json])
        algorithm.propose(algorithm.initial, history, 3)
        same(canonical([algorithm.initial, history as unknown as Json]), bytes)
      },
    },
    ...(['complete', 'ties', 'mixed', 'bad', 'running', 'paused'] as const).map(how => ({
      name: `takes ${NAMES[how]}`,
      run: () => {
        const played = play(make(conditional), [2, 1, 5, 4], how)
        for (const variant of played.variants) inside(variant)
        check(played.variants.length > 0, 'nothing was proposed')
      },
    })),
    {
      name: 'takes NaN and either infinity for what null is: the worst possible',
      run: () => {
        const expected = canonical(told(make(conditional), at => bad(at, null)))
        for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
          same(canonical(told(make(conditional), at => bad(at, value))), expected)
      },
    },
    {
      name: 'learns nothing from failed and lost trials, whatever they reported',
      run: () => {
        const expected = canonical(told(make(conditional), at => dead(at, 'failed', [])))
        for (const status of ['failed', 'lost'] as const)
          for (const value of [-100, 0.65, 100, null])
            same(
              canonical(
                told(make(conditional), at =>
                  dead(
                    at,
                    status,
                    [1, 2, 3].map(step => ({ step, value })),
                  ),
                ),
              ),
              expected,
            )
      },
    },
    {
      name: 'proposes, or ends, whenever nothing runs',
      run: () => {
        const algorithm = make(conditional)
        let state = algorithm.initial
        const seen: Assignment[] = []
        for (let round = 0; round < 30; round++) {
          const proposal = algorithm.propose(state, records(seen, 'paused'), 1)
          if (proposal.done) return
          check(proposal.variants.length === 1, `waits after ${seen.length} trials, none of which runs`)
          seen.push(...proposal.variants)
          state = copy(proposal.state)
        }
      },
    },
    {
      name: 'gives one empty variant of an empty space',
      run: () => {
        const algorithm = make({})
        same(canonical(algorithm.propose(algorithm.initial, [], 1).variants), '[{}]')
      },
    },
    {
      name: 'gives a child exactly with its alternative',
      run: () => {
        const algorithm = make(conditional)
        for (const variant of algorithm.propose(algorithm.initial, [], 12).variants) inside(variant)
      },
    },
  ]
}

const NAMES = {
  complete: 'completed trials',
  ties: 'trials that all tie',
  mixed: 'null values, failed, lost and stopped trials',
  bad: 'a history without one finite value',
  running: 'trials that all run',
  paused: 'trials that all wait',
} as const

/** Rounds of proposals, each upon the trials before; ends early when the algorithm does. */
function play<State extends Json>(
  algorithm: SearchAlgorithm<State>,
  sizes: readonly number[],
  how: keyof typeof NAMES,
) {
  let state = algorithm.initial
  const variants: Assignment[] = []
  for (const n of sizes) {
    const proposal = algorithm.propose(state, records(variants, how), n)
    check(proposal.variants.length <= n, 'more variants than asked for')
    variants.push(...proposal.variants)
    state = copy(proposal.state)
    if (proposal.done) break
  }
  return { state, variants }
}

type Told = Pick<TrialRecord, 'status' | 'reports'>

/** What is proposed round after round, 4 trials each, when `tell` says how the trial at a place ended. */
function told<State extends Json>(algorithm: SearchAlgorithm<State>, tell: (at: number) => Told): Assignment[] {
  let state = algorithm.initial
  const variants: Assignment[] = []
  for (let round = 0; round < 5; round++) {
    const history = variants.map((assignment, at) => ({ number: at + 1, assignment, ...tell(at) }))
    const proposal = algorithm.propose(state, history, 4)
    variants.push(...proposal.variants)
    state = copy(proposal.state)
    if (proposal.done) break
  }
  return variants
}

function bad(at: number, value: number | null): Told {
  return { status: 'complete', reports: [{ step: 1, value: at % 3 === 1 ? value : valueAt(at) }] }
}

function dead(at: number, status: 'failed' | 'lost', reports: readonly Report[]): Told {
  return at % 3 === 1
    ? { status, reports }
    : { status: 'complete', reports: [1, 2, 3].map(step => ({ step, value: valueAt(at) })) }
}

/** In no order. */
function valueAt(at: number): number {
  return ((at * 7) % 10) / 10
}

function records(variants: readonly Assignment[], how: keyof typeof NAMES): History {
  return variants.map((assignment, at): TrialRecord => {
    const value = Number(assignment.layers ?? 0) / 10 + (assignment.opt === 'sgd' ? 0.2 : 0.5)
    const full: Report[] = [1, 2, 3].map(step => ({ step, value: value + 1 / step }))
    const trial = (status: TrialRecord['status'], reports: readonly Report[]) => ({
      number: at + 1,
      status,
      assignment,
      reports,
    })
    if (how === 'running' || how === 'paused') return trial(how, at % 2 === 0 ? [] : full)
    if (how === 'bad')
      return trial(at % 2 === 0 ? 'complete' : 'failed', at % 3 === 0 ? [] : [{ step: 1, value: null }])
    if (how === 'ties') return trial('complete', [{ step: 1, value: 0.5 }])
    if (how === 'complete' || at % 5 === 0) return trial('complete', full)
    if (at % 5 === 1) return trial('complete', [{ step: 1, value: null }])
    if (at % 5 === 2) return trial('failed', [])
    return at % 5 === 3 ? trial('lost', full.slice(0, 1)) : trial('stopped', full.slice(0, 2))
  })
}

function inside(variant: Assignment): void {
  const { layers, opt, momentum } = variant
  check(layers === 1 || layers === 2 || layers === 3, `layers ${String(layers)}`)
  check(opt === 'adam' || opt === 'sgd', `opt ${String(opt)}`)
  check((opt === 'sgd') === 'momentum' in variant, `momentum with ${String(opt)}`)
  if (opt === 'sgd') check([0, 0.25, 0.5].includes(Number(momentum)), `momentum ${String(momentum)}`)
}
