import { describe, expect, it } from 'vitest'
import { bytesText, countText, metricFull, metricNumber, metricText, plural, shortNumber } from './number.ts'

describe('numbers', () => {
  it('shows metrics with 4 significant digits', () => {
    expect([0.953125, 0.95, 12.34567, 123456, 1234567, 0.00001234, 0, -0.5].map(metricText)).toEqual([
      '0.9531',
      '0.9500',
      '12.35',
      '123456',
      '1.235e6',
      '1.234e-5',
      '0',
      '-0.5000',
    ])
  })

  it('names what is no finite number', () => {
    expect(
      [null, '.nan', '.inf', '-.inf', Number.NaN, Number.NEGATIVE_INFINITY].map(v => metricText(v as null)),
    ).toEqual(['–', 'NaN', '∞', '-∞', 'NaN', '-∞'])
    expect(metricNumber('.inf')).toBe(Number.POSITIVE_INFINITY)
    expect(metricNumber(null)).toBeNaN()
  })

  it('keeps every digit for the hover', () => {
    expect(metricFull(0.1 + 0.2)).toBe('0.30000000000000004')
  })

  it('drops trailing zeros of parameters', () => {
    expect([0.1, 0.001, 3, 0.00001, 1e9, 0.123456].map(shortNumber)).toEqual([
      '0.1',
      '0.001',
      '3',
      '1e-5',
      '1e9',
      '0.1235',
    ])
  })

  it('writes sizes and counts', () => {
    expect([0, 1023, 1024, 1536, 5_000_000, 123 * 1024 ** 3].map(bytesText)).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.5 KiB',
      '4.8 MiB',
      '123 GiB',
    ])
    expect([1, 1234, 1234567].map(countText)).toEqual(['1', '1,234', '1,234,567'])
    expect([plural(1, 'trial'), plural(2, 'trial'), plural(2, 'share of CPU', 'shares of CPU')]).toEqual([
      '1 trial',
      '2 trials',
      '2 shares of CPU',
    ])
  })
})
