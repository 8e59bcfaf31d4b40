import { expect, it } from 'vitest'
import { trialColor, trialDashes, withAlpha } from './color.ts'

it('gives a trial the same colour always, and tells the first forty apart', () => {
  expect(trialColor(3)).toBe(trialColor(3))
  const dashes = trialDashes(Array.from({ length: 40 }, (_, i) => i + 1))
  const looks = dashes.map((dash, i) => `${trialColor(i + 1)} ${dash}`)
  expect(new Set(looks).size).toBe(40)
})

it('draws trials of different hues solid, whatever their numbers, and dashes the second of one hue', () => {
  expect(trialDashes([111, 115, 107])).toEqual([[], [], []])
  const [late, early] = trialDashes([21, 11])
  expect(early).toEqual([])
  expect(late).not.toEqual([])
})

it('thins a colour', () => {
  expect(withAlpha('rgb(1, 2, 3)', 0.5)).toBe('rgba(1, 2, 3, 0.5)')
})
