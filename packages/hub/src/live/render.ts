/** Which rows a commit touches on the pages, and how each becomes a change with its topics. Between the feed and the views. */
import type { Row } from '@flambe/engine'
import type { AgentView, ExperimentSummary } from '../api/views.ts'
import type { Committed } from '../rows/committed.ts'
import { blockView } from '../views/experiments.ts'
import { trialView } from '../views/trials.ts'
import type { LiveChange, Topic } from './contract.ts'
import type { Feed, RowMark } from './feed.ts'

/** A trial shows in its block's and experiment's counts, an attempt in its trial and agent. */
export function markRows(feed: Feed, rows: readonly Row[]): void {
  for (const row of rows) {
    switch (row.kind) {
      case 'experiment':
      case 'agent':
        feed.mark({ kind: row.kind, id: row.id })
        break
      case 'block':
        feed.mark({ kind: 'block', id: row.id, experiment: row.experiment })
        feed.mark({ kind: 'experiment', id: row.experiment })
        break
      case 'trial':
        feed.mark({ kind: 'trial', id: row.id })
        feed.mark({ kind: 'block', id: row.block, experiment: row.experiment })
        feed.mark({ kind: 'experiment', id: row.experiment })
        break
      case 'attempt':
        feed.mark({ kind: 'trial', id: row.trial })
        feed.mark({ kind: 'agent', id: row.agent })
        break
    }
  }
}

export interface Renderers {
  readonly summary: (id: string) => ExperimentSummary
  readonly agent: (id: string) => AgentView
}

export function renderMark(
  rows: Committed,
  mark: RowMark,
  { summary, agent }: Renderers,
): { readonly change: LiveChange; readonly topics: readonly Topic[] } | null {
  switch (mark.kind) {
    case 'experiment': {
      if (!rows.experiments.has(mark.id)) return null
      return { change: { kind: 'experiment', row: summary(mark.id) }, topics: ['experiments', `experiment:${mark.id}`] }
    }
    case 'block': {
      const experiment = rows.experiments.get(mark.experiment)
      const row = rows.block(mark.experiment, mark.id)
      if (experiment === undefined || row === null) return null
      return {
        change: { kind: 'block', experiment: mark.experiment, row: blockView(rows, experiment, row) },
        topics: [`experiment:${mark.experiment}`],
      }
    }
    case 'trial': {
      const row = rows.trials.get(mark.id)
      if (row === undefined) return null
      return {
        change: { kind: 'trial', row: trialView(rows, row) },
        topics: [`experiment:${row.experiment}`, `trial:${row.id}`],
      }
    }
    case 'agent':
      return rows.agents.has(mark.id) ? { change: { kind: 'agent', row: agent(mark.id) }, topics: ['agents'] } : null
  }
}
