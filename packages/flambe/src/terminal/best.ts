/** The table that a run ends with: per block with a metric, its best trials with the options in which they differ. */
import type { ExperimentDetail, TrialView } from '@flambe/hub'
import Table from 'cli-table3'
import pc from 'picocolors'
import { plainTable } from './table.ts'
import { duration, shortMetric, shortValue } from './values.ts'

const SHOWN = 5

export function bestTables(experiment: ExperimentDetail, trials: readonly TrialView[]): string {
  const parts: string[] = []
  for (const block of experiment.block_list) {
    const all = trials.filter(t => t.block === block.id && t.metric !== null)
    if (all.length === 0) continue
    const sign = block.mode === 'min' ? 1 : -1
    const rank = (t: TrialView) =>
      typeof t.metric === 'number'
        ? sign * t.metric
        : t.metric === '.nan'
          ? Number.MAX_VALUE
          : (t.metric === '.inf' ? sign : -sign) * Infinity
    const best = [...all].sort((a, b) => rank(a) - rank(b) || a.number - b.number).slice(0, SHOWN)
    const keys = [...new Set(all.flatMap(t => Object.keys(t.params)))].filter(
      k => new Set(all.map(t => JSON.stringify(t.params[k]))).size > 1,
    )
    const table = new Table(plainTable(['', 'trial', 'metric', 'step', ...keys, 'time']))
    for (const t of best) {
      const time = t.started !== null && t.ended !== null ? duration(t.ended - t.started) : ''
      const mark = t.kept === true && block.reduce !== null ? pc.green('kept') : ''
      table.push([
        mark,
        String(t.number),
        pc.bold(shortMetric(t.metric)),
        String(t.step),
        ...keys.map(k => (k in t.params ? shortValue(t.params[k] ?? null) : '')),
        time,
      ])
    }
    const title =
      all.length > SHOWN ? `best ${SHOWN} of ${all.length}` : `${all.length} trial${all.length === 1 ? '' : 's'}`
    parts.push(`${pc.bold(block.id)}  ${pc.dim(title)}\n${table.toString()}`)
  }
  return parts.join('\n\n')
}
