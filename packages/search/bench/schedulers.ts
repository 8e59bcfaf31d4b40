/**
 * Microseconds per judged result of every scheduler, in searches of 100, 1,000 and 10,000 trials x 27 steps on 64 slots:
 * `node packages/search/bench/schedulers.ts [tag]`. The goal is 50 at 10,000 trials, and a line that stays flat. `tell` is
 * what ends, resumptions and the close cost, per trial; it is no part of a judgement.
 */
import type { Params, Scheduler } from '../src/index.ts'
import { createScheduler, drive } from '../src/index.ts'
import { goldenLoss } from '../src/testing/index.ts'

const SIZES = [100, 1_000, 10_000]
const STEPS = 27
const GOAL = 50

const rows: readonly [tag: string, params: Params][] = [
  ['FIFO', {}],
  ['ASHA', { max_t: STEPS, grace: 1 }],
  ['ASHA', { max_t: STEPS, grace: 1, mode: 'promote' }],
  ['HyperBand', { max_t: STEPS }],
  ['SyncHyperBand', { max_t: STEPS }],
  ['MedianStopping', { exempt: 3 }],
  ['MedianStopping', { rule: 'ray', grace: 1_000 }],
  ['Percentile', { percentile: 100 }],
  ['Threshold', { upper: 10 }],
  ['Patience', { patience: 3, scheduler: { tag: 'ASHA', params: { max_t: STEPS, grace: 1 } } }],
  ['Wilcoxon', { p: 0 }],
  ['PBT', { interval: 3 }],
]

function measure(tag: string, params: Params, trials: number) {
  const space = { x: { kind: 'uniform', low: 0, high: 1 } } as const
  const scheduler = createScheduler(tag, params, { mode: 'min', seed: 1, block: 'b', space })
  const spent = { judged: 0, judging: 0, telling: 0 }
  const timed = <Answer>(what: 'judging' | 'telling', run: () => Answer): Answer => {
    const before = performance.now()
    const answer = run()
    spent[what] += performance.now() - before
    return answer
  }
  const watched: Scheduler = {
    initial: scheduler.initial,
    judge: (state, result, history) => {
      spent.judged++
      return timed('judging', () => scheduler.judge(state, result, history))
    },
    ended: (state, end, history) => timed('telling', () => scheduler.ended(state, end, history)),
    next: (state, history) => timed('telling', () => scheduler.next(state, history)),
    closed: (state, history) => timed('telling', () => scheduler.closed?.(state, history) ?? { state }),
  }
  drive({
    search: {
      initial: null,
      propose: (state, { length }, n) => {
        const variants = Array.from({ length: Math.min(n, trials - length) }, (_, at) => ({
          x: (length + at) / trials,
        }))
        return { state, variants, done: length + variants.length >= trials }
      },
    },
    scheduler: watched,
    slots: 64,
    curves: { steps: STEPS, value: (trial, _assignment, step) => goldenLoss(trial, step) },
  })
  return { judge: (1000 * spent.judging) / spent.judged, tell: (1000 * spent.telling) / trials, judged: spent.judged }
}

const wanted = process.argv[2]
const show = (text: string | number, width: number) =>
  (typeof text === 'number' ? text.toFixed(2) : text).padStart(width)

process.stdout.write(
  `${'us per judged result'.padEnd(44)}${SIZES.map(size => show(size.toLocaleString('en'), 9)).join('')}`,
)
process.stdout.write(`${show('growth', 9)}${show('tell', 9)}${show('judged', 10)}\n`)
let missed = 0
for (const [tag, params] of rows.filter(row => wanted === undefined || row[0] === wanted)) {
  measure(tag, params, 1_000)
  const found = SIZES.map(size => measure(tag, params, size))
  const [small, , large] = found
  if (small === undefined || large === undefined) throw new Error('three sizes are measured')
  if (large.judge > GOAL) missed++
  const name = `${tag} ${JSON.stringify(params)}`.slice(0, 43).padEnd(44)
  process.stdout.write(`${name}${found.map(({ judge }) => show(judge, 9)).join('')}`)
  process.stdout.write(`${show(large.judge / small.judge, 9)}${show(large.tell, 9)}${show(String(large.judged), 10)}\n`)
}
process.stdout.write(
  missed === 0 ? `all below ${GOAL} us at 10,000 trials\n` : `${missed} above ${GOAL} us at 10,000 trials\n`,
)
