// A code as coordinates whose Euclidean distances suit a kernel, one group of coordinates per dimension of the space.
// Numbers become their share of the range. A choice is one-hot: any two options are at distance 1. A number that is not
// always active has a second coordinate: inactive is one point, far from every active value, so the kernel stays valid.

import { type Coding, type Dimension, together } from './coding.ts'

export interface Embedding {
  /** The group of each coordinate. */
  readonly groups: readonly number[]
  /** The first coordinate of each dimension. */
  readonly first: readonly number[]
  readonly embed: (code: Float64Array) => Float64Array
}

export function embeddingOf(coding: Coding): Embedding {
  const always = new Set(together(coding.roots))
  const groups: number[] = []
  const first = coding.all.map(d => {
    const start = groups.length
    const width = d.kind === 'choice' ? d.values.length : always.has(d) ? 1 : 2
    for (let at = 0; at < width; at++) groups.push(d.at)
    return start
  })
  return {
    groups,
    first,
    embed(code) {
      const point = new Float64Array(groups.length)
      for (const d of coding.all) write(d, code[d.at] ?? Number.NaN, point, first[d.at] ?? 0, always.has(d))
      return point
    },
  }
}

/** The share of the range at which a value lies. */
export function shareOf(d: Dimension, value: number): number {
  return d.kind === 'choice' ? 0 : (d.inward(value) - d.low) / (d.high - d.low)
}

function write(d: Dimension, value: number, point: Float64Array, at: number, always: boolean): void {
  if (d.kind === 'choice') {
    if (value >= 0) point[at + value] = Math.SQRT1_2
  } else if (always) point[at] = Number.isNaN(value) ? 0.5 : shareOf(d, value)
  else if (Number.isNaN(value)) point[at + 1] = 1
  else point[at] = shareOf(d, value) - 0.5
}
