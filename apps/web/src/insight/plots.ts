/**
 * The insight plots as shapes: what stands where, in px, from rows alone. Drawn by history.tsx, parallel.tsx, slice.tsx. Pure.
 */
import { type Axis, axesOf, bestHistory, placeOn } from '@flambe/search/insight'
import { axisTicks, placeIn, type Range, rangeOf, rangeTicks, type Tick } from './scale.ts'
import type { TrialRow } from './trial-rows.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Dot {
  readonly id: string
  readonly number: number
  readonly x: number
  readonly y: number
  /** Its metric may still change. */
  readonly open: boolean
}

export interface Frame extends Size {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export function frameOf({ width, height }: Size, left = 48): Frame {
  return { width, height, left, right: width - 10, top: 8, bottom: height - 22 }
}

const across = (frame: Frame, place: number) => frame.left + place * (frame.right - frame.left)
const up = (frame: Frame, place: number) => frame.bottom - place * (frame.bottom - frame.top)
const px = (value: number) => Math.round(value * 10) / 10

export interface HistoryShape {
  readonly frame: Frame
  readonly dots: readonly (Dot & { readonly improved: boolean })[]
  /** Numbers of trials without a metric, at the foot. */
  readonly lost: readonly { readonly id: string; readonly number: number; readonly x: number; readonly state: string }[]
  /** SVG path of the best value so far. */
  readonly best: string
  readonly xs: readonly Tick[]
  readonly ys: readonly Tick[]
}

/** Trials in their order with the best value so far as a line. */
export function historyShape(rows: readonly TrialRow[], mode: 'min' | 'max', size: Size): HistoryShape {
  const frame = frameOf(size)
  const range = rangeOf(rows.flatMap(row => (row.metric === null ? [] : [row.metric])))
  const last = rows.at(-1)?.number ?? 1
  const numbers: Range = { low: (rows[0]?.number ?? 1) - 0.5, high: last + 0.5 }
  const x = (number: number) => px(across(frame, placeIn(numbers, number)))
  const y = (metric: number) => px(range === null ? frame.bottom : up(frame, placeIn(range, metric)))
  const points = bestHistory(rows, mode)
  const steps = points.flatMap(({ number, best }) => (best === null ? [] : [{ x: x(number), y: y(best) }]))
  const best = steps.map((step, i) => (i === 0 ? `M${step.x} ${step.y}` : `H${step.x}V${step.y}`)).join('')
  const improved = new Set(points.filter(point => point.improved).map(point => point.number))
  return {
    frame,
    dots: rows.flatMap(({ id, number, metric, open }) =>
      metric === null ? [] : [{ id, number, open, x: x(number), y: y(metric), improved: improved.has(number) }],
    ),
    lost: rows.flatMap(({ id, number, metric, state }) =>
      metric === null ? [{ id, number, state, x: x(number) }] : [],
    ),
    best: best === '' ? '' : `${best}H${px(frame.right)}`,
    xs: rangeTicks(numbers, Math.max(2, size.width / 90)).filter(tick => Number.isInteger(Number(tick.text))),
    ys: range === null ? [] : rangeTicks(range, 4),
  }
}

export interface SliceShape {
  readonly axis: Axis
  readonly frame: Frame
  readonly dots: readonly Dot[]
  readonly xs: readonly Tick[]
  readonly ys: readonly Tick[]
}

/** One option against the metric. Trials of one choice are spread a little, the same way always. */
export function sliceShape(rows: readonly TrialRow[], axis: Axis, size: Size): SliceShape {
  const frame = frameOf(size, 44)
  const range = rangeOf(rows.flatMap(row => (row.metric === null ? [] : [row.metric])))
  const spread = axis.kind === 'choice' ? 0.5 / axis.values.length : 0
  return {
    axis,
    frame,
    dots: rows.flatMap(({ id, number, params, metric, open }) => {
      const place = placeOn(axis, params[axis.name])
      if (metric === null || place === null || range === null) return []
      const aside = (((number * 0.618034) % 1) - 0.5) * spread
      const inset = 0.03 + 0.94 * (place + aside)
      return [{ id, number, open, x: px(across(frame, inset)), y: px(up(frame, placeIn(range, metric))) }]
    }),
    xs: apart(
      axisTicks(
        axis,
        Math.max(2, size.width / 70),
        rows.map(row => row.params[axis.name]),
      ),
      0.94 * (frame.right - frame.left),
      wide,
    ).map(tick => ({
      ...tick,
      place: 0.03 + 0.94 * tick.place,
    })),
    ys: range === null ? [] : rangeTicks(range, 3),
  }
}

/** Ticks whose words stand apart on so many px; those that would touch the one before are left out. */
function apart(ticks: readonly Tick[], length: number, size: (tick: Tick) => number): readonly Tick[] {
  let end = Number.NEGATIVE_INFINITY
  return [...ticks]
    .sort((a, b) => a.place - b.place)
    .filter(tick => {
      const half = size(tick) / 2
      const at = tick.place * length
      if (at - half < end) return false
      end = at + half
      return true
    })
}

/** Words side by side, at most 12 letters of about 6.5 px; and one above the other. */
const wide = (tick: Tick) => 6.5 * Math.min(12, tick.text.length) + 8
const tall = () => 13

export const METRIC = '(metric)'

export interface ParallelAxis {
  /** The option's key, or METRIC. */
  readonly name: string
  readonly x: number
  readonly ticks: readonly Tick[]
}

export interface ParallelShape {
  readonly frame: Frame
  readonly axes: readonly ParallelAxis[]
  readonly lines: readonly ParallelLine[]
}

export interface ParallelLine {
  readonly id: string
  readonly number: number
  /** SVG path. */
  readonly path: string
  /** Places on the axes, in their order; null where the trial does not have the option. */
  readonly places: readonly (number | null)[]
  /** 0 for the worst metric, 1 for the best. */
  readonly good: number
}

/** Every trial with a metric as one line over all options, in the given order, and the metric at the right. */
export function parallelShape(
  rows: readonly TrialRow[],
  order: readonly string[],
  mode: 'min' | 'max',
  size: Size,
): ParallelShape {
  const frame: Frame = { ...size, left: 56, right: size.width - 56, top: 34, bottom: size.height - 12 }
  const measured = rows.flatMap(row => (row.metric === null ? [] : [{ row, metric: row.metric }]))
  const range = rangeOf(measured.map(one => one.metric)) ?? { low: 0, high: 1 }
  const known = new Map(axesOf(measured.map(one => one.row)).map(axis => [axis.name, axis]))
  const axes = order.flatMap(name => known.get(name) ?? [])
  const x = (i: number) => px(across(frame, axes.length === 0 ? 0.5 : i / axes.length))
  const lines = measured.map(({ row, metric }): ParallelLine => {
    const at = placeIn(range, metric)
    const places = [...axes.map(axis => placeOn(axis, row.params[axis.name])), at]
    return { id: row.id, number: row.number, places, path: path(places, x, frame), good: mode === 'max' ? at : 1 - at }
  })
  return {
    frame,
    axes: [
      ...axes.map((axis, i) => ({
        name: axis.name,
        x: x(i),
        ticks: apart(
          axisTicks(
            axis,
            6,
            measured.map(({ row }) => row.params[axis.name]),
          ),
          frame.bottom - frame.top,
          tall,
        ),
      })),
      { name: METRIC, x: x(axes.length), ticks: rangeTicks(range, 6) },
    ],
    // The best on top.
    lines: lines.sort((a, b) => a.good - b.good),
  }
}

/** A gap where an option is missing: the line begins anew behind it. */
function path(places: readonly (number | null)[], x: (i: number) => number, frame: Frame): string {
  let pen = false
  return places
    .map((place, i) => {
      if (place === null) {
        pen = false
        return ''
      }
      const command = pen ? 'L' : 'M'
      pen = true
      return `${command}${x(i)} ${px(up(frame, place))}`
    })
    .join('')
}
