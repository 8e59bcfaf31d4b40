import { afterEach, beforeAll, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import { context, setContext } from '../../core/context.ts'
import { tf } from '../../tf.ts'
import { TabularDataset } from '../data/tabular-dataset.ts'
import { NumericField } from '../field/numeric-field.ts'
import { BaseSampler } from './base-sampler.ts'
import type { Batches } from './sampler.ts'

beforeAll(() => openBackend('wasm'))
afterEach(() => setContext(null))

const split = (rows: number) =>
  new TabularDataset({
    train: Array.from({ length: rows }, (_, i) => [i]),
    transform: { x: new NumericField({ standardize: false }) },
  }).train

async function rest(batches: Batches, limit = 100): Promise<number[][]> {
  const all: number[][] = []
  while (all.length < limit) {
    const batch = batches.next()
    if (batch === null) break
    all.push(Array.from(await (batch[0] as tf.Tensor).data()))
    tf.dispose(batch)
  }
  return all
}

test('every row comes once an epoch, in order without shuffling', async () => {
  const ordered = new BaseSampler({ batch_size: 4, shuffle: false })
  expect(await rest(ordered.sample(split(10)))).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ])
  expect(ordered.length(split(10))).toBe(3)
  const shuffled = await rest(new BaseSampler({ batch_size: 4 }).sample(split(10), 2))
  expect(shuffled.length).toBe(6)
  const [one, two] = [shuffled.slice(0, 3).flat(), shuffled.slice(3).flat()]
  expect([...one].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect([...two].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(two).not.toEqual(one)
})

test("the order follows the trial's seed, or the sampler's own", async () => {
  const order = async (trial: number, seed: number | null = null) => {
    setContext({ ...context(), env: { ...context().env, seed: trial } })
    return (await rest(new BaseSampler({ seed }).sample(split(30)))).flat()
  }
  expect(await order(5)).toEqual(await order(5))
  expect(await order(5)).not.toEqual(await order(6))
  expect(await order(5, 1)).toEqual(await order(6, 1))
  expect(await order(5, 0)).not.toEqual(await order(5, 1))
})

test('a run that starts at a position goes on exactly there (G11)', async () => {
  const sampler = new BaseSampler({ batch_size: 3 })
  const whole = await rest(sampler.sample(split(10), -1), 12)
  for (const at of [1, 4, 7]) {
    const first = sampler.sample(split(10), -1)
    await rest(first, at)
    const second = sampler.sample(split(10), -1)
    second.position = first.position
    expect(await rest(second, 12 - at)).toEqual(whole.slice(at))
  }
})

test('drop_last leaves out the smaller batch, in the length too', async () => {
  const sampler = new BaseSampler({ batch_size: 4, drop_last: true, shuffle: false })
  expect(await rest(sampler.sample(split(10)))).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ])
  expect(sampler.length(split(10))).toBe(2)
  expect(() => sampler.sample(split(3))).toThrow('drop_last leaves no batch')
})

test('downsampling keeps the same rows in every epoch, by share or by number, never both', async () => {
  const half = new BaseSampler({ batch_size: 100, downsample: 0.5 })
  const [one = [], two = []] = await rest(half.sample(split(10), 2))
  expect(one.length).toBe(5)
  expect([...two].sort()).toEqual([...one].sort())
  const other = new BaseSampler({ batch_size: 100, downsample_max_samples: 5, downsample_seed: 1 })
  const [three = []] = await rest(other.sample(split(10)))
  expect([...three].sort()).not.toEqual([...one].sort())
  expect(other.length(split(10))).toBe(1)
  expect(() => new BaseSampler({ downsample: 0.5, downsample_max_samples: 3 })).toThrow('exclude each other')
})

test('an empty split is an error', () => {
  expect(() => new BaseSampler().sample(new TabularDataset({ train: [[1]] }).val)).toThrow('the split is empty')
})
