import { describe, expect, it } from 'vitest'
import { cdf, logCdf, logMass, quantile, truncated } from './gauss.ts'

describe('the normal distribution', () => {
  it('has the tabled values', () => {
    expect(cdf(0)).toBe(0.5)
    expect(cdf(1)).toBeCloseTo(0.8413447460685429, 14)
    expect(cdf(-1.959963984540054)).toBeCloseTo(0.025, 14)
    expect(cdf(-5) / 2.866515718791933e-7).toBeCloseTo(1, 12)
  })

  it('keeps log tails that would underflow', () => {
    expect(logCdf(-10)).toBeCloseTo(-53.23128515051247, 10)
    expect(logCdf(-40)).toBeCloseTo(-804.6084420137538, 8)
    expect(logMass(39, 40)).toBeCloseTo(logCdf(-39), 8)
    expect(logMass(-1, 1)).toBeCloseTo(Math.log(0.6826894921370859), 12)
  })

  it('is continuous where the approximations meet', () => {
    for (const z of [-1, 6, 0.46875 * Math.SQRT2, -0.46875 * Math.SQRT2, 4 * Math.SQRT2, -4 * Math.SQRT2])
      expect(logCdf(z + 1e-9) - logCdf(z - 1e-9)).toBeCloseTo(0, 7)
  })

  it('inverts itself', () => {
    for (const p of [1e-12, 0.001, 0.02, 0.3, 0.5, 0.77, 0.999]) expect(cdf(quantile(p)) / p).toBeCloseTo(1, 11)
  })

  it('draws a truncated normal inside its ends, by its distribution function', () => {
    expect(truncated(0, 1, 0, 9, 0)).toBeCloseTo(0, 12)
    expect(truncated(0, 1, -9, 9, 0.975)).toBeCloseTo(1.959963984540054, 9)
    expect(truncated(1, 0.001, 0, 1, 0.999999999)).toBeLessThanOrEqual(1)
  })
})
