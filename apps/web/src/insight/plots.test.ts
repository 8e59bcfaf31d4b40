import { axesOf } from '@flambe/search/insight'
import { expect, it } from 'vitest'
import { brushed } from './brush.ts'
import { historyShape, METRIC, parallelShape, sliceShape } from './plots.ts'
import type { TrialRow } from './trial-rows.ts'

const row = (number: number, metric: number | null, params: TrialRow['params'] = {}): TrialRow => ({
  id: `e.train.${number}`,
  number,
  metric,
  params,
  open: false,
  state: metric === null ? 'failure' : 'success',
  reason: null,
})
const size = { width: 400, height: 200 }

it('draws the best so far as steps that only get better, and what has no metric at the foot', () => {
  const shape = historyShape([row(1, 0.5), row(2, null), row(3, 0.4), row(4, 0.9)], 'max', size)
  expect(shape.dots.map(dot => [dot.number, dot.improved])).toEqual([
    [1, true],
    [3, false],
    [4, true],
  ])
  expect(shape.lost.map(one => one.number)).toEqual([2])
  const heights = [...shape.best.matchAll(/V([\d.]+)/g)].map(match => Number(match[1]))
  expect(heights).toEqual([...heights].sort((a, b) => b - a))
  expect(historyShape([row(1, 0.5), row(2, 0.4)], 'min', size).dots.map(dot => dot.improved)).toEqual([true, true])
})

it('keeps every dot inside of the frame', () => {
  const rows = Array.from({ length: 60 }, (_, i) => row(i + 1, Math.sin(i), { kind: `k${i % 5}` }))
  const [axis] = axesOf(rows)
  if (!axis) throw new Error('no axis')
  for (const { dots, frame } of [historyShape(rows, 'max', size), sliceShape(rows, axis, size)]) {
    expect(dots).toHaveLength(60)
    for (const dot of dots) {
      expect(dot.x).toBeGreaterThanOrEqual(frame.left)
      expect(dot.x).toBeLessThanOrEqual(frame.right)
      expect(dot.y).toBeGreaterThanOrEqual(frame.top)
      expect(dot.y).toBeLessThanOrEqual(frame.bottom)
    }
  }
})

it('draws a line for each trial with a metric, the best last, with a gap where an option is missing', () => {
  const rows = [
    row(1, 0.9, { a: 1, b: 2 }),
    row(2, 0.1, { a: 2, c: 1 }),
    row(3, null, { a: 3, b: 1 }),
    row(4, 0.5, { a: 3, b: 4, c: 2 }),
  ]
  const shape = parallelShape(rows, ['a', 'b', 'c'], 'max', size)
  expect(shape.axes.map(axis => axis.name)).toEqual(['a', 'b', 'c', METRIC])
  expect(shape.lines.map(line => line.number)).toEqual([2, 4, 1])
  expect(shape.lines.at(-1)?.good).toBeGreaterThan(0.9)
  const gap = shape.lines.find(line => line.number === 2)
  expect(gap?.places[1]).toBe(null)
  expect(gap?.path.match(/M/g)).toHaveLength(2)
})

it('keeps the lines within all ranges; a trial without the option is in none', () => {
  const rows = [row(1, 0.9, { a: 1, b: 1 }), row(2, 0.1, { a: 2 }), row(3, 0.5, { a: 3, b: 4 })]
  const { lines, axes } = parallelShape(rows, ['a', 'b'], 'max', size)
  const numbers = (brush: Parameters<typeof brushed>[2]) => brushed(lines, axes, brush).map(line => line.number)
  expect(numbers(new Map())).toEqual([2, 3, 1])
  expect(numbers(new Map([['a', { from: 0.4, to: 1 }]]))).toEqual([2, 3])
  expect(numbers(new Map([['b', { from: 0, to: 1 }]]))).toEqual([3, 1])
  expect(
    numbers(
      new Map([
        ['b', { from: 0, to: 1 }],
        [METRIC, { from: 0.8, to: 1 }],
      ]),
    ),
  ).toEqual([1])
})

it('leaves out words that would touch the one before', () => {
  const rows = [0, 0.5, 0.8, 0.9, 0.95, 0.99].map((value, i) => row(i + 1, i, { momentum: value }))
  const [axis] = axesOf(rows)
  if (!axis) throw new Error('no axis')
  const words = (width: number) => sliceShape(rows, axis, { width, height: 180 }).xs.map(tick => tick.text)
  expect(words(2000)).toEqual(['0', '0.5', '0.8', '0.9', '0.95', '0.99'])
  expect(words(330)).toEqual(['0', '0.5', '0.8', '0.95'])
})
