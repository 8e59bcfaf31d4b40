/**
 * Real faults on built programs: `node e2e/faults/run.ts [--short] [--seconds N] [--seed S] [--scenario NAME]`. Loopback only.
 * `--short`: every scenario with smaller numbers, several at once, within two minutes; for every build. Without a seed the
 * short form takes 1. Ends with a table and exit code 1 on any violation, or when a fault was never really injected; the
 * seed replays the schedule (not the timing).
 */
import { parseArgs } from 'node:util'
import { removeFolders } from '../harness/places.ts'
import { endAll } from '../harness/process.ts'
import { closeHouses } from './house.ts'
import { SHORT, scenarios } from './scenarios.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    scenario: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})
const { short } = values
const seed = Number(values.seed ?? 1)
const seconds = Number(values.seconds ?? (short ? 20 : 90))
const one = values.scenario
const groups = one !== undefined ? [[one]] : short ? SHORT : Object.keys(scenarios).map(name => [name])
if (!Number.isInteger(seed) || !(seconds > 0) || groups.flat().some(name => scenarios[name] === undefined)) {
  console.error(`--short, --seconds N, --seed S (whole), --scenario ${Object.keys(scenarios).join(' | ')}`)
  process.exit(2)
}

const table: object[] = []
let violated = false
const begun = Date.now()

async function run(name: string): Promise<void> {
  const from = Date.now()
  try {
    const outcome = await scenarios[name]?.({ seed, seconds, short })
    if (outcome === undefined) return
    for (const violation of outcome.violations) console.log(`VIOLATION ${name} seed ${seed}: ${violation}`)
    violated ||= outcome.violations.length > 0
    table.push({
      scenario: name,
      seed,
      faults: Object.entries(outcome.faults)
        .map(([kind, n]) => `${kind} ${n}`)
        .join(', '),
      attempts: outcome.attempts,
      records: outcome.records,
      seconds: Math.round((Date.now() - from) / 1000),
      verdict: outcome.violations.length === 0 ? 'holds' : `${outcome.violations.length} violations`,
    })
  } catch (error) {
    violated = true
    console.log(
      `VIOLATION ${name} seed ${seed}: ${error instanceof Error ? `${error.stack}\n${error.cause ?? ''}` : error}`,
    )
    table.push({ scenario: name, seed, verdict: 'did not end' })
  }
}

for (const group of groups) {
  await Promise.all(group.map(run))
  await endAll()
  await closeHouses()
  removeFolders()
}
console.table(table)
console.log(`faults: ${table.length} scenarios in ${Math.round((Date.now() - begun) / 1000)} s, seed ${seed}`)
process.exit(violated ? 1 : 0)
