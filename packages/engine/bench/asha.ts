/**
 * An ASHA experiment of 10,000 simulated trials with up to 27 results each, through `decide` + `apply`:
 * `node packages/engine/bench/asha.ts`. Prints results a second of processor time, by tenths of all results; the rate should stay flat. The same
 * with commits: packages/store/bench/asha.ts.
 */
import { apply, decide, emptyState } from '../src/index.ts'
import { runAshaLoad } from '../src/testing/asha-load.ts'
import { sketchVariants } from '../src/testing/sketch-variants.ts'

const TRIALS = 10_000
const STEPS = 27

function measure(search: string, stops: boolean): void {
  const state = emptyState()
  const seconds: number[] = []
  let spent = 0
  const results = runAshaLoad({
    trials: TRIALS,
    steps: STEPS,
    search,
    stops,
    // Seconds spent up to each result.
    onResult: () => seconds.push(spent),
    send(event) {
      const before = process.cpuUsage()
      const decision = decide(state, event, sketchVariants)
      apply(state, decision.changes)
      const { user, system } = process.cpuUsage(before)
      spent += (user + system) / 1e6
      if (decision.refused) throw new Error(decision.why ?? '')
      return decision
    },
  })
  const rate = (n: number, s: number): string => Math.round(n / s).toLocaleString('en')
  const at = (tenth: number): number => (tenth === 0 ? 0 : (seconds[Math.ceil((results * tenth) / 10) - 1] as number))
  const tenths = Array.from({ length: 10 }, (_, i) => rate(results / 10, at(i + 1) - at(i)))
  console.log(
    `${search}${stops ? ' + ASHA' : ''}: ${results.toLocaleString('en')} results, ${rate(results, spent)} a second`,
  )
  console.log(`  by tenths: ${tenths.join('  ')}`)
}

measure('Random', true)
measure('Random', false)
