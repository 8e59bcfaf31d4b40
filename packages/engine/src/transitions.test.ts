import { describe, expect, it } from 'vitest'
import { ATTEMPT, allowed, BLOCK, EXPERIMENT, FINAL, LIVE, TRIAL } from './transitions.ts'

const TABLES = { TRIAL, ATTEMPT, BLOCK, EXPERIMENT } as { [name: string]: { [from: string]: readonly string[] } }

describe('the table of transitions', () => {
  it('names only states that it has, each once', () => {
    for (const table of Object.values(TABLES))
      for (const to of Object.values(table)) {
        expect(new Set(to).size).toBe(to.length)
        for (const state of to) expect(Object.keys(table)).toContain(state)
      }
  })

  it('runs a trial that ended again only by a retry, and never a success', () => {
    const again = Object.entries(TRIAL).filter(([from, to]) => FINAL.trial(from as 'success') && to.includes('queued'))
    expect(again.map(([from]) => from)).toEqual(['failure', 'cancelled'])
    expect(TRIAL.success).toEqual(['masked'])
    expect(TRIAL.masked).toEqual(['pending'])
  })

  it('never brings an attempt that ended back to life (G7)', () => {
    for (const [from, to] of Object.entries(ATTEMPT))
      if (FINAL.attempt(from as 'done')) expect(to.every(s => FINAL.attempt(s))).toBe(true)
  })

  it('lets only a queued trial take a slot, and every live one lose it', () => {
    for (const [from, to] of Object.entries(TRIAL)) {
      const live = LIVE.includes(from as 'running')
      const takes = to.some(s => LIVE.includes(s))
      if (!live) expect(takes).toBe(from === 'queued')
      else expect(to).toEqual(expect.arrayContaining(['queued', 'paused', 'cancelled', 'success', 'failure']))
    }
  })

  it('refuses what it does not name', () => {
    expect(allowed(TRIAL, 'success', 'queued')).toBe(false)
    expect(allowed(TRIAL, 'queued', 'preparing')).toBe(true)
    expect(allowed(TRIAL, 'queued', 'queued')).toBe(true)
  })
})
