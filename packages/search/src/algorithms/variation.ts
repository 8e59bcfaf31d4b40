// New points from old ones: what evolutionary searches do to a code. Whatever becomes active is drawn from its prior.

import type { Random } from '../random.ts'
import { type Coding, childrenOf, type Dimension } from './coding.ts'
import { shareOf } from './embedding.ts'
import { valueAt } from './unit.ts'

/** Dimensions that are active in a code, parents before children. */
export function activeIn(level: readonly Dimension[], code: Float64Array): Dimension[] {
  return level.flatMap(d => [d, ...activeIn(childrenOf(d, code), code)])
}

/** Walks down from the roots; `pick` gives a value, or NaN for a draw from the prior. */
export function grown(coding: Coding, random: Random, pick: (d: Dimension) => number): Float64Array {
  const code = new Float64Array(coding.all.length).fill(Number.NaN)
  const fill = (level: readonly Dimension[]) => {
    for (const d of level) {
      const value = pick(d)
      code[d.at] = Number.isNaN(value) || (value < 0 && d.kind === 'choice') ? valueAt(d, random()) : value
      fill(childrenOf(d, code))
    }
  }
  fill(coding.roots)
  return code
}

/** Another option, or a number near this one: a normal step of a tenth of the range, at least to the next cell. */
export function moved(d: Dimension, value: number, random: Random, gauss: () => number): number {
  if (d.kind === 'choice') {
    if (d.values.length < 2) return value
    const other = Math.floor(random() * (d.values.length - 1))
    return other >= value ? other + 1 : other
  }
  const share = shareOf(d, value)
  const next = valueAt(d, Math.min(Math.max(share + 0.1 * gauss(), 0), 1))
  if (d.step === 0 || next !== value) return next
  const [up, down] = [d.outward(d.inward(value + d.step)), d.outward(d.inward(value - d.step))]
  return up === value ? down : down === value || random() < 0.5 ? up : down
}
