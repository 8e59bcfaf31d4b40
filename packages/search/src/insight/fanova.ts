// fANOVA (Hutter, Hoos and Leyton-Brown, 2014): a random forest predicts the metric; how much of its variance over the
// whole range comes from one option alone, all others averaged out, is that option's importance. 64 trees, depth 64.
// Options that a trial does not have stand at the middle of their axis. At most the newest 1,000 trials are looked at.

import type { Mode } from '../history.ts'
import { type Random, randomStream } from '../random.ts'
import type { Space } from '../space.ts'
import { axesOf, placeOn } from './axis.ts'
import { type Row, scoredRows } from './rows.ts'
import { type Importance, shares } from './shares.ts'

export function fanova(rows: readonly Row[], mode: Mode, space?: Space, seed = 0): Importance[] {
  const scored = scoredRows(rows, mode).slice(-1000)
  const axes = axesOf(rows, space)
  const points = scored.map(({ row }) => axes.map(axis => placeOn(axis, row.params[axis.name]) ?? 0.5))
  const targets = scored.map(({ score }) => score)
  const totals = axes.map(() => 0)
  if (scored.length > 1 && axes.length > 0)
    for (let tree = 0; tree < TREES; tree++) {
      const random = randomStream(seed, 'fanova', tree)
      const leaves = grow(bootstrap(points, targets, random))
      const whole = variance(leaves)
      if (whole <= 0) continue
      axes.forEach((_, axis) => {
        totals[axis] = (totals[axis] ?? 0) + marginalVariance(leaves, axis) / whole
      })
    }
  return shares(axes.map((axis, at) => ({ name: axis.name, raw: totals[at] ?? 0 })))
}

const TREES = 64
const DEPTH = 64

/** A box of the unit cube and what the tree says there. */
interface Leaf {
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly volume: number
  readonly value: number
}

/** A bootstrap sample: by axis the places of its members, and what each is worth. */
interface Sample {
  readonly columns: readonly Float64Array[]
  readonly targets: Float64Array
}

function bootstrap(points: readonly (readonly number[])[], targets: readonly number[], random: Random): Sample {
  const drawn = points.map(() => Math.floor(random() * points.length))
  const axes = points[0]?.length ?? 0
  return {
    columns: Array.from({ length: axes }, (_, axis) => Float64Array.from(drawn, at => points[at]?.[axis] ?? 0)),
    targets: Float64Array.from(drawn, at => targets[at] ?? 0),
  }
}

/** Members are sorted once for each axis; a cut keeps both parts in that order. */
function grow({ columns, targets }: Sample): Leaf[] {
  const leaves: Leaf[] = []
  const below = new Uint8Array(targets.length)
  const split = (orders: readonly Uint32Array[], low: readonly number[], high: readonly number[], depth: number) => {
    const own = orders[0] ?? new Uint32Array()
    const cut = own.length < 2 || depth >= DEPTH ? null : bestCut(orders, columns, targets)
    if (cut === null) {
      let sum = 0
      for (const member of own) sum += targets[member] as number
      const volume = low.reduce((product, from, axis) => product * ((high[axis] ?? 1) - from), 1)
      leaves.push({ low, high, volume, value: sum / own.length })
      return
    }
    const { axis, at } = cut
    for (const member of own) below[member] = (columns[axis]?.[member] ?? 0) <= at ? 1 : 0
    const left = orders.map(order => order.filter(member => below[member] === 1))
    const right = orders.map(order => order.filter(member => below[member] === 0))
    split(left, low, high.with(axis, at), depth + 1)
    split(right, low.with(axis, at), high, depth + 1)
  }
  const orders = columns.map(column =>
    Uint32Array.from(column.keys()).sort((a, b) => (column[a] as number) - (column[b] as number)),
  )
  split(
    orders,
    columns.map(() => 0),
    columns.map(() => 1),
    0,
  )
  return leaves
}

/** The cut with the least squared error below and above; null when all targets or all points are equal. */
function bestCut(
  orders: readonly Uint32Array[],
  columns: readonly Float64Array[],
  targets: Float64Array,
): { readonly axis: number; readonly at: number } | null {
  const own = orders[0] ?? new Uint32Array()
  let total = 0
  for (const member of own) total += targets[member] as number
  const base = (total * total) / own.length
  let best: { axis: number; at: number } | null = null
  let most = base + 1e-12 * (1 + Math.abs(base))
  for (let axis = 0; axis < orders.length; axis++) {
    const order = orders[axis] as Uint32Array
    const column = columns[axis] as Float64Array
    let left = 0
    for (let count = 1; count < order.length; count++) {
      const last = order[count - 1] as number
      left += targets[last] as number
      const here = column[last] as number
      const next = column[order[count] as number] as number
      if (here === next) continue
      const gain = left ** 2 / count + (total - left) ** 2 / (order.length - count)
      if (gain > most) {
        most = gain
        best = { axis, at: (here + next) / 2 }
      }
    }
  }
  return best
}

function variance(leaves: readonly Leaf[]): number {
  const mean = leaves.reduce((sum, leaf) => sum + leaf.volume * leaf.value, 0)
  return leaves.reduce((sum, leaf) => sum + leaf.volume * (leaf.value - mean) ** 2, 0)
}

/** Of the prediction along one axis, averaged over all others: constant between the cuts on that axis. */
function marginalVariance(leaves: readonly Leaf[], axis: number): number {
  const cuts = [...new Set(leaves.flatMap(leaf => [leaf.low[axis] ?? 0, leaf.high[axis] ?? 1]))].sort((a, b) => a - b)
  const place = new Map(cuts.map((cut, at) => [cut, at]))
  const change = new Float64Array(cuts.length + 1)
  for (const { low, high, volume, value } of leaves) {
    const [from, to] = [low[axis] ?? 0, high[axis] ?? 1]
    const part = (value * volume) / (to - from)
    const [first, last] = [place.get(from) ?? 0, place.get(to) ?? 0]
    change[first] = (change[first] ?? 0) + part
    change[last] = (change[last] ?? 0) - part
  }
  const mean = leaves.reduce((sum, leaf) => sum + leaf.volume * leaf.value, 0)
  let height = 0
  let sum = 0
  for (let at = 0; at < cuts.length - 1; at++) {
    height += change[at] ?? 0
    sum += ((cuts[at + 1] ?? 0) - (cuts[at] ?? 0)) * (height - mean) ** 2
  }
  return sum
}
