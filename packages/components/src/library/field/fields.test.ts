import { beforeAll, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import { cells } from '../data/column.ts'
import type { Field } from './field.ts'
import { LabelField } from './label-field.ts'
import { NumericField } from './numeric-field.ts'

beforeAll(() => openBackend('wasm'))

type Values = (string | number | null)[]
const setup = (field: Field, train: Values[], val: Values[] = [[]], test: Values[] = [[]]) =>
  field.setup({ train: train.map(cells), val: val.map(cells), test: test.map(cells) })

async function encoded(field: Field, columns: Values[]): Promise<number[]> {
  const rows = Array.from({ length: columns[0]?.length ?? 0 }, (_, i) => i)
  const tensor = field.encode(columns.map(cells)).take(rows)
  const values = Array.from(await tensor.data())
  tensor.dispose()
  return values
}

test('labels get indexes by first appearance over train, val and test', async () => {
  const field = new LabelField()
  setup(field, [['b', 'a', 'b']], [['c']], [['d', 'a']])
  expect(field.vocab).toEqual(['b', 'a', 'c', 'd'])
  expect(field.vocab_size).toBe(4)
  expect(field.label_count).toEqual([2, 2, 1, 1])
  expect(field.label_freq.reduce((a, b) => a + b)).toBeCloseTo(1)
  expect(await encoded(field, [['a', 'd']])).toEqual([1, 3])
  expect(() => field.encode([cells(['z'])])).toThrow('unknown label "z" in row 0')
})

test('given labels keep their order, and others are errors', async () => {
  const field = new LabelField({ labels: [0, 1] })
  setup(field, [['1', '0', '1']])
  expect(await encoded(field, [['1', '0']])).toEqual([1, 0])
  expect(() => setup(new LabelField({ labels: ['x'] }), [['y']])).toThrow('unknown label "y"')
  expect(() => new LabelField({ labels: ['x', 'x'] })).toThrow('twice')
})

test('the state of a label field restores its vocabulary', async () => {
  const field = new LabelField()
  setup(field, [['b', 'a']])
  const other = new LabelField()
  other.setState(field.getState())
  expect(await encoded(other, [['a', 'b']])).toEqual([1, 0])
})

test('numbers are standardised with the train split only', async () => {
  const field = new NumericField()
  setup(
    field,
    [
      ['1', '3'],
      [5, 5],
    ],
    [['100'], [5]],
  )
  expect([field.size, field.mean, field.std]).toEqual([2, [2, 5], [1, 1]])
  expect(
    await encoded(field, [
      ['1', '4'],
      [5, 6],
    ]),
  ).toEqual([-1, 0, 2, 1])
})

test('what is not a number is an error; empty cells are filled only if asked for', async () => {
  expect(() => setup(new NumericField(), [['1', 'x']])).toThrow('row 1 has "x", which is not a number')
  expect(() => setup(new NumericField(), [['1', '']])).toThrow('row 1 has an empty cell')
  const field = new NumericField({ missing: 'mean' })
  setup(field, [['1', null, '3']])
  expect(await encoded(field, [['1', ' ', '3']])).toEqual([-1, 0, 1])
})
