import { describe, expect, it } from 'vitest'
import type { LiveChange } from '../api/views.ts'
import { outdated, patch } from './patch.ts'
import { agent, block, experiment, points, series, trial } from './testing.ts'

const trials = (rows: readonly ReturnType<typeof trial>[], total = rows.length) => ({ items: rows, total })
const list = { experiment: 'e1', offset: 0, limit: 200 }

describe('trials', () => {
  it('replaces the row of a trial and leaves the other rows as they were', () => {
    const data = trials([trial(1), trial(2)])
    const next = patch('trials.list', list, data, {
      kind: 'trial',
      row: trial(2, { state: 'running', step: 3 }),
    }) as typeof data
    expect(next.items.map(row => row.step)).toEqual([0, 3])
    expect(next.items[0]).toBe(data.items[0])
  })

  it('keeps the answer itself when the change is about something else', () => {
    const data = trials([trial(1)])
    expect(patch('trials.list', list, data, { kind: 'trial', row: trial(9) })).toBe(data)
    expect(patch('trials.list', list, data, { kind: 'agent', row: agent('a') })).toBe(data)
  })

  it('reads again when order or membership may have changed', () => {
    const data = trials([trial(1), trial(2)])
    const change: LiveChange = { kind: 'trial', row: trial(2, { best: 0.9, state: 'running' }) }
    expect(outdated('trials.list', list, data, change)).toBe(false)
    expect(outdated('trials.list', { ...list, sort: [{ by: 'best', desc: true }] }, data, change)).toBe(true)
    expect(outdated('trials.list', { ...list, sort: [{ by: 'number', desc: true }] }, data, change)).toBe(false)
    expect(outdated('trials.list', { ...list, state: 'queued' }, data, change)).toBe(true)
  })

  it('reads again for a trial that is new, not for one on a page that is not held', () => {
    const fresh: LiveChange = { kind: 'trial', row: trial(3) }
    expect(outdated('trials.list', list, trials([trial(1)]), fresh)).toBe(true)
    expect(outdated('trials.list', { ...list, limit: 1 }, trials([trial(1)], 3), fresh)).toBe(false)
    expect(outdated('trials.list', { ...list, block: 'other' }, trials([]), fresh)).toBe(false)
    expect(outdated('trials.list', { ...list, experiment: 'e2' }, trials([]), fresh)).toBe(false)
  })
})

describe('experiments', () => {
  it('patches the row in whichever page it stands, and reads again for a new one', () => {
    const page = (items: readonly ReturnType<typeof experiment>[]) => ({ items, next: null, total: 2 })
    const data = { pages: [page([experiment('e1')]), page([experiment('e2')])], pageParams: [null, 'x'] }
    const next = patch('experiments.list', { limit: 1 }, data, {
      kind: 'experiment',
      row: experiment('e2', { state: 'success' }),
    }) as typeof data
    expect(next.pages[1]?.items[0]?.state).toBe('success')
    expect(next.pages[0]).toBe(data.pages[0])
    expect(outdated('experiments.list', { limit: 1 }, data, { kind: 'experiment', row: experiment('e3') })).toBe(true)
  })

  it('patches a block in the detail, its square in the summary too', () => {
    const detail = {
      ...experiment('e1'),
      blocks: [{ id: 'train', state: 'pending' as const }],
      seed: 1,
      block_list: [block('train')],
      settings: {},
      resources: [],
    }
    const next = patch('experiments.get', { id: 'e1' }, detail, {
      kind: 'block',
      experiment: 'e1',
      row: block('train', { state: 'running' }),
    }) as typeof detail
    expect([next.block_list[0]?.state, next.blocks[0]?.state]).toEqual(['running', 'running'])
    const other: LiveChange = { kind: 'block', experiment: 'e2', row: block('train', { state: 'running' }) }
    expect(patch('experiments.get', { id: 'e1' }, detail, other)).toBe(detail)
  })
})

describe('agents', () => {
  it('adds one that has just joined', () => {
    const next = patch('agents.list', undefined, { items: [agent('a')] }, { kind: 'agent', row: agent('b') })
    expect((next as { items: readonly { id: string }[] }).items.map(one => one.id)).toEqual(['a', 'b'])
  })
})

describe('points', () => {
  const input = { trials: ['e1.train.1'], tags: ['loss'], points: 4 }

  it('appends new points and counts them', () => {
    const data = { series: [series([1, 2], [10, 20])] }
    const next = patch('series.read', input, data, points([3, 4], [5, null])) as typeof data
    expect(next.series[0]).toMatchObject({ total: 4, steps: [1, 2, 3, 4], values: [10, 20, 5, null], min: 5, max: 20 })
  })

  it('takes a point only once', () => {
    const data = { series: [series([1, 2], [10, 20])] }
    expect(patch('series.read', input, data, points([1, 2], [10, 20]))).toBe(data)
  })

  it('begins a series, and ignores tags that nobody asked for', () => {
    const empty = { series: [] }
    expect(patch('series.read', input, empty, points([1], [2]))).toMatchObject({ series: [{ total: 1, steps: [1] }] })
    expect(patch('series.read', input, empty, { ...points([1], [2]), tag: 'other' })).toBe(empty)
  })

  it('buckets again when twice as many points stand as were asked for', () => {
    const full = { series: [series([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9])] }
    expect(outdated('series.read', input, full, points([10], [1]))).toBe(true)
    expect(outdated('series.read', input, { series: [series([1], [1])] }, points([2], [1]))).toBe(false)
  })

  it('reads again when a later attempt goes back to an earlier step', () => {
    const data = { series: [series([1, 2, 3], [1, 2, 3])] }
    expect(outdated('series.read', input, data, points([2], [9], 10_000))).toBe(true)
    expect(outdated('series.read', input, data, points([2], [2], 2))).toBe(false)
  })
})
