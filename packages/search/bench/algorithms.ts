/**
 * The reference table of search algorithms beside the quoted one, and the cost of a proposal.
 * `pnpm bench algorithms [--seeds 30] [--pool 2] [--only TPE] [--cost]`; `--pool N` spreads the runs over N threads, on
 * which no result depends; `--only` takes the start of a method's name; `--cost` prints only the costs.
 */

import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import {
  bestSoFar,
  branin,
  hartmann6,
  mixed,
  type Objective,
  rosenbrock,
  sixNames,
  sphere,
} from '../src/algorithms/testing/objectives.ts'
import type { Params } from '../src/catalogue/params.ts'
import { createSearch } from '../src/catalogue/registry.ts'

interface Row {
  readonly objective: Objective
  readonly method: string
  readonly tag: string
  readonly params: Params
  readonly trials: number
  readonly seeds: number
  /** Medians after 25, 50, 100 and 200 trials, from the design page; null where it has none. */
  readonly quoted: readonly (number | null)[]
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

const QUOTED: readonly [Objective, { readonly [method: string]: readonly (number | null)[] }][] = [
  [
    branin,
    {
      random: [2.07, 1.16, 0.888, 0.543],
      Sobol: [2.03, 1.17, 0.829, 0.531],
      'TPE independent': [1.62, 0.668, 0.456, 0.402],
      'TPE joint': [0.89, 0.529, 0.418, 0.401],
      'CMA-ES': [2.17, 0.901, 0.413, 0.3979],
      GP: [0.481, 0.3979, null, null],
    },
  ],
  [
    hartmann6,
    {
      random: [-1.18, -1.74, -2.12, -2.2],
      Sobol: [-1.46, -1.78, -2.12, -2.52],
      'TPE independent': [-1.77, -2.62, -3.01, -3.21],
      'TPE joint': [-2.4, -2.98, -3.19, -3.29],
      'CMA-ES': [-1.76, -2.59, -3.04, -3.28],
      GP: [-2.02, -3.319, -3.322, null],
    },
  ],
  [
    rosenbrock(2),
    {
      random: [42, 13, 5.4, 2.7],
      'TPE independent': [9, 1.7, 0.54, 0.17],
      'TPE joint': [8.1, 2.1, 0.42, 0.1],
      'CMA-ES': [5.5, 1.2, 0.21, 0.042],
    },
  ],
  [
    rosenbrock(5),
    {
      random: [17632, 9261, 3190, 2362],
      'TPE independent': [3485, 992, 349, 85.7],
      'TPE joint': [2726, 489, 71.8, 21.8],
      'CMA-ES': [1581, 364, 107, 8.6],
      GP: [2025, 1132, 112, null],
    },
  ],
  [
    sphere(5),
    {
      random: [9.9, 8.1, 6.4, 5.1],
      'TPE independent': [6, 4, 0.89, 0.21],
      'TPE joint': [3.8, 1.3, 0.23, 0.049],
      'CMA-ES': [1.7, 0.68, 0.13, 0.0083],
    },
  ],
  [sphere(5, 0.5), { 'TPE independent': [], 'TPE joint': [], 'CMA-ES': [], GP: [] }],
  [
    mixed,
    {
      random: [0.0814, 0.0778, 0.0677, 0.0632],
      'TPE independent': [0.0676, 0.0602, 0.0514, 0.0501],
      'TPE joint': [0.0673, 0.0543, 0.0505, 0.0501],
      'TPE joint, group': [0.0665, 0.0521, 0.0507, 0.0502],
      GP: [],
    },
  ],
]

function rows(seeds: number, only: string | undefined): Row[] {
  return QUOTED.flatMap(([objective, methods]) =>
    Object.entries(methods).flatMap(([method, quoted]) => {
      const [tag, params] = METHODS[method] ?? ['', {}]
      if (only !== undefined && !method.startsWith(only)) return []
      const slow = tag === 'GP'
      return [
        { objective, method, tag, params, trials: slow ? 100 : 200, seeds: slow ? Math.min(seeds, 10) : seeds, quoted },
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
  console.log(
    `| ${row.objective.name} | ${row.method} (${row.seeds}) | ${medians.map(shown).join(' / ')} | ${quartiles} | ${MARKS.map((_, at) => shown(row.quoted[at])).join(' / ')} |`,
  )
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
    '| function | method (seeds) | medians after 25 / 50 / 100 / 200 | quartiles at 100 | quoted |\n|---|---|---|---|---|',
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
