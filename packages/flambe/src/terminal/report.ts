/** How a run ended: the best trials, what failed and why, what a person should know. Called once, by follow.ts. */
import type { BlockView } from '@flambe/hub'
import { planAnswer } from '@flambe/language'
import pc from 'picocolors'
import { problemOf, Refused } from '../client/refused.ts'
import type { Watched } from '../client/watch.ts'
import { bestTables } from './best.ts'
import { allOf, headline } from './reason.ts'
import { duration } from './values.ts'

const SHOWN = 10

/** @returns the exit code: 0 all is well, 1 a trial failed or the experiment did not succeed */
export function reportEnd(now: Watched, dir: string, options: { readonly json?: true }): number {
  const { experiment } = now
  const trials = [...now.trials.values()]
  const failed = trials.filter(t => t.state === 'failure').sort((a, b) => (a.ended ?? 0) - (b.ended ?? 0))
  const warnings = experiment.block_list.filter(withoutMetric).map(noMetric)
  const out = (line: string) => process.stdout.write(`${line}\n`)
  if (options.json) {
    for (const message of warnings) {
      const warning = { ...problemOf(new Refused(message, 0, 'no-metric'), ''), severity: 'warning' as const }
      for (const problem of planAnswer({ plan: null, problems: [warning] }).problems)
        out(JSON.stringify({ event: 'problem', problem }))
    }
    const { state, reason } = experiment
    const reasons = failed.map(t => ({ id: t.id, reason: t.reason }))
    out(JSON.stringify({ event: 'done', state, reason, failed: reasons, folder: dir }))
  } else {
    const tables = bestTables(experiment, trials, process.stdout.columns ?? 80)
    if (tables !== '') out(`\n${tables}`)
    out('')
    for (const t of failed.slice(0, SHOWN)) {
      const [first, ...rest] = allOf(t.reason ?? 'failed')
      out(`${pc.red('✗')} ${t.block} ${t.number}: ${first}`)
      for (const line of rest) out(pc.dim(`    ${line}`))
    }
    if (failed.length > SHOWN) out(`  … and ${failed.length - SHOWN} more that failed`)
    for (const message of warnings) out(`${pc.yellow('warning')} ${message}`)
    const took = duration((experiment.ended ?? experiment.created) - (experiment.started ?? experiment.created))
    const state = experiment.state === 'success' ? pc.green('success') : pc.red(experiment.state)
    // Its reason tells of the failed trials, which stand above with theirs.
    const why = failed.length > 0 || experiment.reason === null ? '' : `: ${headline(experiment.reason)}`
    out(`${pc.bold(state)} in ${took}${why}`)
    out(pc.dim(dir))
  }
  return experiment.state === 'success' && failed.length === 0 ? 0 : 1
}

/** Reduced, and nothing to rank by: its trials went on as they stood. */
const withoutMetric = (b: BlockView): boolean =>
  b.reduce !== null && b.ranking !== null && b.ranking.length > 0 && b.ranking.every(r => r.metric === null)

function noMetric(block: BlockView): string {
  const kept = (block.ranking ?? []).filter(r => r.kept).map(r => r.number)
  const went = kept.length === 1 ? `trial ${kept[0]} went on` : `trials ${kept.join(', ')} went on`
  return `block ${block.id} reported no metric to reduce by: ${went}, the first in order`
}
