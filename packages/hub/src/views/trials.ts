/** Rows of trials and attempts as pages see them. Called by procedures and by the live feed. */
import type { AttemptRow, TrialRow } from '@flambe/engine'
import type { StreamSizes } from '@flambe/store'
import type { AttemptView, TrialDetail, TrialView } from '../api/views.ts'
import type { Committed } from '../rows/committed.ts'

export function trialView(rows: Committed, row: TrialRow): TrialView {
  const newest = rows.attemptsOf(row.id).at(-1)
  const backend = newest?.environment?.backend
  return {
    id: row.id,
    experiment: row.experiment,
    block: row.block,
    number: row.number,
    variant: row.variant.slice(0, 8),
    params: row.params,
    state: row.state,
    reason: rows.whyTrial(row) ?? (row.state === 'preparing' && newest !== undefined ? rows.told(newest.id) : null),
    step: row.step,
    metric: row.metric,
    metrics: row.metrics ?? null,
    best: row.best,
    best_step: row.best_step,
    kept: row.kept,
    epoch: row.epoch,
    failures: row.failures,
    held: row.held,
    reused_from: row.reused_from,
    schedule: row.schedule,
    agent: newest === undefined ? null : (rows.agents.get(newest.agent)?.name ?? newest.agent),
    truncated: newest !== undefined && rows.isCut(newest.id),
    backend: typeof backend === 'string' ? backend : null,
    checkpoint:
      row.checkpoint === null
        ? null
        : {
            number: row.checkpoint.number,
            step: row.checkpoint.step,
            bytes: row.checkpoint.manifest.files.reduce((sum, file) => sum + file.size, 0),
          },
    created: row.created,
    started: row.started,
    ended: row.ended,
  }
}

export function trialDetail(
  rows: Committed,
  row: TrialRow,
  sizes: { readonly [attempt: string]: StreamSizes },
  dropped: { readonly [attempt: string]: StreamSizes },
): TrialDetail {
  const experiment = rows.experiments.get(row.experiment)
  const block = experiment?.plan.blocks.find(b => b.id === row.block)
  return {
    ...trialView(rows, row),
    experiment_name: experiment?.name ?? row.experiment,
    seed: row.seed,
    mode: block?.mode ?? 'max',
    ancestors: row.ancestors,
    devices: row.devices,
    attempts: rows
      .attemptsOf(row.id)
      .map(attempt => attemptView(rows, attempt, sizes[attempt.id], dropped[attempt.id])),
    tags: experiment?.plan.settings.tags ?? [],
  }
}

function attemptView(
  rows: Committed,
  row: AttemptRow,
  sizes: StreamSizes | undefined,
  dropped: StreamSizes | undefined,
): AttemptView {
  const { stdout = 0, stderr = 0 } = dropped ?? {}
  return {
    id: row.id,
    epoch: row.epoch,
    agent: row.agent,
    agent_name: rows.agents.get(row.agent)?.name ?? row.agent,
    state: row.state,
    failure: row.failure,
    environment: row.environment,
    slot: row.slot,
    assigned: row.assigned,
    started: row.started,
    ended: row.ended,
    bytes: { stdout: sizes?.stdout ?? 0, stderr: sizes?.stderr ?? 0 },
    truncated: stdout + stderr > 0 ? { stdout, stderr } : null,
  }
}
