// From numbers in [0, 1) to a code: every dimension takes its own number, and only the active ones are written.

import { type Coding, childrenOf, type Dimension } from './coding.ts'

export function codeFrom(coding: Coding, at: (dimension: Dimension) => number): Float64Array {
  const code = new Float64Array(coding.all.length).fill(Number.NaN)
  const fill = (level: readonly Dimension[]) => {
    for (const d of level) {
      code[d.at] = valueAt(d, at(d))
      fill(childrenOf(d, code))
    }
  }
  fill(coding.roots)
  return code
}

/** The value at a share `u` of the prior. */
export function valueAt(d: Dimension, u: number): number {
  if (d.kind === 'choice') return Math.min(Math.floor(u * d.values.length), d.values.length - 1)
  return d.outward(d.low + u * (d.high - d.low))
}
