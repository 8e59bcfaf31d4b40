import { expect, it } from 'vitest'
import { agoText, dateText, durationText, spent } from './time.ts'

it('says how long ago something was', () => {
  const now = 1_000_000_000_000
  expect([0, 4, 42, 200, 18_000, 200_000].map(s => agoText(now - s * 1000, now))).toEqual([
    'now',
    'now',
    '42 s ago',
    '3 min ago',
    '5 h ago',
    '2 d ago',
  ])
  expect(agoText(now - 20 * 86_400_000, now)).toMatch(/^\d{4}-\d\d-\d\d$/)
})

it('treats a clock that is a little ahead as now', () => {
  expect(agoText(2000, 1000)).toBe('now')
})

it('writes durations with two units at most', () => {
  expect([850, 4200, 42_900, 187_000, 7_500_000, 273_600_000].map(durationText)).toEqual([
    '850 ms',
    '4.2 s',
    '42 s',
    '3 m 07 s',
    '2 h 05 m',
    '3 d 04 h',
  ])
})

it('writes a date that sorts', () => {
  expect(dateText(1_000_000_000_000)).toMatch(/^2001-09-\d\d \d\d:\d\d:\d\d$/)
})

it('measures until now while something runs', () => {
  expect(spent({ started: 10, ended: null }, 25)).toBe(15)
  expect(spent({ started: 10, ended: 12 }, 25)).toBe(2)
  expect(spent({ started: null, ended: null }, 25)).toBeNull()
})
