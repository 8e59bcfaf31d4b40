/** Rows of experiments and blocks as pages see them. Reads committed rows only; called by procedures and by the live feed. */
import type { BlockRow, ExperimentRow, TrialState } from '@flambe/engine'
import { type Plan, type PlannedBlock, runsOf } from '@flambe/language'
import type { BlockView, ExperimentDetail, ExperimentSummary, SearchView } from '../api/views.ts'
import type { Committed } from '../rows/committed.ts'

export function experimentSummary(rows: Committed, row: ExperimentRow, archived: boolean): ExperimentSummary {
  const trials: { [S in TrialState]?: number } = {}
  for (const block of row.plan.blocks) {
    for (const [state, count] of Object.entries(rows.counts(row.id, block.id)) as [TrialState, number][])
      trials[state] = (trials[state] ?? 0) + count
  }
  const { settings } = row.plan
  return {
    id: row.id,
    name: row.name,
    user: row.user,
    state: row.state,
    reason: row.reason,
    tags: settings.tags,
    notes: settings.notes,
    trials,
    trials_total: mostRuns(row.plan),
    blocks: rows.blocksOf(row.id).map(block => ({ id: block.id, state: block.state })),
    best: bestOfExperiment(rows, row),
    archived,
    created: row.created,
    started: row.started,
    ended: row.ended,
  }
}

/** Counted once a plan. */
const MOST = new WeakMap<Plan, number>()

function mostRuns(plan: Plan): number {
  const most = MOST.get(plan) ?? [...runsOf(plan).values()].reduce((sum, n) => sum + n, 0)
  MOST.set(plan, most)
  return most
}

export function experimentDetail(rows: Committed, row: ExperimentRow, archived: boolean): ExperimentDetail {
  return {
    ...experimentSummary(rows, row, archived),
    seed: row.plan.seed,
    block_list: rows.blocksOf(row.id).map(block => blockView(rows, row, block)),
    settings: { ...row.plan.settings, checkpoint: { ...row.plan.settings.checkpoint } },
    resources: row.plan.resources.map(({ name, location }) => {
      const ref = row.resources[name]
      const bytes = ref?.kind === 'blobs' ? ref.manifest.files.reduce((sum, file) => sum + file.size, 0) : null
      return { name, location, kind: ref?.kind ?? 'missing', bytes }
    }),
  }
}

export function blockView(rows: Committed, experiment: ExperimentRow, row: BlockRow): BlockView {
  const planned = experiment.plan.blocks.find(b => b.id === row.id)
  if (planned === undefined) throw new Error(`block ${row.id} is not in the plan of ${experiment.id}`)
  const best = rows.best(experiment.id, row.id)
  return {
    id: row.id,
    index: row.index,
    tag: planned.tag,
    depends_on: planned.depends_on,
    state: row.state,
    reason: rows.whyBlock(row),
    count: planned.count,
    trials: rows.counts(experiment.id, row.id),
    mode: planned.mode,
    reduce: planned.reduce,
    ranking:
      row.ranking?.map(r => ({ ...r, number: rows.trials.get(r.trial)?.number ?? Number(r.trial.split('.')[2]) })) ??
      null,
    best: best?.best == null ? null : { trial: best.id, metric: best.best },
    search: searchView(planned, row),
    started: row.started,
    ended: row.ended,
  }
}

function searchView({ search, scheduler }: PlannedBlock, row: BlockRow): SearchView | null {
  if (search === null && scheduler === null) return null
  return {
    algorithm: search?.tag ?? null,
    scheduler: scheduler?.tag ?? null,
    n_trials: search?.n_trials ?? null,
    done: search === null ? null : (row.search?.done ?? null),
  }
}

function bestOfExperiment(rows: Committed, row: ExperimentRow): ExperimentSummary['best'] {
  for (const { id, mode } of row.plan.blocks.toReversed()) {
    const best = rows.best(row.id, id)
    if (best?.best != null) return { block: id, trial: best.id, metric: best.best, mode }
  }
  return null
}
