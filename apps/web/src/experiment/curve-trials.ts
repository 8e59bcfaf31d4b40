/** Which trials the curves show: those of the filtered table that have begun, in its order, fairly over the blocks. */
import type { TrialView } from '../api/views.ts'
import type { CurveTrial } from '../chart/curves.tsx'
import { paramText, shortKey } from '../format/param.ts'

/** What one read of series may name. */
const MOST = 100

/** At most `each` trials of every block, at most 100 in all. Trials that never ran have no points and take no place. */
export function curveTrials(
  rows: readonly TrialView[],
  each: number,
  keys: readonly string[],
  withBlock: boolean,
): readonly CurveTrial[] {
  const taken = new Map<string, number>()
  const chosen: CurveTrial[] = []
  for (const row of rows) {
    if (chosen.length >= MOST) break
    const count = taken.get(row.block) ?? 0
    if (row.epoch === 0 || count >= each) continue
    taken.set(row.block, count + 1)
    chosen.push({ id: row.id, number: row.number, label: trialLabel(row, keys, withBlock) })
  }
  return chosen
}

/** `#3 lr 0.01 filters 8`, with the block's name in front where several blocks are shown. */
export function trialLabel(row: TrialView, keys: readonly string[], withBlock: boolean): string {
  const params = keys.slice(0, 3).flatMap(key => {
    const value = row.params[key]
    return value === undefined ? [] : [`${shortKey(key)} ${paramText(value)}`]
  })
  return [`${withBlock ? `${row.block} ` : ''}#${row.number}`, ...params].join(' · ')
}
