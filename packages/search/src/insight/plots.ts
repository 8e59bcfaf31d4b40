// Data of the plots over options: slice (one option), contour and rank (two), parallel coordinates (all).
// Values stay in natural units; `place` is where they lie on their axis, between 0 and 1.

import { type Mode, score } from '../history.ts'
import type { Json } from '../json.ts'
import type { Space } from '../space.ts'
import { type Axis, axesOf, placeOn, valueOn } from './axis.ts'
import { type Row, scoredRows } from './rows.ts'

export interface SlicePlot {
  readonly axis: Axis
  readonly points: readonly {
    readonly number: number
    readonly value: Json
    readonly place: number
    readonly metric: number
  }[]
}

/** Every option against the metric. */
export function slices(rows: readonly Row[], space?: Space): SlicePlot[] {
  return axesOf(rows, space).map(axis => ({
    axis,
    points: finite(rows).flatMap(({ row, metric }) => {
      const value = row.params[axis.name]
      const place = placeOn(axis, value)
      return value === undefined || place === null ? [] : [{ number: row.number, value, place, metric }]
    }),
  }))
}

export interface PairPoint {
  readonly number: number
  readonly x: number
  readonly y: number
  readonly metric: number
}

export interface ContourPlot {
  readonly x: Axis
  readonly y: Axis
  /** Natural values of the columns and rows of the grid. */
  readonly xs: readonly Json[]
  readonly ys: readonly Json[]
  /** `cells[row][column]`: the metric, interpolated; empty when no trial has both options. */
  readonly cells: readonly (readonly number[])[]
  /** The trials, by their places on the axes. */
  readonly points: readonly PairPoint[]
}

/** Interpolated by inverse distance (Shepard, 1968) to the fourth power: exact at the trials, never beyond their values. */
export function contour(rows: readonly Row[], names: readonly [string, string], space?: Space, size = 40): ContourPlot {
  const { x, y, points } = pair(rows, names, space)
  const places = (axis: Axis) => {
    const count = axis.kind === 'choice' ? axis.values.length : size
    const middle = axis.kind === 'choice' ? 0.5 : 0
    return Array.from(
      { length: count },
      (_, at) => (at + middle) / Math.max(axis.kind === 'choice' ? count : count - 1, 1),
    )
  }
  const [across, down] = [places(x), places(y)]
  return {
    x,
    y,
    xs: across.map(place => valueOn(x, place)),
    ys: down.map(place => valueOn(y, place)),
    cells: points.length === 0 ? [] : down.map(v => across.map(u => interpolated(points, u, v))),
    points,
  }
}

export interface RankPlot {
  readonly x: Axis
  readonly y: Axis
  /** `rank` from 0 for the best to 1 for the worst; equals share the middle of their ranks. */
  readonly points: readonly (PairPoint & { readonly rank: number })[]
}

export function rankPlot(rows: readonly Row[], names: readonly [string, string], mode: Mode, space?: Space): RankPlot {
  const { x, y, points } = pair(rows, names, space)
  const all = scoredRows(rows, mode)
    .map(({ score }) => score)
    .sort((a, b) => b - a)
  const sums = new Map<number, { places: number; count: number }>()
  for (const [place, own] of all.entries()) {
    const sum = sums.get(own) ?? { places: 0, count: 0 }
    sums.set(own, { places: sum.places + place, count: sum.count + 1 })
  }
  const rank = (metric: number) => {
    const sum = sums.get(score(metric, mode))
    return sum === undefined || all.length < 2 ? 0 : sum.places / sum.count / (all.length - 1)
  }
  return { x, y, points: points.map(point => ({ ...point, rank: rank(point.metric) })) }
}

export interface ParallelPlot {
  readonly axes: readonly Axis[]
  /** `places[i]` on `axes[i]`; null where the trial does not have the option. */
  readonly lines: readonly {
    readonly number: number
    readonly metric: number
    readonly places: readonly (number | null)[]
  }[]
}

export function parallelCoordinates(rows: readonly Row[], space?: Space): ParallelPlot {
  const axes = axesOf(rows, space)
  return {
    axes,
    lines: finite(rows).map(({ row, metric }) => ({
      number: row.number,
      metric,
      places: axes.map(axis => placeOn(axis, row.params[axis.name])),
    })),
  }
}

function pair(rows: readonly Row[], [first, second]: readonly [string, string], space?: Space) {
  const axes = axesOf(rows, space)
  const axis = (name: string): Axis => axes.find(found => found.name === name) ?? { name, kind: 'choice', values: [] }
  const [x, y] = [axis(first), axis(second)]
  const points = finite(rows).flatMap(({ row, metric }): PairPoint[] => {
    const [u, v] = [placeOn(x, row.params[first]), placeOn(y, row.params[second])]
    return u === null || v === null ? [] : [{ number: row.number, x: u, y: v, metric }]
  })
  return { x, y, points }
}

function finite(rows: readonly Row[]): { readonly row: Row; readonly metric: number }[] {
  return rows.flatMap(row => (row.metric !== null && Number.isFinite(row.metric) ? [{ row, metric: row.metric }] : []))
}

function interpolated(points: readonly PairPoint[], u: number, v: number): number {
  let sum = 0
  let weights = 0
  for (const { x, y, metric } of points) {
    const weight = 1 / (((x - u) ** 2 + (y - v) ** 2) ** 2 + 1e-12)
    sum += weight * metric
    weights += weight
  }
  return sum / weights
}
