import { expect, it } from 'vitest'
import { trialColor, trialDash, withAlpha } from './color.ts'

it('gives a trial the same colour always, and tells the first forty apart', () => {
  expect(trialColor(3)).toBe(trialColor(3))
  const looks = Array.from({ length: 40 }, (_, i) => `${trialColor(i + 1)} ${trialDash(i + 1)}`)
  expect(new Set(looks).size).toBe(40)
})

it('draws the first ten solid', () => {
  expect(trialDash(10)).toEqual([])
  expect(trialDash(11)).not.toEqual([])
})

it('thins a colour', () => {
  expect(withAlpha('rgb(1, 2, 3)', 0.5)).toBe('rgba(1, 2, 3, 0.5)')
})
