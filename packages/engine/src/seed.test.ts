import { expect, it } from 'vitest'
import { trialSeed } from './seed.ts'

it('is the same for ever: results of old experiments depend on it', () => {
  expect(trialSeed(7, 'abc')).toBe(1_749_731_774)
  expect(trialSeed(7, 'abc')).not.toBe(trialSeed(8, 'abc'))
  expect(trialSeed(7, 'abc')).not.toBe(trialSeed(7, 'abd'))
})

it('is a 32-bit number, never 0, and spreads', () => {
  const seeds = new Set<number>()
  let high = 0
  for (let i = 0; i < 20_000; i++) {
    const seed = trialSeed(i % 7, `variant ${i}`)
    expect(Number.isInteger(seed) && seed >= 1 && seed <= 0xffffffff).toBe(true)
    if (seed >= 0x80000000) high++
    seeds.add(seed)
  }
  expect(seeds.size).toBeGreaterThan(19_990)
  expect(Math.abs(high - 10_000)).toBeLessThan(400)
})
