import { describe, expect, it } from 'vitest'
import { ranked } from './reduce.ts'
import type { MetricValue, TrialRow } from './rows.ts'

function trials(...metrics: readonly (MetricValue | null)[]): TrialRow[] {
  return metrics.map((metric, i) => ({ id: `t${i + 1}`, number: i + 1, metric }) as TrialRow)
}

const order = (metrics: readonly (MetricValue | null)[], mode: 'min' | 'max'): string =>
  ranked(trials(...metrics), { k: 1, mode })
    .ranking.map(t => t.trial.slice(1))
    .join(' ')

describe('reduce', () => {
  it('keeps the highest, or the lowest where lower is better (RED-5)', () => {
    expect(order([0.1, 0.3, 0.2], 'max')).toBe('2 3 1')
    expect(order([0.1, 0.3, 0.2], 'min')).toBe('1 3 2')
  })

  it('keeps the earlier of equals (RED-4)', () => {
    expect(order([1, 2, 2, 1, 2], 'max')).toBe('2 3 5 1 4')
    expect(order([1, 2, 2, 1, 2], 'min')).toBe('1 4 2 3 5')
  })

  it('ranks infinities as numbers, NaN and missing after all numbers (RED-7)', () => {
    expect(order(['.nan', null, '-.inf', 0, '.inf'], 'max')).toBe('5 4 3 1 2')
    expect(order([null, '.nan', '-.inf', 0, '.inf'], 'min')).toBe('3 4 5 1 2')
  })

  it('does not let a missing metric beat a negative one (RED-6)', () => {
    expect(order([null, -5], 'max')).toBe('2 1')
  })

  it('lets NaN and missing fill free places', () => {
    const { ranking, warning } = ranked(trials('.nan', 3, null), { k: 2, mode: 'max' })
    expect(ranking.filter(t => t.kept).map(t => t.trial)).toEqual(['t2', 't1'])
    expect(warning).toBeNull()
  })

  it('keeps all when there are no more than k (RED-9)', () => {
    const { ranking, warning } = ranked(trials(null, null), { k: 2, mode: 'max' })
    expect(ranking.every(t => t.kept)).toBe(true)
    expect(warning).toBe('no trial has a metric: reduce kept all 2')
  })

  it('says nothing of a metric that decides nothing: a single trial', () => {
    expect(ranked(trials(null), { k: 1, mode: 'max' }).warning).toBeNull()
  })

  it('keeps the first k with a warning when no trial has a metric', () => {
    const { ranking, warning } = ranked(trials(null, '.nan', null), { k: 2, mode: 'min' })
    expect(ranking.map(t => t.kept)).toEqual([true, true, false])
    expect(warning).toBe('no trial has a metric: reduce kept the first 2')
  })
})
