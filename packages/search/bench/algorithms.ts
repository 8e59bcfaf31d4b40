/**
 * The reference table of search algorithms beside the quoted one, and the cost of a proposal.
 * `pnpm bench algorithms [--seeds 30] [--pool 2] [--only TPE] [--cost]`; `--pool N` spreads the runs over N threads, on
 * which no result depends; `--only` takes the start of a method's name; `--cost` prints only the costs.
 */

import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { bestSoFar, type Objective, sixNames } from '../src/algorithms/testing/objectives.ts'
import type { Params } from '../src/catalogue/params.ts'
import { createSearch } from '../src/catalogue/registry.ts'
import { randomStream } from '../src/random.ts'
import { REFERENCES, type Reference, verdict } from './reference.ts'

interface Row {
  readonly objective: Objective
  readonly method: string
  readonly tag: string
  readonly params: Params
  readonly trials: number
  readonly seeds: number
  readonly reference: Reference
}

const MARKS = [25, 50, 100, 200]
const METHODS: { readonly [method: string]: readonly [string, Params] } = {
  random: ['Random', {}],
  Sobol: ['Sobol', {}],
  'TPE independent': ['TPE', { multivariate: false }],
  'TPE joint': ['TPE', {}],
  'TPE joint, group': ['TPE', { group: true }],
  'CMA-ES': ['CMAES', {}],
  GP: ['GP', {}],
}

function rows(seeds: number, only: string | undefined): Row[] {
  return REFERENCES.flatMap(([objective, methods]) =>
    Object.entries(methods).flatMap(([method, reference]) => {
      const [tag, params] = METHODS[method] ?? ['', {}]
      if (only !== undefined && !method.startsWith(only)) return []
      const slow = tag === 'GP'
      return [
        {
          objective,
          method,
          tag,
          params,
          trials: slow ? 100 : 200,
          seeds: slow ? Math.min(seeds, 10) : seeds,
          reference,
        },
      ]
    }),
  )
}

/** The best value at each mark. */
function run(row: Row, seed: number): number[] {
  const { space } = row.objective
  const algorithm = createSearch(
    row.tag,
    { ...row.params, n_trials: row.trials },
    { space, seed, block: 'bench', mode: 'min' },
  )
  const best = bestSoFar(algorithm, row.objective, row.trials)
  return MARKS.map(mark => (mark <= row.trials ? (best[mark - 1] ?? Number.NaN) : Number.NaN))
}

function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = at * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  return low + ((sorted[Math.ceil(place)] ?? Number.NaN) - low) * (place - Math.floor(place))
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '-' : String(Number(value.toPrecision(4)))
}

function print(row: Row, results: readonly (readonly number[])[]): void {
  const medians = MARKS.map((_, at) =>
    quantile(
      results.map(result => result[at] ?? Number.NaN),
      0.5,
    ),
  )
  const hundred = results.map(result => result[2] ?? Number.NaN)
  const quartiles = `[${shown(quantile(hundred, 0.25))} to ${shown(quantile(hundred, 0.75))}]`
  const { quoted, expected } = row.reference
  const cells = [
    row.objective.name,
    `${row.method} (${row.seeds})`,
    medians.map(shown).join(' / '),
    quartiles,
    MARKS.map((_, at) => shown(quoted[at])).join(' / '),
    expected === undefined ? '-' : `${shown(expected.median)} (${expected.seeds})`,
    verdict(row.reference, medians[2] ?? Number.NaN, leastMedian(hundred)),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}

/** The lower end of the middle 95 % of what the median would be over other seeds, by 1,000 draws with replacement. */
function leastMedian(values: readonly number[]): number {
  const random = randomStream(1, 'bootstrap', values.length)
  const medians = Array.from({ length: 1_000 }, () =>
    quantile(
      values.map(() => values[Math.floor(random() * values.length)] ?? Number.NaN),
      0.5,
    ),
  )
  return quantile(medians, 0.025)
}

function costs(): void {
  const measure = (tag: string, params: Params, count: number, times: number) => {
    const { space, history } = sixNames(count)
    const algorithm = createSearch(
      tag,
      { ...params, n_trials: 100_000 },
      { space, seed: 1, block: 'cost', mode: 'min' },
    )
    let state = algorithm.initial
    const spent: number[] = []
    for (let at = 0; at < times * 2; at++) {
      const before = process.cpuUsage()
      state = algorithm.propose(state, [...history], 1).state
      const { user, system } = process.cpuUsage(before)
      if (at >= times) spent.push((user + system) / 1000)
    }
    console.log(`| ${tag} ${JSON.stringify(params)} | ${count} trials x 6 | ${shown(quantile(spent, 0.5))} ms CPU |`)
  }
  for (const params of [{}, { multivariate: false }]) {
    measure('TPE', params, 1_000, 100)
    measure('TPE', params, 10_000, 30)
  }
  measure('CMAES', {}, 1_000, 50)
  measure('GP', {}, 200, 10)
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

async function table(): Promise<void> {
  const all = rows(Number(argument('--seeds') ?? 30), argument('--only'))
  const tasks = all.flatMap((row, at) => Array.from({ length: row.seeds }, (_, seed) => ({ at, seed })))
  const results: number[][][] = all.map(() => [])
  let next = 0
  let printed = 0
  const finish = (at: number, seed: number, marks: number[]) => {
    const own = results[at]
    if (own !== undefined) own[seed] = marks
    for (; printed < all.length; printed++) {
      const row = all[printed]
      const done = results[printed]?.filter(result => result !== undefined) ?? []
      if (row === undefined || done.length < row.seeds) return
      print(row, done)
    }
  }
  console.log(
    '| function | method (seeds) | medians after 25 / 50 / 100 / 200 | quartiles at 100 | quoted | its median at 100 over more seeds | at 100 |\n|---|---|---|---|---|---|---|',
  )
  const pool = Number(argument('--pool') ?? 1)
  const work = async () => {
    const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      const { at, seed } = task
      worker.postMessage({ at, seed })
      const marks = await new Promise<number[]>((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
      })
      worker.removeAllListeners('error')
      finish(at, seed, marks)
    }
    await worker.terminate()
  }
  await Promise.all(Array.from({ length: pool }, work))
}

if (isMainThread) {
  if (!process.argv.includes('--cost')) await table()
  costs()
} else {
  const all = rows(Number(argument('--seeds') ?? 30), argument('--only'))
  parentPort?.on('message', ({ at, seed }: { at: number; seed: number }) => {
    const row = all[at]
    if (row === undefined) throw new Error(`no row ${at}`)
    parentPort?.postMessage(run(row, seed))
  })
}
