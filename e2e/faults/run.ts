/**
 * Real faults on built programs: `node e2e/faults/run.ts [--seconds N] [--seed S] [--scenario NAME]`. Loopback only; not part
 * of `npm test`. Ends with a table and exit code 1 on any violation; the seed replays the schedule (not the timing).
 */
import { parseArgs } from 'node:util'
import { removeFolders } from '../harness/places.ts'
import { endAll } from '../harness/process.ts'
import { closeHouses } from './house.ts'
import { scenarios } from './scenarios.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, scenario: { type: 'string' } },
})
const seed = Number(values.seed ?? 1)
const seconds = Number(values.seconds ?? 90)
const chosen = values.scenario === undefined ? Object.keys(scenarios) : [values.scenario]
if (!Number.isInteger(seed) || !(seconds > 0) || chosen.some(name => scenarios[name] === undefined)) {
  console.error(`--seconds N, --seed S (whole), --scenario ${Object.keys(scenarios).join(' | ')}`)
  process.exit(2)
}

const table: object[] = []
let violated = false
for (const name of chosen) {
  try {
    const outcome = await scenarios[name]?.({ seed, seconds })
    if (outcome === undefined) continue
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
      verdict: outcome.violations.length === 0 ? 'holds' : `${outcome.violations.length} violations`,
    })
  } catch (error) {
    violated = true
    console.log(`VIOLATION ${name} seed ${seed}: ${error instanceof Error ? error.stack : error}`)
    table.push({ scenario: name, seed, verdict: 'did not end' })
  } finally {
    await endAll()
    await closeHouses()
    removeFolders()
  }
}
console.table(table)
process.exit(violated ? 1 : 0)
