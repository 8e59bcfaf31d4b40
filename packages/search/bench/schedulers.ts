/**
 * Microseconds per judged result of every scheduler (the median over batches of 200), in searches of 100, 1,000 and 10,000 trials x 27 steps on 64 slots:
 * `node packages/search/bench/schedulers.ts [tag]`. The goal is 50 at 10,000 trials, and a line that stays flat. `tell` is
 * what ends, resumptions and the close cost, per trial; it is no part of a judgement. PB2 fits a model at every exchange, so it is
 * no part of the goal: `schedulers.ts PB2` measures it, at 100 and 1,000 trials.
 */
import type { Params, Scheduler } from '../src/index.ts'
import { createScheduler, drive } from '../src/index.ts'
import { goldenLoss } from '../src/testing/index.ts'

const SIZES = [100, 1_000, 10_000]
const STEPS = 27
const GOAL = 50
const BATCH = 200

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

const thinking: typeof rows = [['PB2', { interval: 9 }]]

function measure(tag: string, params: Params, trials: number) {
  const space = { x: { kind: 'uniform', low: 0, high: 1 } } as const
  const scheduler = createScheduler(tag, params, { mode: 'min', seed: 1, block: 'b', space })
  const batches: number[] = []
  let judged = 0
  let batch = 0
  let telling = 0
  const tell = <Answer>(run: () => Answer): Answer => {
    const before = performance.now()
    const answer = run()
    telling += performance.now() - before
    return answer
  }
  const watched: Scheduler = {
    initial: scheduler.initial,
    judge(state, result, history) {
      const before = performance.now()
      const answer = scheduler.judge(state, result, history)
      batch += performance.now() - before
      if (++judged % BATCH === 0) {
        batches.push(batch / BATCH)
        batch = 0
      }
      return answer
    },
    ended: (state, end, history) => tell(() => scheduler.ended(state, end, history)),
    next: (state, history) => tell(() => scheduler.next(state, history)),
    closed: (state, history) => tell(() => scheduler.closed?.(state, history) ?? { state }),
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
  const median = batches.sort((a, b) => a - b)[Math.floor(batches.length / 2)] ?? batch / Math.max(judged, 1)
  return { judge: 1000 * median, tell: (1000 * telling) / trials, judged }
}

const wanted = process.argv[2]
const show = (text: string | number, width: number) =>
  (typeof text === 'number' ? text.toFixed(2) : text).padStart(width)

process.stdout.write(
  `${'us per judged result'.padEnd(44)}${SIZES.map(size => show(size.toLocaleString('en'), 9)).join('')}`,
)
process.stdout.write(`${show('growth', 9)}${show('tell', 9)}${show('judged', 10)}\n`)
let missed = 0
const chosen = wanted === undefined ? rows : [...rows, ...thinking].filter(([tag]) => tag === wanted)
if (chosen.length === 0) throw new Error(`there is no scheduler ${wanted}`)
for (const [tag, params] of chosen) {
  const goal = rows.some(([own]) => own === tag)
  measure(tag, params, goal ? 1_000 : 50)
  const found = SIZES.filter(size => goal || size <= 1_000).map(size => measure(tag, params, size))
  const small = found[0]
  const large = found.at(-1)
  if (small === undefined || large === undefined) throw new Error('two sizes at least are measured')
  if (goal && large.judge > GOAL) missed++
  const name = `${tag} ${JSON.stringify(params)}`.slice(0, 43).padEnd(44)
  const measured = found.map(({ judge }) => show(judge, 9)).join('')
  process.stdout.write(`${name}${measured.padEnd(9 * SIZES.length)}${show(large.judge / small.judge, 9)}`)
  process.stdout.write(`${show(large.tell, 9)}${show(String(large.judged), 10)}\n`)
}
process.stdout.write(
  missed === 0 ? `all below ${GOAL} us at 10,000 trials\n` : `${missed} above ${GOAL} us at 10,000 trials\n`,
)
