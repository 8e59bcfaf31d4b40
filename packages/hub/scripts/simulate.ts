/**
 * Runs the simulation of hub and delivery for many seeds: `node packages/hub/scripts/simulate.ts [--from 1] [--seeds 1000000]`.
 * Prints what broke, with the seed that shows it again (`--from SEED --seeds 1`); exit code 1 when something did.
 */
import { parseArgs } from 'node:util'
import { simulatedPlans } from '../src/testing/simulation/plans.ts'
import { simulateDelivery } from '../src/testing/simulation/simulation.ts'

const { values } = parseArgs({ options: { from: { type: 'string' }, seeds: { type: 'string' } } })
const from = Number(values.from ?? 1)
const seeds = Number(values.seeds ?? 1_000_000)
const plans = simulatedPlans()
const faults: { [kind: string]: number } = {}
// Refusals are errors, and most of what happens here is refused: their stacks would be a tenth of the time.
Error.stackTraceLimit = 0
let events = 0
let broken = 0
const begun = performance.now()
for (let seed = from; seed < from + seeds; seed++) {
  const done = await simulateDelivery(seed, seed % 2 === 0 ? plans.even : plans.odd)
  events += done.events
  for (const [kind, n] of Object.entries(done.faults)) faults[kind] = (faults[kind] ?? 0) + n
  if (done.broken.length > 0) {
    broken++
    console.log(`seed ${seed}:\n  ${done.broken.join('\n  ')}`)
  }
  if ((seed - from + 1) % 1_000 === 0) console.log(`${seed - from + 1} seeds, ${broken} broken`)
}
const seconds = (performance.now() - begun) / 1000
console.log(JSON.stringify({ from, seeds, broken, events, faults, seconds: Math.round(seconds) }))
process.exit(broken > 0 ? 1 : 0)
