import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TrialSet } from './trial-set.ts'

it('is a set of numbers in ascending order, whatever comes and goes', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 2_000 })), { maxLength: 300 })
  fc.assert(
    fc.property(steps, changes => {
      const real = new Set<number>()
      const set = new TrialSet()
      const early = new TrialSet(set)
      for (const [add, n] of changes) {
        if (add) {
          real.add(n)
          set.add(n)
        } else {
          real.delete(n)
          set.remove(n)
        }
      }
      const expected = [...real].sort((a, b) => a - b)
      expect(set.numbers()).toEqual(expected)
      expect(set.size).toBe(real.size)
      expect(new TrialSet(set).numbers()).toEqual(expected)
      expect(early.size).toBe(0)
      const middle = 1_000
      expect(set.next(middle)).toBe(expected.find(n => n > middle) ?? 0)
    }),
    { seed: 5, numRuns: 200 },
  )
})

it('knows the numbers at the edges of a word', () => {
  const set = new TrialSet()
  for (const n of [1, 31, 32, 33, 63, 64, 10_000]) set.add(n)
  expect(set.numbers()).toEqual([1, 31, 32, 33, 63, 64, 10_000])
  expect(set.next(64)).toBe(10_000)
  expect(set.next(10_000)).toBe(0)
})
