// The contract suite that every algorithm and scheduler must pass. It knows no test runner: a case is a name and a
// function that throws. Call from a test file: for (const c of algorithmCases(make)) it(c.name, c.run).

import type { Scheduler, SearchAlgorithm } from '../contract.ts'
import type { History, Result, TrialRecord } from '../history.ts'
import { canonical, type Json } from '../json.ts'
import type { Space } from '../space.ts'

export interface ContractCase {
  readonly name: string
  readonly run: () => void
}

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

/** `make` builds the algorithm over any space of choices, integer and stepped ranges. */
export function algorithmCases<State extends Json>(make: (space: Space) => SearchAlgorithm<State>): ContractCase[] {
  const run = (history: History, sizes: readonly number[]) => {
    const algorithm = make(conditional)
    let state = algorithm.initial
    const variants = sizes.flatMap(n => {
      const proposal = algorithm.propose(state, history, n)
      check(proposal.variants.length <= n, 'more variants than asked for')
      state = copy(proposal.state)
      return proposal.variants
    })
    return canonical({ state, variants })
  }
  return [
    { name: 'replays to the same bytes (G17)', run: () => same(run([], [3, 2]), run([], [3, 2])) },
    {
      name: 'gives nothing for nothing',
      run: () => same(run([], [0]), canonical({ state: make(conditional).initial, variants: [] })),
    },
    { name: 'takes null, failed and lost trials', run: () => same(run(troubled, [4]), run(troubled, [4])) },
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
        for (const variant of algorithm.propose(algorithm.initial, [], 12).variants)
          check((variant.opt === 'sgd') === 'momentum' in variant, `momentum with ${String(variant.opt)}`)
      },
    },
  ]
}

/** `make` builds the scheduler for a metric to be minimised. */
export function schedulerCases<State extends Json>(make: () => Scheduler<State>): ContractCase[] {
  const run = (results: readonly Result[]) => {
    const scheduler = make()
    let state = scheduler.initial
    const verdicts = results.map(result => {
      const before = canonical(state)
      const judged = scheduler.judge(state, result, troubled)
      same(canonical(state), before)
      state = copy(judged.state)
      return judged.verdict.kind
    })
    return { bytes: canonical({ state, verdicts }), verdicts }
  }
  const reports = [0.5, null, 0.2, 0.9, 0.5].map((value, at) => ({ trial: 10 + at, step: 1, value }))
  return [
    {
      name: 'replays to the same bytes, state through JSON (G17)',
      run: () => same(run(reports).bytes, run(reports).bytes),
    },
    {
      name: 'lets ties go on',
      run: () => {
        const ties = [0.5, 0.5, 0.5, 0.5].map((value, at) => ({ trial: 10 + at, step: 1, value }))
        check(!run(ties).verdicts.includes('stop'), 'a tie was stopped')
      },
    },
    {
      name: 'is not moved by a null report of another trial',
      run: () => {
        const good = { trial: 20, step: 1, value: 0.1 }
        same(
          String(run([...reports, good]).verdicts.at(-1)),
          String(run([...reports.filter(report => report.value !== null), good]).verdicts.at(-1)),
        )
      },
    },
  ]
}

const troubled: readonly TrialRecord[] = [
  { number: 0, status: 'complete', assignment: { layers: 1, opt: 'adam' }, reports: [{ step: 1, value: null }] },
  { number: 1, status: 'failed', assignment: { layers: 2, opt: 'adam' }, reports: [] },
  {
    number: 2,
    status: 'lost',
    assignment: { layers: 2, opt: 'sgd', momentum: 0.5 },
    reports: [{ step: 1, value: 0.3 }],
  },
  { number: 3, status: 'stopped', assignment: { layers: 1, opt: 'adam' }, reports: [{ step: 1, value: 0.7 }] },
  { number: 4, status: 'running', assignment: { layers: 3, opt: 'adam' }, reports: [] },
]

function copy<T extends Json>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

function check(holds: boolean, words: string): void {
  if (!holds) throw new Error(words)
}

function same(actual: string, expected: string): void {
  check(actual === expected, `expected ${expected}\ngot      ${actual}`)
}
