/**
 * The engine's rows in their tables. `put` is called inside the commit's transaction and says whether the row's state is
 * another one than before; `load` gives everything back at the start. The plan of an experiment is written once.
 */
import {
  type AgentRow,
  type AttemptRow,
  type BlockRow,
  type ExperimentRow,
  type JournalRow,
  type MetricValue,
  type Row,
  type TrialRow,
  upgraded,
} from '@flambe/engine'
import type { Plan } from '@flambe/language'
import type Database from 'better-sqlite3'
import { agents, attempts, blocks, experiments, journal, plans, trials } from './schema.ts'
import { type Drizzle, upsert } from './upsert.ts'

export interface Rows {
  /** `before`: the state that was stored; null for a new row. */
  put(row: Exclude<Row, JournalRow>): { readonly before: string | null }
  append(row: JournalRow): void
  load(): readonly Row[]
  plan(experiment: string): Plan | null
}

export function rows(raw: Database.Database, db: Drizzle): Rows {
  const put = {
    experiment: upsert(db, experiments, [experiments.id], ['archived', 'words', 'keep', 'created']),
    plan: upsert(db, plans, [plans.experiment]),
    block: upsert(db, blocks, [blocks.experiment, blocks.id]),
    trial: upsert(db, trials, [trials.id], ['experiment', 'block', 'number', 'created']),
    attempt: upsert(db, attempts, [attempts.id], ['trial', 'experiment', 'epoch']),
    agent: upsert(db, agents, [agents.id]),
    journal: upsert(db, journal, [journal.experiment, journal.block, journal.seq]),
  }
  const state = {
    experiment: raw.prepare<[string], string>('SELECT state FROM experiments WHERE id = ?').pluck(),
    block: raw.prepare<[string, string], string>('SELECT state FROM blocks WHERE experiment = ? AND id = ?').pluck(),
    trial: raw.prepare<[string], string>('SELECT state FROM trials WHERE id = ?').pluck(),
    attempt: raw.prepare<[string], string>('SELECT state FROM attempts WHERE id = ?').pluck(),
    agent: raw.prepare<[string], string>('SELECT state FROM agents WHERE id = ?').pluck(),
  }
  const journalOf = raw
    .prepare<[string, string], string>('SELECT row FROM journal WHERE experiment = ? AND block = ? ORDER BY seq')
    .pluck()
  const planOf = raw.prepare<[string], string>('SELECT plan FROM plans WHERE experiment = ?').pluck()

  function putExperiment(row: ExperimentRow): string | null {
    const before = state.experiment.get(row.id) ?? null
    const { plan, ...rest } = row
    const { settings } = plan
    if (before === null) put.plan({ experiment: row.id, plan: JSON.stringify(plan) })
    put.experiment({
      ...rest,
      archived: 0,
      keep: settings.checkpoint.keep,
      words: [row.name, row.id, row.user, ...settings.tags, settings.notes ?? ''].join(' ').toLowerCase(),
      row: JSON.stringify(rest),
    })
    return before
  }

  function putTrial(row: TrialRow): string | null {
    const before = state.trial.get(row.id) ?? null
    put.trial({
      ...row,
      metric: toReal(row.metric),
      best: toReal(row.best),
      params: JSON.stringify(row.params),
      row: JSON.stringify(row),
    })
    return before
  }

  function putOther(row: BlockRow | AttemptRow | AgentRow): string | null {
    const json = JSON.stringify(row)
    if (row.kind === 'block') {
      const before = state.block.get(row.experiment, row.id) ?? null
      put.block({ experiment: row.experiment, id: row.id, state: row.state, row: json })
      return before
    }
    const before = state[row.kind].get(row.id) ?? null
    if (row.kind === 'attempt') put.attempt({ ...row, row: json })
    else put.agent({ id: row.id, state: row.state, row: json })
    return before
  }

  return {
    put(row) {
      if (row.kind === 'experiment') return { before: putExperiment(row) }
      if (row.kind === 'trial') return { before: putTrial(row) }
      return { before: putOther(row) }
    },
    append(row) {
      put.journal({ experiment: row.experiment, block: row.block, seq: row.seq, row: JSON.stringify(row) })
    },
    load() {
      const all: Row[] = []
      const experimentsStored = raw
        .prepare<[], { row: string; plan: string }>(
          'SELECT e.row, p.plan FROM experiments e JOIN plans p ON p.experiment = e.id ORDER BY e.rowid',
        )
        .iterate()
      for (const { row, plan } of experimentsStored) all.push(upgraded({ ...JSON.parse(row), plan: JSON.parse(plan) }))
      for (const table of ['blocks', 'trials', 'attempts', 'agents'])
        for (const row of raw.prepare<[], string>(`SELECT row FROM ${table} ORDER BY rowid`).pluck().iterate())
          all.push(upgraded(JSON.parse(row)))
      // A search that is over is not looked at any more.
      const open = all.filter(row => row.kind === 'block').filter(({ search }) => search !== null && !search.over)
      for (const { experiment, id } of open)
        for (const row of journalOf.iterate(experiment, id)) all.push(JSON.parse(row))
      return all
    },
    plan(experiment) {
      const text = planOf.get(experiment)
      return text === undefined ? null : JSON.parse(text)
    },
  }
}

function toReal(metric: MetricValue | null): number | null {
  if (metric === '.inf') return Number.POSITIVE_INFINITY
  if (metric === '-.inf') return Number.NEGATIVE_INFINITY
  return metric === '.nan' ? null : metric
}
