import { expect, it } from 'vitest'
import { randomStream } from './random.ts'
import { draw, onStep } from './space.ts'

it('gives stepped values as they are written, without the noise of binary fractions', () => {
  expect(onStep(0.001, 58, 0.001)).toBe(0.059)
  for (let number = 1; number <= 200; number++) {
    const { x } = draw({ x: { kind: 'qloguniform', low: 0.001, high: 1, q: 0.001 } }, randomStream(1, 'b', number))
    expect(String(x).length).toBeLessThanOrEqual(5)
  }
})
