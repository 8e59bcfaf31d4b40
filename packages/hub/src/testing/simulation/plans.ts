/** The experiments that the simulation runs: their components never run, so any that the catalogue knows will do. */
import type { Plan } from '@flambe/language'
import { planText } from '../../plan/index.ts'

/** Two blocks with a reduce between them. */
const GRID = `!Experiment
name: grid
seed: 7
max_failures: 100
pipeline:
  a: !Adam
    lr: !g [0.1, 0.2]
  b: !SGD
    lr: !@ a.lr
    momentum: !g [0.5, 0.9]
reduce: {a: {k: 1, mode: max}}
`

/** A search that is told of results, and a scheduler that stops trials. */
const SEARCH = `!Experiment
name: search
seed: 7
max_failures: 100
pipeline:
  a: !Adam
    lr: !uniform [0.01, 0.2]
search: {a: !TPE {n_trials: 5}}
schedulers: {a: !MedianStopping {}}
`

/** Even seeds run searches too. */
export function simulatedPlans(): { readonly odd: readonly Plan[]; readonly even: readonly Plan[] } {
  const grid = planOf(GRID)
  return { odd: [grid, planOf(GRID.replace('grid', 'other'))], even: [planOf(SEARCH), grid] }
}

function planOf(text: string): Plan {
  const made = planText(text, { file: 'simulated.yaml', seed: null, force: false, fallbackSeed: 7 })
  if (made.plan === null) throw new Error(`the simulation's plan: ${JSON.stringify(made.problems)}`)
  return made.plan
}
