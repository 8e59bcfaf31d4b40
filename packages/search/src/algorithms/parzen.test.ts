// A density is one: everything it says must add up to 1, whatever the trials are, and draws must follow it.

import { describe, expect, it } from 'vitest'
import { randomStream } from '../random.ts'
import { draw, type Space } from '../space.ts'
import { codesOf, codingOf } from './coding.ts'
import { optunaRule } from './kernels.ts'
import { parzen, parzenProduct } from './parzen.ts'

function mixture(space: Space, count: number) {
  const coding = codingOf(space)
  const codes = Array.from({ length: count }, (_, at) => coding.encode(draw(space, randomStream(1, 'parzen', at))))
  return { coding, density: parzen(coding.all, codes, optunaRule) }
}

describe('a Parzen mixture', () => {
  it('has mass 1 over steps and choices, with no trial, few and many', () => {
    const space: Space = {
      layers: { kind: 'randint', low: 1, high: 7 },
      width: { kind: 'lograndint', low: 4, high: 40 },
      act: { kind: 'choice', options: ['a', 'b', 'c'].map(value => ({ value })) },
    }
    for (const count of [0, 1, 2, 40, 120]) {
      const { coding, density } = mixture(space, count)
      const mass = density.logDensity(codesOf(coding)).reduce((sum, log) => sum + Math.exp(log), 0)
      expect(mass).toBeCloseTo(1, 3)
    }
  })

  it('integrates to 1 over a logarithmic range', () => {
    const { coding, density } = mixture({ lr: { kind: 'loguniform', low: 1e-4, high: 1 } }, 30)
    const [low, high] = [Math.log(1e-4), 0]
    const cells = 4000
    const codes = Array.from({ length: cells }, (_, at) =>
      coding.encode({ lr: Math.exp(low + ((high - low) * (at + 0.5)) / cells) }),
    )
    const mass = density.logDensity(codes).reduce((sum, log) => sum + (Math.exp(log) * (high - low)) / cells, 0)
    expect(mass).toBeCloseTo(1, 4)
  })

  it('is drawn from as it says', () => {
    const { coding, density } = mixture(
      { layers: { kind: 'randint', low: 1, high: 5 }, act: { kind: 'choice', options: [{ value: 0 }, { value: 1 }] } },
      6,
    )
    const random = randomStream(2, 'draws', 1)
    const counts = new Map<string, number>()
    for (let draws = 0; draws < 20_000; draws++) {
      const code = new Float64Array(2)
      density.sample(random, code)
      counts.set(code.join(), (counts.get(code.join()) ?? 0) + 1)
    }
    const codes = codesOf(coding)
    density.logDensity(codes).forEach((log, at) => {
      expect(Math.abs((counts.get(codes[at]?.join() ?? '') ?? 0) / 20_000 - Math.exp(log))).toBeLessThan(0.015)
    })
  })

  it('weighs the newest 25 trials and the prior fully, older ones less and less', () => {
    const weights = [...optunaRule.weights(30)]
    expect(weights).toHaveLength(31)
    expect(weights[0]).toBeCloseTo(1 / 30, 12)
    expect(weights[4]).toBeCloseTo(1, 12)
    expect(weights.slice(5)).toEqual(new Array(26).fill(1))
    expect([...optunaRule.weights(24)]).toEqual(new Array(25).fill(1))
  })

  it('says over one dimension what the general form says', () => {
    const spaces: Space[] = [
      { x: { kind: 'uniform', low: -5, high: 10 } },
      { x: { kind: 'loguniform', low: 1e-5, high: 1 } },
      { x: { kind: 'normal', mean: 1, sd: 2 } },
      { x: { kind: 'randint', low: 1, high: 7 } },
      { x: { kind: 'lograndint', low: 16, high: 1025 } },
      { x: { kind: 'quniform', low: 0, high: 1, q: 0.3 } },
      { x: { kind: 'choice', options: ['a', 'b', 'c'].map(value => ({ value })) } },
    ]
    for (const space of spaces)
      for (const count of [0, 1, 2, 30, 500])
        for (const spread of [1, 3]) {
          const coding = codingOf(space)
          const codes = Array.from({ length: count }, (_, at) =>
            coding.encode(draw(space, randomStream(1, 'line', at))),
          )
          const rule = { ...optunaRule, spread }
          const [line, product] = [parzen(coding.all, codes, rule), parzenProduct(coding.all, codes, rule)]
          const drawn = (density: typeof line) => {
            const random = randomStream(3, 'draws', count)
            return Array.from({ length: 40 }, () => {
              const code = new Float64Array(1)
              density.sample(random, code)
              return code
            })
          }
          expect(drawn(line)).toEqual(drawn(product))
          const expected = product.logDensity(drawn(product))
          line.logDensity(drawn(line)).forEach((log, at) => void expect(log).toBeCloseTo(expected[at] ?? 0, 8))
        }
  })
})
