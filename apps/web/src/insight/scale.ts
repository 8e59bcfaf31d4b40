/** Axes of the insight plots: round ticks, and places between 0 and 1 as pixels. Pure. */
import { type Axis, placeOn } from '@flambe/search/insight'
import { shortNumber } from '../format/number.ts'
import { paramText } from '../format/param.ts'

export interface Tick {
  /** 0..1 along the axis. */
  readonly place: number
  readonly text: string
}

/** So many numbers of a grid are all named on the axis. */
const FEW = 6

export interface Range {
  readonly low: number
  readonly high: number
}

/** The finite values' range with a little air; null for none. */
export function rangeOf(values: readonly number[]): Range | null {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return null
  const low = finite.reduce((least, value) => Math.min(least, value))
  const high = finite.reduce((most, value) => Math.max(most, value))
  const air = high > low ? (high - low) * 0.04 : Math.abs(low) * 0.05 || 1
  return { low: low - air, high: high + air }
}

export function placeIn({ low, high }: Range, value: number): number {
  return (value - low) / (high - low)
}

/** Round numbers within the range, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks({ low, high }: Range, count: number): readonly number[] {
  const rough = (high - low) / Math.max(1, count)
  if (!(rough > 0) || !Number.isFinite(rough)) return []
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10)
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  // Through the step's own digits: 3 * 0.1 is not 0.3.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

export function rangeTicks(range: Range, count: number): readonly Tick[] {
  return roundTicks(range, count).map(value => ({ place: placeIn(range, value), text: shortNumber(value) }))
}

/**
 * Every choice; the very numbers where `values` has few of them (a grid); else round numbers, or powers of ten (with both ends
 * where there are fewer than two).
 */
export function axisTicks(axis: Axis, count: number, values: readonly unknown[] = []): readonly Tick[] {
  const tick = (value: number): Tick => ({ place: placeOn(axis, value) ?? 0, text: shortNumber(value) })
  if (axis.kind === 'choice') {
    return axis.values.slice(0, 24).map(value => ({ place: placeOn(axis, value) ?? 0, text: paramText(value) }))
  }
  if (axis.low === axis.high) return [tick(axis.low)]
  const few = [...new Set(values.filter(value => typeof value === 'number'))].sort((a, b) => a - b)
  if (few.length > 0 && few.length <= FEW) return few.map(tick)
  if (!axis.log) return roundTicks(axis, count).map(tick)
  const first = Math.ceil(Math.log10(axis.low) - 1e-9)
  const last = Math.floor(Math.log10(axis.high) + 1e-9)
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(`1e${first + i}`))
  const every = Math.ceil(powers.length / Math.max(1, count))
  const kept = powers.filter((_, i) => i % every === 0)
  return (kept.length < 2 ? [axis.low, axis.high] : kept).map(tick)
}
