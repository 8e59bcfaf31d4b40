/**
 * The rungs of one bracket as a drawing: a column a rung, its trials from left to right in the order in which they got there,
 * the metric upwards. Drawn by rungs.tsx. Pure.
 */
import type { RungEntryView, RungView } from '../api/views.ts'
import { shortNumber } from '../format/number.ts'
import type { Frame, Size } from './plots.ts'
import { placeIn, rangeOf, rangeTicks, type Tick } from './scale.ts'

export type Outcome = RungEntryView['outcome']

export interface RungDot {
  /** The trial's id. */
  readonly id: string
  readonly number: number
  readonly x: number
  readonly y: number
  readonly open: boolean
  readonly outcome: Outcome
  /** Place of the column. */
  readonly column: number
}

export interface RungColumn {
  readonly step: number
  readonly left: number
  readonly right: number
  readonly title: string
  /** `14 of 24 here`. */
  readonly count: string
  /** px of the cut-off; null for none, or when it lies outside. */
  readonly cut: number | null
}

export interface RungShape {
  readonly frame: Frame
  readonly columns: readonly RungColumn[]
  readonly dots: readonly RungDot[]
  /** One a trial that got further than its first rung. */
  readonly ways: readonly { readonly id: string; readonly path: string }[]
  readonly ys: readonly Tick[]
}

/** px of a column's edge that stay empty. */
const EDGE = 14

export function rungShape(rungs: readonly RungView[], idOf: (trial: number) => string, size: Size): RungShape {
  const frame: Frame = { ...size, left: 52, right: size.width - 10, top: 12, bottom: size.height - 40 }
  const range = rangeOf(rungs.flatMap(rung => rung.entries.flatMap(({ value }) => (value === null ? [] : [value]))))
  const width = (frame.right - frame.left) / Math.max(1, rungs.length)
  const up = (value: number) =>
    round(range === null ? frame.bottom : frame.bottom - placeIn(range, value) * (frame.bottom - frame.top))
  const columns = rungs.map((rung, column): RungColumn => {
    const left = frame.left + column * width
    const cut = rung.cutoff === null || range === null ? null : up(rung.cutoff)
    return {
      step: rung.step,
      left: round(left),
      right: round(left + width),
      title: `${rung.last ? 'end, step' : 'step'} ${shortNumber(rung.step)}`,
      count: countOf(rung),
      cut: cut !== null && cut >= frame.top && cut <= frame.bottom ? cut : null,
    }
  })
  const dots = rungs.flatMap((rung, column) =>
    rung.entries.map(({ trial, value, outcome }, order): RungDot => {
      const share = rung.entries.length < 2 ? 0.5 : order / (rung.entries.length - 1)
      return {
        id: idOf(trial),
        number: trial,
        x: round(frame.left + column * width + EDGE + share * (width - 2 * EDGE)),
        y: value === null ? frame.bottom - 5 : up(value),
        open: outcome === 'running' || outcome === 'paused',
        outcome,
        column,
      }
    }),
  )
  const byTrial = new Map<string, RungDot[]>()
  for (const dot of dots) byTrial.set(dot.id, [...(byTrial.get(dot.id) ?? []), dot])
  const ways = [...byTrial].flatMap(([id, own]) =>
    own.length < 2 ? [] : [{ id, path: own.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('') }],
  )
  return { frame, columns, dots, ways, ys: range === null ? [] : rangeTicks(range, 4) }
}

const round = (value: number) => Math.round(value * 10) / 10

/** Brackets that have rungs, in order. */
export function bracketsOf(rungs: readonly RungView[]): readonly number[] {
  return [...new Set(rungs.map(rung => rung.bracket))]
}

/** An asynchronous scheduler may send on more than were planned. */
function countOf({ reached, planned }: RungView): string {
  if (planned === null) return `${reached} here`
  return reached > planned ? `${reached} here, ${planned} planned` : `${reached} of ${planned} planned`
}
