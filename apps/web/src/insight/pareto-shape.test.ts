import { expect, it } from 'vitest'
import { paretoShape } from './pareto-shape.ts'

const point = (trial: number, x: number | null, y: number | null, front: boolean) => ({
  trial,
  values: [x, y],
  feasible: true,
  front,
})
const both = (a: 'min' | 'max', b: 'min' | 'max') => [
  { name: 'error', mode: a },
  { name: 'size', mode: b },
]
const size = { width: 400, height: 300 }
const idOf = (trial: number) => `e1.b.${trial}`

it('draws the front on top, with a line that no dominated trial lies beyond', () => {
  const points = [
    point(1, 1, 4, true),
    point(2, 2, 2, true),
    point(3, 4, 1, true),
    point(4, 3, 3, false),
    point(5, null, 1, false),
  ]
  const { dots, line } = paretoShape(points, both('min', 'min'), [0, 1], idOf, size)
  expect(dots.map(dot => dot.number)).toEqual([4, 1, 2, 3])
  // Less is better in both: first to the right, then down.
  expect(line).toMatch(/^M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+V[\d.]+$/)
  expect(paretoShape(points, both('max', 'min'), [0, 1], idOf, size).line).toMatch(/^M[\d.]+ [\d.]+V/)
})

it('holds for none and for one trial', () => {
  expect(paretoShape([], both('min', 'min'), [0, 1], idOf, size)).toMatchObject({ dots: [], line: '' })
  const [dot] = paretoShape([point(1, 2, 2, true)], both('min', 'min'), [0, 1], idOf, size).dots
  expect([dot?.x, dot?.y].every(Number.isFinite)).toBe(true)
})
