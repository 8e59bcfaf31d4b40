/**
 * How long planning takes: a million variants counted (in one block, and inherited), 10,000 enumerated with their ids, a search of
 * 10,000 proposals, an editor's check of an ordinary file. Medians in ms of processor time, with the aim: `node packages/language/bench/plan.ts`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, plan, type Variant, variantOf, variants } from '../src/index.ts'
import { TEST_CATALOGUE } from '../src/testing/catalogue.ts'
import { file, mustPlan } from '../src/testing/plan-text.ts'

const ROUNDS = 9

/** Processor time in ms: machines are shared. */
function now(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
const grid = (n: number): string => `!g [${Array.from({ length: n }, (_, i) => i).join(', ')}]`

/** 10^6 in one block: six options of ten values. */
const ONE = file(`m: !Any {${'abcdef'.replace(/./g, key => `${key}: ${grid(10)}, `)}z: 1}`, 'max_trials: 10000000\n')
/** 10^6 by inheritance: 100 upstream, 100 x 100 at the end of a diamond. */
const INHERITED = file(
  `a: !Any {x: ${grid(100)}}\nb: !Any {up: !@ a, x: ${grid(10)}}\nc: !Any {up: !@ a, x: ${grid(10)}}\nd: !Any {l: [!@ b, !@ c], x: ${grid(100)}}`,
  'max_trials: 10000000\n',
)
const TEN_THOUSAND = file(
  `m: !Any {x: ${grid(100)}, y: ${grid(10)}}\nt: !Any {up: !@ m, z: ${grid(10)}}`,
  'max_trials: 20000\n',
)
const SEARCH = file(
  'm: !Any {a: !uniform [0, 1], b: !loguniform [1.0e-5, 1], c: !randint [1, 99], d: !choice [x, y, !Enc {size: !randint [1, 9]}]}',
  'max_trials: 20000\nsearch: {m: !TPE {n_trials: 10000}}\n',
)
const ORDINARY = readFileSync(join(import.meta.dirname, '../testdata/everything-right/input.yaml'), 'utf8')

function countMillion(text: string): number {
  const started = now()
  const made = mustPlan(text)
  const spent = now() - started
  if (made.blocks.at(-1)?.count !== 1_000_000) throw new Error(`counted ${made.blocks.at(-1)?.count}`)
  return spent
}

function enumerate(): number {
  const made = mustPlan(TEN_THOUSAND)
  const started = now()
  const ids = new Set<string>()
  for (const { id } of variants(made, 't')) ids.add(id)
  const spent = now() - started
  if (ids.size !== 10_000) throw new Error(`${ids.size} different ids`)
  return spent
}

function propose(): number {
  const made = mustPlan(SEARCH)
  const started = now()
  const found: Variant[] = []
  for (let i = 0; i < 10_000; i += 1) {
    found.push(
      variantOf(made, 'm', [], { 'm.a': i / 10_000, 'm.b': 0.1, 'm.c': 1 + (i % 98), 'm.d': i % 2 === 0 ? 'x' : 'y' }),
    )
  }
  if (found.length !== 10_000) throw new Error('not all')
  return now() - started
}

function check(): number {
  const started = now()
  const { experiment } = parse(ORDINARY)
  if (experiment === null) throw new Error('must parse')
  plan(experiment, { catalogue: TEST_CATALOGUE, fallbackSeed: 1 })
  return now() - started
}

const measured: readonly [string, number, () => number][] = [
  ['count 1,000,000 of one block', 50, () => countMillion(ONE)],
  ['count 1,000,000 by inheritance', 50, () => countMillion(INHERITED)],
  ['enumerate and hash 10,000', 200, enumerate],
  ['10,000 proposals to variants', 200, propose],
  ['parse and plan an ordinary file', 10, check],
]
for (const [name, aim, run] of measured) {
  run()
  const times = Array.from({ length: ROUNDS }, run).sort((a, b) => a - b)
  const median = times[ROUNDS >> 1] as number
  process.stdout.write(
    `${name.padEnd(34)} ${median.toFixed(1).padStart(8)} ms   aim ${aim} ms   ratio ${(median / aim).toFixed(2)}\n`,
  )
}
