// Functions whose answers are known: linear ones have exact shares of variance, fronts and volumes can be counted.

import { describe, expect, it } from 'vitest'
import { randomStream } from '../random.ts'
import { draw, type Space } from '../space.ts'
import {
  axesOf,
  bestHistory,
  contour,
  edf,
  fanova,
  hypervolumeHistory,
  parallelCoordinates,
  paretoFront,
  pedAnova,
  placeOn,
  type Row,
  rankPlot,
  rowsOf,
  slices,
  valueOn,
} from './index.ts'

const space: Space = {
  lr: { kind: 'loguniform', low: 1e-4, high: 1 },
  layers: { kind: 'randint', low: 1, high: 5 },
  noise: { kind: 'uniform', low: -1, high: 1 },
  opt: {
    kind: 'choice',
    options: [{ value: 'adam', children: { beta: { kind: 'uniform', low: 0, high: 1 } } }, { value: 'sgd' }],
  },
}

function rows(count: number, metric: (params: Row['params']) => number): Row[] {
  return Array.from({ length: count }, (_, at) => {
    const params = draw(space, randomStream(5, 'rows', at))
    return { number: at + 1, params, metric: metric(params) }
  })
}

const place = (params: Row['params']) => (Math.log10(Number(params.lr)) + 4) / 4

function share(of: readonly { readonly name: string; readonly share: number }[], name: string): number {
  return of.find(found => found.name === name)?.share ?? Number.NaN
}

describe('importance', () => {
  it('fANOVA gives a linear function its shares of variance: 9 to 1 and nothing', () => {
    const found = fanova(
      rows(500, p => 3 * place(p) + 0.5 * (Number(p.noise) + 1)),
      'min',
      space,
    )
    expect(share(found, 'lr')).toBeGreaterThan(0.85)
    expect(share(found, 'lr')).toBeLessThan(0.95)
    expect(share(found, 'noise')).toBeGreaterThan(0.05)
    expect(share(found, 'layers')).toBeLessThan(0.02)
    expect(found.reduce((sum, { share: own }) => sum + own, 0)).toBeCloseTo(1, 12)
    expect(
      fanova(
        rows(500, p => 3 * place(p)),
        'min',
        space,
      ),
    ).toEqual(
      fanova(
        rows(500, p => 3 * place(p)),
        'min',
        space,
      ),
    )
  })

  it('PED-ANOVA names what makes trials good, steps and choices too', () => {
    const one = pedAnova(
      rows(300, p => (place(p) - 0.3) ** 2),
      'min',
      space,
    )
    expect(one[0]?.name).toBe('lr')
    expect(share(one, 'lr')).toBeGreaterThan(0.7)
    const two = pedAnova(
      rows(300, p => Math.abs(Number(p.layers) - 2) + (p.opt === 'sgd' ? 0 : 5)),
      'min',
      space,
    )
    expect(
      two
        .slice(0, 2)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['layers', 'opt'])
  })

  it('tells nothing from nothing', () => {
    expect(pedAnova([], 'min', space)).toEqual([])
    for (const method of [pedAnova, fanova]) {
      const found = method([{ number: 1, params: { lr: 0.1 }, metric: null }], 'min', space)
      expect(found).toEqual([{ name: 'lr', share: 0 }])
    }
  })
})

describe('axes', () => {
  it('come from the space, and without one from the values', () => {
    const seen = rows(40, () => 0)
    const [beta, layers, lr] = axesOf(seen, space)
    expect(beta).toEqual({ name: 'beta', kind: 'number', log: false, low: 0, high: 1 })
    expect(layers).toEqual({ name: 'layers', kind: 'number', log: false, low: 1, high: 4 })
    expect(lr?.kind === 'number' && [lr.log, lr.low]).toEqual([true, 1e-4])
    expect(axesOf(seen).map(axis => axis.kind)).toEqual(['number', 'number', 'number', 'number', 'choice'])
    expect(axesOf(seen).find(axis => axis.name === 'lr')).toMatchObject({ log: true })
    const normal: Space = { x: { kind: 'normal', mean: 0, sd: 1 } }
    expect(
      axesOf(
        [
          { number: 1, params: { x: -3 }, metric: 0 },
          { number: 2, params: { x: 2 }, metric: 0 },
        ],
        normal,
      )[0],
    ).toMatchObject({ low: -3, high: 2 })
  })

  it('place values and give them back', () => {
    for (const axis of axesOf(
      rows(20, () => 0),
      space,
    ))
      for (const at of [0.1, 0.3, 0.9]) {
        const back = placeOn(axis, valueOn(axis, at))
        if (axis.kind === 'number') expect(back).toBeCloseTo(at, 9)
        else expect(back).toBe(at < 0.5 ? 0.25 : 0.75)
      }
    expect(placeOn({ name: 'c', kind: 'choice', values: [[1, 2], 'a'] }, [1, 2])).toBe(0.25)
    expect(placeOn({ name: 'c', kind: 'choice', values: ['a'] }, 'gone')).toBeNull()
  })
})

const four: Row[] = [
  { number: 1, params: { x: 0, y: 0 }, metric: 4 },
  { number: 2, params: { x: 1, y: 0 }, metric: null },
  { number: 3, params: { x: 1, y: 1 }, metric: 2 },
  { number: 4, params: { x: 0, y: 1 }, metric: 2 },
  { number: 5, params: { x: 0.5 }, metric: 3 },
]

describe('plots', () => {
  it('follow the best value; ties keep the earlier, bad values change nothing', () => {
    expect(bestHistory(four, 'min').map(({ best, improved }) => [best, improved])).toEqual([
      [4, true],
      [4, false],
      [2, true],
      [2, false],
      [2, false],
    ])
    expect(bestHistory(four, 'max').map(({ best }) => best)).toEqual([4, 4, 4, 4, 4])
    expect(bestHistory([{ number: 1, params: {}, metric: null }], 'min')).toEqual([
      { number: 1, metric: null, best: null, improved: false },
    ])
  })

  it('slice every option against the metric', () => {
    const [x, y] = slices(four)
    expect(x?.points.map(point => point.number)).toEqual([1, 3, 4, 5])
    expect(y?.points.map(point => point.number)).toEqual([1, 3, 4])
  })

  it('fill a grid that is exact at the trials and stays within their values', () => {
    const grid = contour(four, ['x', 'y'], undefined, 3)
    expect([grid.xs, grid.ys]).toEqual([
      [0, 0.5, 1],
      [0, 0.5, 1],
    ])
    expect(grid.cells[0]?.[0]).toBeCloseTo(4, 6)
    expect(grid.cells[2]?.[2]).toBeCloseTo(2, 6)
    for (const value of grid.cells.flat()) expect(value >= 2 && value <= 4).toBe(true)
    expect(contour(four, ['x', 'gone']).cells).toEqual([])
  })

  it('rank with equals in the middle', () => {
    expect(rankPlot(four, ['x', 'y'], 'min').points.map(({ number, rank }) => [number, rank])).toEqual([
      [1, 1],
      [3, 1 / 6],
      [4, 1 / 6],
    ])
  })

  it('leave gaps in parallel coordinates', () => {
    expect(parallelCoordinates(four).lines.at(-1)).toEqual({ number: 5, metric: 3, places: [0.5, null] })
  })

  it('compare distributions on one axis', () => {
    const { metrics, sets } = edf({ a: four, b: four.slice(0, 1), none: [] }, 3)
    expect(metrics).toEqual([2, 3, 4])
    expect(sets.map(({ shares }) => shares)).toEqual([
      [0.5, 0.75, 1],
      [0, 0, 1],
      [0, 0, 0],
    ])
    expect(edf({ none: [] })).toEqual({ metrics: [], sets: [{ name: 'none', shares: [] }] })
  })
})

describe('several objectives', () => {
  const pairs: Row[] = [
    [1, 5],
    [2, 3],
    [3, 4],
    [4, 9],
    [4, 1],
  ].map((metrics, at) => ({ number: at + 1, params: {}, metric: metrics[0] ?? null, metrics }))

  it('find the front in each direction', () => {
    expect(paretoFront(pairs, ['min', 'min'])).toEqual([1, 2, 5])
    expect(paretoFront(pairs, ['min', 'max'])).toEqual([1, 4])
    expect(paretoFront([...pairs, { number: 6, params: {}, metric: 0, metrics: [0, null] }], ['min', 'min'])).toEqual([
      1, 2, 5,
    ])
  })

  it('grow the covered volume as trials come', () => {
    expect(hypervolumeHistory(pairs, ['min', 'min'], [5, 10]).map(({ volume }) => volume)).toEqual([20, 26, 26, 26, 28])
    const own = hypervolumeHistory(pairs, ['min', 'max']).map(({ volume }) => volume)
    expect(own.every((volume, at) => volume >= (own[at - 1] ?? 0))).toBe(true)
  })
})

it('reads rows off a history: complete and stopped trials with their last report', () => {
  const history = (['complete', 'stopped', 'failed', 'running'] as const).map((status, at) => ({
    number: at + 1,
    status,
    assignment: { x: at },
    reports: [
      { step: 1, value: 9 },
      { step: 2, value: at, values: [at, 1] },
    ],
  }))
  expect(rowsOf(history)).toEqual([
    { number: 1, params: { x: 0 }, metric: 0, metrics: [0, 1] },
    { number: 2, params: { x: 1 }, metric: 1, metrics: [1, 1] },
  ])
})
