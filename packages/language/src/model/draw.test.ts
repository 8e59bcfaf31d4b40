import { expect, it } from 'vitest'
import type { Plan } from '../index.ts'
import { variants } from '../index.ts'
import { file, mustPlan } from '../testing/plan-text.ts'

const values = (plan: Plan, key: string) => [
  ...new Set([...variants(plan, 'a')].map(({ params }) => params[key] as number)),
]
const drawn = (sample: string, seed = 7) => values(mustPlan(file(`a: !Any {x: !s ${sample}}`), seed), 'a.x')

it('draws whole numbers without replacement, high excluded, all of them when asked', () => {
  expect(drawn('[3, 8, 5]').sort()).toEqual([3, 4, 5, 6, 7])
  for (let seed = 0; seed < 50; seed += 1) expect(new Set(drawn('[0, 1000, 3]', seed)).size).toBe(3)
})

it('draws whole numbers only if both bounds are written as whole numbers', () => {
  expect(drawn('[1, 10, 4]').every(Number.isInteger)).toBe(true)
  expect(drawn('[1, 10.0, 4]').every(Number.isInteger)).toBe(false)
  expect(drawn('[1.0, 10, 4]').every(Number.isInteger)).toBe(false)
})

it('rounds floats to the decimals and stays within [low, high)', () => {
  for (let seed = 0; seed < 100; seed += 1) {
    for (const value of drawn('[0.1, 0.4, 3, 1]', seed)) expect([0.1, 0.2, 0.3]).toContain(value)
    for (const value of drawn('[1.0e-5, 1.0e-3, 4]', seed)) {
      expect(value).toBeGreaterThanOrEqual(1e-5)
      expect(value).toBeLessThan(1e-3)
    }
    for (const value of drawn('[-1.0e300, 1.0e300, 2]', seed)) expect(Number.isFinite(value)).toBe(true)
  }
})

it('spreads its draws evenly', () => {
  const counts = new Array(10).fill(0)
  for (let seed = 0; seed < 1_000; seed += 1) counts[drawn('[0, 10, 1]', seed)[0] ?? 0] += 1
  for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(50)
})

it('draws the same for the same seed, something else for another', () => {
  expect(drawn('[0, 1000000, 3]')).toEqual(drawn('[0, 1000000, 3]'))
  expect(drawn('[0, 1000000, 3]', 1)).not.toEqual(drawn('[0, 1000000, 3]', 2))
})

it('has a stream for every option: one more option moves no other', () => {
  const one = mustPlan(file('a: !Any {x: !s [0, 1000000, 2]}'))
  const two = mustPlan(file('b: !Any {x: !s [0, 1000000, 2]}\na: !Any {w: !s [0, 1000000, 2], x: !s [0, 1000000, 2]}'))
  expect(values(two, 'a.x')).toEqual(values(one, 'a.x'))
  expect(values(two, 'a.w')).not.toEqual(values(one, 'a.x'))
})

it('is what it was: a change of these draws would change every experiment that has a seed', () => {
  expect(drawn('[0, 1000000, 3]')).toMatchInlineSnapshot(`
    [
      145095,
      888063,
      980612,
    ]
  `)
  expect(drawn('[0.0, 1.0, 2]')).toMatchInlineSnapshot(`
    [
      0.1450956374,
      0.8880629116,
    ]
  `)
})
