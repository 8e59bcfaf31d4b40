import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { OpenStore, PointBatch } from '../contract.ts'
import { folder, opened, points, ramp } from '../testing/sample.ts'

/** Appends one batch of points after the other to an attempt, a byte each. */
async function fill(store: OpenStore, attempt: string, batches: readonly (readonly PointBatch[])[]): Promise<void> {
  const { records = 0 } = (await store.offsets([attempt]))[attempt] ?? {}
  const results = await store.append(batches.map((batch, i) => points(attempt, records + i, '.', batch)))
  expect(results.every(r => r.kind === 'stored')).toBe(true)
}

const thousands = (tag: string, n: number) => Array.from({ length: n }, (_, i) => [ramp(tag, i * 1000, 1000)])

async function sealedPoints(dir: string, atLeast: number): Promise<number> {
  const raw = new Database(join(dir, 'store.sqlite'), { readonly: true })
  const count = raw.prepare('SELECT coalesce(sum(count), 0) FROM chunks').pluck()
  while ((count.get() as number) < atLeast) await wait(5)
  const sealed = count.get() as number
  raw.close()
  return sealed
}

describe('series', () => {
  it('gives exact points when they are not more than asked for', async () => {
    const store = await opened()
    await fill(store, 'ex.train.1.1', [
      [{ tag: 'loss', steps: [1, 2, 3], times: [10, 20, 30], values: [0.5, Number.NaN, 0.25] }],
    ])
    expect(await store.series({ trials: ['ex.train.1'], tags: ['none', 'loss'], points: 3 })).toEqual([
      {
        trial: 'ex.train.1',
        tag: 'loss',
        total: 3,
        last: { step: 3, value: 0.25, time: 30 },
        min: 0.25,
        max: 0.5,
        nonfinite: 1,
        steps: [1, 2, 3],
        values: [0.5, null, 0.25],
        mins: [0.5, null, 0.25],
        maxs: [0.5, null, 0.25],
        times: [10, 20, 30],
      },
    ])
  })

  it('keeps NaN and infinities out of the sums, and says how many there are', async () => {
    const store = await opened()
    const values = [Number.POSITIVE_INFINITY, 1, Number.NaN, 3, Number.NEGATIVE_INFINITY, Number.NaN]
    const steps = values.map((_, i) => i)
    await fill(store, 'ex.train.1.1', [[{ tag: 'loss', steps, times: steps, values }]])
    const [series] = await store.series({ trials: ['ex.train.1'], tags: ['loss'], points: 2 })
    expect(series).toMatchObject({ nonfinite: 4, min: 1, max: 3, values: [1, 3], last: { step: 3, value: 3 } })
  })

  for (const asked of [2000, 1000, 999, 150, 30, 7, 1])
    it(`buckets 30,500 points, sealed and open, into at most ${asked} that agree with the points`, async () => {
      const dir = folder()
      const store = await opened(dir)
      await fill(store, 'ex.train.1.1', thousands('loss', 30))
      await sealedPoints(dir, 16_000)
      await fill(store, 'ex.train.1.1', [[ramp('loss', 30_000, 500)]])
      const [series] = await store.series({ trials: ['ex.train.1'], tags: ['loss'], points: asked })
      const { steps = [], values = [], mins = [], maxs = [] } = series ?? {}
      expect(series).toMatchObject({ total: 30_500, min: 0, max: 30_499, last: { step: 30_499 } })
      expect(steps.length).toBeLessThanOrEqual(asked)
      expect(steps.length).toBeGreaterThan(asked * 0.45)
      expect(mins).toEqual(steps)
      expect(maxs).toEqual([...steps.slice(1).map(s => s - 1), 30_499])
      steps.forEach((step, i) => {
        expect(values[i]).toBeCloseTo((step + (maxs[i] ?? 0)) / 2, 6)
      })
    })

  it('seals in the background into chunks of 1,000, and fills up the last one', async () => {
    const dir = folder()
    const store = await opened(dir)
    const many = (from: number) =>
      Array.from({ length: 30 }, (_, i) => [ramp('loss', from + i * 610, 610), ramp('acc', from + i, 1)])
    await fill(store, 'ex.train.1.1', many(0))
    const first = await sealedPoints(dir, 16_000)
    await fill(store, 'ex.train.1.1', many(18_300))
    await sealedPoints(dir, first + 16_000)
    await store.close()
    const raw = new Database(join(dir, 'store.sqlite'), { readonly: true })
    const counts = raw
      .prepare("SELECT c.count FROM chunks c JOIN series s ON s.id = c.series WHERE s.tag = 'loss' ORDER BY c.n")
      .pluck()
      .all() as number[]
    expect(counts.slice(0, -1).every(n => n === 1000)).toBe(true)
    expect(counts.length).toBeGreaterThan(30)
    const differ = raw.prepare(
      'SELECT count(*) FROM chunks c WHERE NOT EXISTS (SELECT 1 FROM chunk_points p WHERE p.id = c.id)',
    )
    expect(differ.pluck().get()).toBe(0)
    raw.close()
    const again = await opened(dir)
    const [loss] = await again.series({
      trials: ['ex.train.1'],
      tags: ['loss'],
      points: 2000,
      from_step: 17_000,
      to_step: 18_999,
    })
    expect(loss?.steps).toEqual(Array.from({ length: 2000 }, (_, i) => 17_000 + i))
    expect(loss?.total).toBe(36_600)
  })

  it('zooms: only the steps asked for, at the finest that fits', async () => {
    const dir = folder()
    const store = await opened(dir)
    await fill(store, 'ex.train.1.1', thousands('loss', 20))
    await sealedPoints(dir, 16_000)
    const read = async (from: number, to: number, n: number) =>
      (await store.series({ trials: ['ex.train.1'], tags: ['loss'], points: n, from_step: from, to_step: to }))[0]
    expect((await read(1995, 2004, 10))?.values).toEqual([1995, 1996, 1997, 1998, 1999, 2000, 2001, 2002, 2003, 2004])
    expect(await read(1995, 2004, 5)).toMatchObject({ values: [1995.5, 1997.5, 1999.5, 2001.5, 2003.5], total: 20_000 })
    expect((await read(50_000, 60_000, 10))?.steps).toEqual([])
    const wide = await read(500, 19_499, 100)
    expect([wide?.mins[0], wide?.maxs.at(-1)]).toEqual([500, 19_499])
  })

  it('lets a later attempt replace what the one before wrote from its first step on', async () => {
    const dir = folder()
    const store = await opened(dir)
    await fill(store, 'ex.train.1.1', thousands('loss', 20))
    await sealedPoints(dir, 16_000)
    await fill(store, 'ex.train.1.2', [[ramp('loss', 15_500, 600, step => -step)]])
    const [whole] = await store.series({ trials: ['ex.train.1'], tags: ['loss'], points: 2000 })
    expect(whole).toMatchObject({ total: 16_100, min: -16_099, max: 15_499, last: { step: 16_099, value: -16_099 } })
    const [seam] = await store.series({
      trials: ['ex.train.1'],
      tags: ['loss'],
      points: 10,
      from_step: 15_498,
      to_step: 15_501,
    })
    expect(seam?.values).toEqual([15_498, 15_499, -15_500, -15_501])
  })

  it('gives every point of a trial for a download, over sealed and open parts and attempts', async () => {
    const dir = folder()
    const store = await opened(dir)
    await fill(store, 'ex.train.1.1', [...thousands('loss', 20), [ramp('acc', 0, 3, () => Number.NaN)]])
    await sealedPoints(dir, 16_000)
    await fill(store, 'ex.train.1.2', [[ramp('loss', 15_500, 600)]])
    const all = [...(await store.points('ex.train.1'))]
    expect(all.map(({ tag, points }) => [tag, points.steps.length])).toEqual([
      ['acc', 3],
      ['loss', 16_100],
    ])
    expect(all[1]?.points.values.every((value, i) => value === i)).toBe(true)
  })

  it('lists tags with the number of trials that have them', async () => {
    const store = await opened()
    await fill(store, 'ex.train.1.1', [[ramp('loss', 0, 1), ramp('acc', 0, 1)]])
    await fill(store, 'ex.train.1.2', [[ramp('loss', 1, 1)]])
    await fill(store, 'ex.train.2.1', [[ramp('loss', 0, 1)]])
    await fill(store, 'ex.test.1.1', [[ramp('f1', 0, 1)]])
    expect(await store.tags({ experiment: 'ex' })).toEqual([
      { tag: 'acc', trials: 1 },
      { tag: 'f1', trials: 1 },
      { tag: 'loss', trials: 2 },
    ])
    expect(await store.tags({ experiment: 'ex', block: 'test' })).toEqual([{ tag: 'f1', trials: 1 }])
    expect((await store.tags({ trial: 'ex.train.1' })).map(t => t.tag)).toEqual(['acc', 'loss'])
  })

  it('refuses more than a page can show', async () => {
    const store = await opened()
    const trials = Array.from({ length: 101 }, (_, i) => `ex.train.${i}`)
    await expect(store.series({ trials, tags: ['x'], points: 10 })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(store.series({ trials: [], tags: ['x'], points: 2001 })).rejects.toMatchObject({ code: 'INVALID' })
  })
})
