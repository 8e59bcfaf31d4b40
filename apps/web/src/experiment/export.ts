/** All trials that match the filter, as CSV or JSON: read from the hub page by page, so nothing is left out unsaid. */
import { read } from '../api/client.ts'
import type { TrialView } from '../api/views.ts'
import { csv } from '../chart/save.ts'
import { paramText } from '../format/param.ts'
import { type TrialFilter, trialsInput } from './trial-filter.ts'

const PAGE = 1000

export async function allTrials(experiment: string, filter: TrialFilter): Promise<TrialView[]> {
  const rows: TrialView[] = []
  for (;;) {
    const page = await read('trials.list', trialsInput(experiment, filter, rows.length, PAGE))
    rows.push(...page.items)
    if (page.items.length === 0 || rows.length >= page.total) return rows
  }
}

/** One line a trial; every parameter that any of them has is a column under its full key. */
export function trialsCsv(rows: readonly TrialView[]): string {
  const keys = [...new Set(rows.flatMap(row => Object.keys(row.params)))]
  const tags = [...new Set(rows.flatMap(row => Object.keys(row.metrics ?? {})))]
  const head = [
    'id',
    'block',
    'number',
    'state',
    'reason',
    ...keys,
    'step',
    'metric',
    ...tags.map(tag => `metrics.${tag}`),
    'best',
    'best_step',
    'kept',
    'agent',
    'backend',
    'epoch',
    'failures',
    'created',
    'started',
    'ended',
  ]
  const lines = rows.map(row => [
    row.id,
    row.block,
    row.number,
    row.state,
    row.reason,
    ...keys.map(key => (row.params[key] === undefined ? null : exact(row.params[key]))),
    row.step,
    row.metric,
    ...tags.map(tag => row.metrics?.[tag] ?? null),
    row.best,
    row.best_step,
    row.kept === null ? null : String(row.kept),
    row.agent,
    row.backend,
    row.epoch,
    row.failures,
    time(row.created),
    time(row.started),
    time(row.ended),
  ])
  return csv([head, ...lines])
}

function exact(value: Parameters<typeof paramText>[0]): string | number {
  return typeof value === 'number' ? value : paramText(value)
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
