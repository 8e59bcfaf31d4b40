// PED-ANOVA (Watanabe, Bansal and Hutter, 2023), with Optuna's choices: how far the density of the best tenth of the trials
// along one option is from the density of all of them (Pearson divergence), on 50 cells, kernels of Scott's width, and
// one prior of weight 1. Cheap, and about what makes trials good rather than about the whole range.
// An option that not every trial has counts by the share of trials that have it.

import type { Mode } from '../history.ts'
import type { Space } from '../space.ts'
import { type Axis, axesOf, placeOn } from './axis.ts'
import { type Row, scoredRows } from './rows.ts'
import { type Importance, shares } from './shares.ts'

export function pedAnova(rows: readonly Row[], mode: Mode, space?: Space): Importance[] {
  const scored = scoredRows(rows, mode)
  return shares(
    axesOf(rows, space).map(axis => {
      const having = scored.flatMap(({ row, score }) => {
        const place = placeOn(axis, row.params[axis.name])
        return place === null ? [] : [{ place, score }]
      })
      const best = [...having].sort((a, b) => b.score - a.score).slice(0, Math.max(Math.ceil(having.length * TOP), 1))
      const raw =
        having.length < 2
          ? 0
          : divergence(
              axis,
              best.map(p => p.place),
              having.map(p => p.place),
            )
      return { name: axis.name, raw: raw * (having.length / Math.max(scored.length, 1)) }
    }),
  )
}

const TOP = 0.1
const CELLS = 50

function divergence(axis: Axis, best: readonly number[], all: readonly number[]): number {
  const top = densityOf(axis, best)
  const local = densityOf(axis, all)
  return local.reduce((sum, p, cell) => sum + p * ((top[cell] ?? 0) / p - 1) ** 2, 0)
}

/** Mass per cell; sums to 1. */
function densityOf(axis: Axis, places: readonly number[]): number[] {
  const cells = axis.kind === 'choice' ? axis.values.length : CELLS
  const counts = new Array<number>(cells).fill(0)
  for (const place of places) {
    const cell = Math.min(Math.floor(place * cells), cells - 1)
    counts[cell] = (counts[cell] ?? 0) + 1
  }
  const spread = axis.kind === 'choice' ? counts : smooth(counts, places.length)
  return spread.map(count => (count + 1 / cells) / (places.length + 1))
}

/** Each cell's count spread by a normal that is cut at the ends. */
function smooth(counts: readonly number[], total: number): number[] {
  const width = scott(counts, total)
  const result = counts.map(() => 0)
  counts.forEach((count, cell) => {
    if (count === 0) return
    const kernel = counts.map((_, other) => Math.exp(-0.5 * ((other - cell) / width) ** 2))
    const mass = kernel.reduce((sum, k) => sum + k, 0)
    kernel.forEach((k, other) => {
      result[other] = (result[other] ?? 0) + (count * k) / mass
    })
  })
  return result
}

/** Scott's rule in cells; at least so wide that half a cell holds nine tenths. */
function scott(counts: readonly number[], total: number): number {
  const mean = counts.reduce((sum, count, cell) => sum + count * cell, 0) / total
  const variance = counts.reduce((sum, count, cell) => sum + count * (cell - mean) ** 2, 0) / Math.max(total - 1, 1)
  const quartile = (share: number) => {
    let passed = 0
    return counts.findIndex(count => {
      passed += count
      return passed >= share * total
    })
  }
  const range = (quartile(0.75) - quartile(0.25)) / 1.34
  return Math.max(1.059 * Math.min(range, Math.sqrt(variance)) * total ** -0.2, 0.5 / 1.64)
}
