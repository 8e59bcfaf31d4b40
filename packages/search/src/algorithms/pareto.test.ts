import { describe, expect, it } from 'vitest'
import { randomStream } from '../random.ts'
import { dominates, frontsOf, hypervolume, spread } from './pareto.ts'

function cloud(count: number, axes: number, seed: number): number[][] {
  const random = randomStream(seed, 'cloud', 1)
  return Array.from({ length: count }, () => Array.from({ length: axes }, () => Math.floor(random() * 8)))
}

describe('several objectives', () => {
  it('ranks as peeling front after front does', () => {
    for (const axes of [1, 2, 3]) {
      const points = cloud(60, axes, axes)
      const ranks = frontsOf(points)
      const peeled = points.map(() => -1)
      for (let rank = 0; peeled.includes(-1); rank++) {
        const open = points.flatMap((_, at) => (peeled[at] === -1 ? [at] : []))
        for (const at of open)
          if (!open.some(other => dominates(points[other] ?? [], points[at] ?? []))) peeled[at] = rank
      }
      expect(ranks).toEqual(peeled)
    }
  })

  it('measures known volumes', () => {
    expect(
      hypervolume(
        [
          [1, 2],
          [2, 1],
          [1, 1],
        ],
        [0, 0],
      ),
    ).toBe(3)
    expect(
      hypervolume(
        [
          [2, 2, 2],
          [1, 1, 3],
        ],
        [0, 0, 0],
      ),
    ).toBe(9)
    expect(hypervolume([[1, -1]], [0, 0])).toBe(0)
  })

  it('agrees with counting cells in three dimensions', () => {
    const points = cloud(12, 3, 9)
    let cells = 0
    for (let x = 0; x < 8; x++)
      for (let y = 0; y < 8; y++)
        for (let z = 0; z < 8; z++) if (points.some(([a = 0, b = 0, c = 0]) => a > x && b > y && c > z)) cells++
    expect(hypervolume(points, [0, 0, 0])).toBe(cells)
  })

  it('picks what covers most first and does not crowd', () => {
    const points = [
      [10, 1],
      [9.9, 1.01],
      [1, 10],
      [6, 6],
    ]
    expect(spread(points, 3, [0, 0])).toEqual([3, 0, 2])
  })
})
