import { expect, it } from 'vitest'
import { type Brush, brushOf, brushText, spanByKey, spanOf, withSpan } from './brush.ts'
import { METRIC } from './plots.ts'

it('goes into the address and comes back, whatever the names', () => {
  const brush: Brush = new Map([
    ['train.optimizer.lr', { from: 0.2, to: 0.5 }],
    ['odd:name,with signs', { from: 0, to: 1 }],
    [METRIC, { from: 0.75, to: 1 }],
  ])
  expect(brushOf(brushText(brush))).toEqual(brush)
  expect(brushText(withSpan(brush, 'odd:name,with signs', null))).toBe('train.optimizer.lr:0.2-0.5,~:0.75-1')
})

it('leaves out what makes no sense', () => {
  expect(brushOf('')).toEqual(new Map())
  expect(brushOf('lr,lr:,lr:a-b,lr:0.5-0.5,%:0.1-0.4')).toEqual(new Map([['%', { from: 0.1, to: 0.4 }]]))
  expect(spanOf(0.9, -3)).toEqual({ from: 0, to: 0.9 })
})

it('is made, moved, widened and taken away by keys', () => {
  expect(spanByKey(undefined, 'ArrowUp', false)).toEqual({ from: 0.75, to: 1 })
  expect(spanByKey({ from: 0.75, to: 1 }, 'ArrowUp', false)).toEqual({ from: 0.75, to: 1 })
  expect(spanByKey({ from: 0.5, to: 0.75 }, 'ArrowDown', false)).toEqual({ from: 0.45, to: 0.7 })
  expect(spanByKey({ from: 0, to: 0.25 }, 'ArrowUp', true)?.to).toBeCloseTo(0.3)
  expect(spanByKey({ from: 0, to: 0.25 }, 'Escape', false)).toBe(null)
  expect(spanByKey({ from: 0, to: 0.25 }, 'a', false)).toBe(undefined)
})
