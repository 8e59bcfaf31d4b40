import { expect, it } from 'vitest'
import { simulatedPlans } from './testing/simulation/plans.ts'
import { simulateDelivery } from './testing/simulation/simulation.ts'

const plans = simulatedPlans()
const run = (seed: number) => simulateDelivery(seed, seed % 2 === 0 ? plans.even : plans.odd)

// A million of them: `node packages/hub/scripts/simulate.ts`.
it('keeps what is promised whatever happens to hub, agents, trials, network and clocks (G1, G2, G3, G7, G8, G12, G15, G16, G17, G18, G19)', async () => {
  const faults = new Map<string, number>()
  for (let seed = 1; seed <= 1_000; seed++) {
    const { broken, faults: met } = await run(seed)
    expect(broken, `seed ${seed}: node packages/hub/scripts/simulate.ts --from ${seed} --seeds 1`).toEqual([])
    for (const [kind, n] of Object.entries(met)) faults.set(kind, (faults.get(kind) ?? 0) + n)
  }
  expect(faults.size).toBe(11)
  for (const [kind, n] of faults) expect(n, kind).toBeGreaterThan(10)
}, 300_000)

it('replays a seed exactly, so that what broke can be looked at (G17)', async () => {
  for (const seed of [3, 4]) expect((await run(seed)).log).toBe((await run(seed)).log)
  expect((await run(3)).log).not.toBe((await run(5)).log)
})

it('a hub that is away for 24 hours costs no trial its attempt, and everything arrives afterwards (G8)', async () => {
  const day = 86_400_000
  for (let seed = 1; seed <= 40; seed++) {
    const { broken, faults } = await simulateDelivery(seed, plans.odd, day)
    expect(broken, `seed ${seed}`).toEqual([])
    expect(faults).toEqual({ 'hub crash': 1 })
  }
}, 120_000)
