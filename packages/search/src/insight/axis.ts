// The axis of one option: where its values lie between 0 and 1. From the space when there is one, otherwise from the values
// themselves: numbers spread over more than two orders of magnitude count as logarithmic, anything else is a choice.

import { codingOf, type Dimension } from '../algorithms/coding.ts'
import { canonical, type Json } from '../json.ts'
import type { Space } from '../space.ts'
import type { Row } from './rows.ts'

export type Axis =
  | {
      readonly name: string
      readonly kind: 'number'
      readonly log: boolean
      readonly low: number
      readonly high: number
    }
  | { readonly name: string; readonly kind: 'choice'; readonly values: readonly Json[] }

/** Every option that some row has, in canonical order. A name that two branches define differently is read off the rows. */
export function axesOf(rows: readonly Row[], space?: Space): Axis[] {
  const names = new Set(rows.flatMap(row => Object.keys(row.params)))
  const dimensions = space === undefined ? [] : codingOf(space).all
  return [...names].sort().map(name => {
    const same = dimensions.filter(d => d.name === name)
    return (same.length === 1 && same[0] !== undefined ? fromSpace(same[0]) : null) ?? fromRows(name, rows)
  })
}

/** In [0, 1]; choices at the middles of equal shares; null when the row does not have it. */
export function placeOn(axis: Axis, value: Json | undefined): number | null {
  if (value === undefined) return null
  if (axis.kind === 'choice') {
    const at = axis.values.findIndex(known => canonical(known) === canonical(value))
    return at < 0 ? null : (at + 0.5) / axis.values.length
  }
  if (typeof value !== 'number') return null
  const [x, low, high] = axis.log
    ? [Math.log(value), Math.log(axis.low), Math.log(axis.high)]
    : [value, axis.low, axis.high]
  return high > low ? Math.min(Math.max((x - low) / (high - low), 0), 1) : 0.5
}

/** The value at a place: the inverse of `placeOn`. */
export function valueOn(axis: Axis, place: number): Json {
  if (axis.kind === 'choice')
    return axis.values[Math.min(Math.floor(place * axis.values.length), axis.values.length - 1)] ?? null
  if (!axis.log) return axis.low + place * (axis.high - axis.low)
  return Math.exp(Math.log(axis.low) + place * (Math.log(axis.high) - Math.log(axis.low)))
}

/** Null for a normal: its ends are those of the rows. */
function fromSpace(d: Dimension): Axis | null {
  if (d.kind === 'choice') return { name: d.name, kind: 'choice', values: d.values }
  if (d.scale === 'normal') return null
  const [low, high] = d.ends
  return { name: d.name, kind: 'number', log: d.scale === 'log', low, high }
}

function fromRows(name: string, rows: readonly Row[]): Axis {
  const seen = rows.flatMap(row => (row.params[name] === undefined ? [] : [row.params[name]]))
  if (seen.every(value => typeof value === 'number')) {
    const low = seen.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
    const high = seen.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
    return { name, kind: 'number', log: low > 0 && high / low > 100, low, high }
  }
  const values = new Map(seen.map(value => [canonical(value), value]))
  return { name, kind: 'choice', values: [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value) }
}
