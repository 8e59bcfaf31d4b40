import { expect, it } from 'vitest'
import { columnNames, differingKeys, paramText, shortKey } from './param.ts'

it('writes values the way the language does', () => {
  expect([0.001, 'adam', true, null, { tag: 'c.Enc', index: 0 }, { link: 'a.x' }, [1, 2]].map(paramText)).toEqual([
    '0.001',
    'adam',
    'true',
    'null',
    '!c.Enc',
    '!@ a.x',
    '[1,2]',
  ])
})

it('finds the parameters that differ, missing ones included', () => {
  const rows = [
    { params: { lr: 0.1, depth: 2, kind: 'a' } },
    { params: { lr: 0.2, depth: 2, kind: 'a' } },
    { params: { lr: 0.1, depth: 2 } },
  ]
  expect(differingKeys(rows)).toEqual(['lr', 'kind'])
  expect(differingKeys(rows.slice(0, 1))).toEqual(['lr', 'depth', 'kind'])
  expect(differingKeys([])).toEqual([])
})

it('shortens keys as far as they stay unique', () => {
  expect(shortKey('train.optimizer.learning_rate')).toBe('learning_rate')
  expect([...columnNames(['a.x', 'b.x', 'a.encoder.width']).values()]).toEqual(['a.x', 'b.x', 'width'])
})
