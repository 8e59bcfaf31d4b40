/** Rows in the shape of the contract, for tests only: nothing of this is shipped. */
import type { AgentView, BlockView, ExperimentSummary, LiveChange, SeriesView, TrialView } from '../api/views.ts'

export function trial(number: number, change: Partial<TrialView> = {}): TrialView {
  return {
    id: `e1.train.${number}`,
    experiment: 'e1',
    block: 'train',
    number,
    variant: 'abcd1234',
    params: { 'train.lr': number / 10 },
    state: 'queued',
    reason: null,
    step: 0,
    metric: null,
    metrics: null,
    best: null,
    best_step: null,
    kept: null,
    epoch: 0,
    failures: 0,
    held: null,
    reused_from: null,
    schedule: [],
    truncated: false,
    agent: null,
    backend: null,
    checkpoint: null,
    created: 0,
    started: null,
    ended: null,
    ...change,
  }
}

export function experiment(id: string, change: Partial<ExperimentSummary> = {}): ExperimentSummary {
  return {
    id,
    name: id,
    user: 'me',
    state: 'running',
    reason: null,
    tags: [],
    notes: null,
    trials: {},
    trials_total: 0,
    blocks: [],
    best: null,
    archived: false,
    created: 0,
    started: null,
    ended: null,
    ...change,
  }
}

export function block(id: string, change: Partial<BlockView> = {}): BlockView {
  return {
    id,
    index: 0,
    tag: 'Trainer',
    depends_on: [],
    state: 'pending',
    reason: null,
    count: 1,
    trials: {},
    mode: 'max',
    reduce: null,
    ranking: null,
    best: null,
    search: null,
    started: null,
    ended: null,
    ...change,
  }
}

export function agent(id: string): AgentView {
  return {
    id,
    name: id,
    state: 'connected',
    enabled: true,
    revoked: false,
    reason: null,
    host: null,
    cpu: 2,
    cpu_used: 0,
    memory: null,
    gpus: [],
    backends: [],
    attempts: [],
    load: null,
    build: null,
    outdated: false,
    seen: 0,
  }
}

/** Times equal the steps. */
export function series(steps: readonly number[], values: readonly number[]): SeriesView {
  const step = steps.at(-1) ?? 0
  return {
    trial: 'e1.train.1',
    tag: 'loss',
    total: steps.length,
    last: { step, value: values.at(-1) ?? 0, time: step },
    min: Math.min(...values),
    max: Math.max(...values),
    steps,
    values,
    mins: values,
    maxs: values,
    times: steps,
  }
}

export function points(steps: readonly number[], values: readonly (number | null)[], time?: number) {
  const change: LiveChange = {
    kind: 'points',
    trial: 'e1.train.1',
    tag: 'loss',
    steps,
    values,
    times: steps.map(step => time ?? step),
  }
  return change
}
