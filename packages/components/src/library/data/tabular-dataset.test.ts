import { writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import { tf } from '../../tf.ts'
import { LabelField } from '../field/label-field.ts'
import { NumericField } from '../field/numeric-field.ts'
import type { Dataset } from './dataset.ts'
import { TabularDataset } from './tabular-dataset.ts'

let folder: string
beforeAll(async () => {
  await openBackend('wasm')
  folder = await mkdtemp(join(tmpdir(), 'tables-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, text)
  return path
}

const fields = () => ({
  x: { field: new NumericField({ standardize: false }), columns: ['a', 'b'] },
  y: { field: new LabelField(), columns: 'kind' },
})

async function rows(dataset: Dataset, split: 'train' | 'val' | 'test'): Promise<number[][][]> {
  const part = dataset[split]
  const batch = part.batch(Array.from({ length: part.length }, (_, i) => i))
  const values = (await Promise.all(batch.map(t => t.array()))) as number[][][]
  tf.dispose(batch)
  return values
}

test('from_path reads csv, tsv and jsonl alike', async () => {
  const csv = await file('t.csv', 'a,b,kind\n1,2,x\n3,"4",y\n')
  const tsv = await file('t.tsv', 'a\tb\tkind\n1\t2\tx\n3\t4\ty\n')
  const jsonl = await file('t.jsonl', '{"a": 1, "b": 2, "kind": "x"}\n\n{"kind": "y", "a": 3, "b": 4}\n')
  for (const train_path of [csv, tsv, jsonl]) {
    const dataset = TabularDataset.fromPath({ train_path, transform: fields() })
    expect(await rows(dataset, 'train')).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [0, 1],
    ])
    expect(dataset.val.length).toBe(0)
  }
})

test('a folder is read in the order of its file names', async () => {
  await file('parts/2.csv', 'a,b,kind\n3,4,y\n')
  await file('parts/1.csv', 'a,b,kind\n1,2,x\n')
  const dataset = TabularDataset.fromPath({ train_path: join(folder, 'parts'), transform: fields() })
  expect((await rows(dataset, 'train'))[0]).toEqual([
    [1, 2],
    [3, 4],
  ])
})

test('fields become attributes of the dataset, and the n-th field takes the n-th column', async () => {
  const train_path = await file('n.csv', 'a,kind\n1,x\n2,y\n')
  const dataset = TabularDataset.fromPath({ train_path, transform: { a: new NumericField(), kind: new LabelField() } })
  expect((dataset as unknown as { kind: LabelField }).kind.vocab_size).toBe(2)
  expect(dataset.train.names).toEqual(['a', 'kind'])
})

test('columns may be kept by name or by index, and there may be no header', async () => {
  const train_path = await file('h.csv', '1,2,x\n3,4,y\n')
  const dataset = TabularDataset.fromPath({
    train_path,
    header: null,
    columns: [2, 0],
    transform: { y: new LabelField() },
  })
  expect(dataset.named_columns).toEqual(['2', '0'])
  expect(await rows(dataset, 'train')).toEqual([[0, 1]])
})

test('ragged, uneven, empty and unknown things are errors that say where', async () => {
  const ragged = await file('ragged.csv', 'a,b,kind\n1,2,x\n3,4\n')
  expect(() => TabularDataset.fromPath({ train_path: ragged })).toThrow(`${ragged}:3: 2 cells where 3 columns`)
  const keys = await file('keys.jsonl', '{"a": 1}\n{"b": 1}\n')
  expect(() => TabularDataset.fromPath({ train_path: keys })).toThrow(`${keys}:2: keys b where a are expected`)
  const broken = await file('broken.jsonl', '{"a": 1}\n{"a": \n')
  expect(() => TabularDataset.fromPath({ train_path: broken })).toThrow(`${broken}:2: not JSON`)
  const empty = await file('empty.csv', 'a,b\n')
  expect(() => TabularDataset.fromPath({ train_path: empty })).toThrow('no rows')
  const good = await file('good.csv', 'a,b,kind\n1,2,x\n')
  expect(() => TabularDataset.fromPath({ train_path: good, columns: ['a', 'nope'] })).toThrow('no column "nope"')
  expect(() =>
    TabularDataset.fromPath({ train_path: good, transform: { y: { field: new LabelField(), columns: 'nope' } } }),
  ).toThrow('no column "nope"')
  expect(() => TabularDataset.fromPath({ train_path: join(folder, 'missing.csv') })).toThrow('ENOENT')
  expect(() => new TabularDataset({ train: [[1, 2], [3]] })).toThrow('train row 1 has 1 cells')
  expect(() => new TabularDataset({ train: [[1]], transform: { train: new NumericField() } })).toThrow(
    '"train" is a name that every TabularDataset has',
  )
})

test('splits of files with different widths are refused', async () => {
  const train_path = await file('w3.csv', 'a,b,kind\n1,2,x\n')
  const val_path = await file('w2.csv', 'a,b\n1,2\n')
  expect(() => TabularDataset.fromPath({ train_path, val_path })).toThrow('val has 2 columns where train has 3')
})

test('a factory builds the subclass that it is called on', () => {
  class Special extends TabularDataset {}
  const data_path = join(folder, 'special.csv')
  writeFileSync(data_path, 'a\n1\n2\n3\n4\n5\n')
  expect(Special.factories.autogen.call(Special, { data_path })).toBeInstanceOf(Special)
})

test('splits cannot be assigned, deleted or changed', () => {
  const dataset = new TabularDataset({ train: [['x']] })
  expect(() => Object.assign(dataset, { train: null })).toThrow(TypeError)
  expect(() => Object.assign(dataset.train, { length: 3 })).toThrow(TypeError)
  expect(() => dataset.train.batch([1])).toThrow(RangeError)
})

test('autogen cuts every row into exactly one split, in the same way for the same seed', async () => {
  const data_path = await file('auto.csv', `a,kind\n${Array.from({ length: 100 }, (_, i) => `${i},x`).join('\n')}\n`)
  const cut = async (seed: number) => {
    const transform = { a: new NumericField({ standardize: false }) }
    const dataset = TabularDataset.autogen({ data_path, seed, test_ratio: 0.2, val_ratio: 0.25, transform })
    const [train, val, test] = await Promise.all((['train', 'val', 'test'] as const).map(s => rows(dataset, s)))
    return { train: train?.flat(2), val: val?.flat(2), test: test?.flat(2) } as { [split: string]: number[] }
  }
  const one = await cut(4)
  expect([one.train?.length, one.val?.length, one.test?.length]).toEqual([60, 20, 20])
  expect(
    Object.values(one)
      .flat()
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 100 }, (_, i) => i))
  expect(await cut(4)).toEqual(one)
  expect(await cut(5)).not.toEqual(one)
})
