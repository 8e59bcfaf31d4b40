/** Rows, events and records for tests: small but whole. */

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttemptRow, Event, ExperimentRow, Manifest, TrialRow } from '@flambe/engine'
import type { Plan } from '@flambe/language'
import { onTestFinished } from 'vitest'
import type { AppendRequest, CommitEntry, OpenOptions, OpenStore, PointBatch } from '../contract.ts'
import { type Inside, openStore } from '../open.ts'

/** A folder that is gone after the test. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'flambe-store-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A store that is closed after the test. */
export async function opened(dir = folder(), options: Partial<OpenOptions> = {}, inside?: Inside): Promise<OpenStore> {
  const store = await openStore({ dir, ...options }, inside)
  onTestFinished(() => store.close())
  return store
}

export function plan(name: string, changes: Partial<Plan['settings']> = {}): Plan {
  return {
    version: 1,
    name,
    seed: 1,
    text: `name: ${name}\n`,
    blocks: [],
    resources: [],
    extensions: [],
    settings: {
      max_failures: 1,
      stop_on_failure: true,
      overlap: 'blocks',
      budget: { trials: null, hours: null },
      resume: null,
      reuse: false,
      max_trials: 1000,
      merge_plot: false,
      save_path: null,
      notes: null,
      tags: [],
      backend: 'auto',
      checkpoint: { steps: null, seconds: 30, keep: 2 },
      ...changes,
    },
  }
}

export function experiment(id: string, changes: Partial<ExperimentRow> = {}): ExperimentRow {
  return {
    kind: 'experiment',
    id,
    name: `name-${id}`,
    user: 'ada',
    plan: plan(`name-${id}`),
    state: 'running',
    reason: null,
    resources: {},
    earlier: { finished: [], searched: {} },
    wish: 'run',
    created: 1000,
    started: null,
    ended: null,
    ...changes,
  }
}

export function trial(experimentId: string, number: number, changes: Partial<TrialRow> = {}): TrialRow {
  return {
    kind: 'trial',
    id: `${experimentId}.train.${number}`,
    experiment: experimentId,
    block: 'train',
    number,
    variant: 'abcdef0123456789',
    variant_index: number - 1,
    params: { lr: number / 10 },
    ancestors: {},
    seed: 7,
    state: 'running',
    reason: null,
    devices: { cpu: 1, gpu: null },
    epoch: 1,
    failures: 0,
    step: 0,
    metric: null,
    best: null,
    best_step: null,
    checkpoint: null,
    kept: null,
    wish: 'run',
    held: null,
    verdict: null,
    drawn: null,
    schedule: [],
    reused_from: null,
    created: 1000,
    started: null,
    ended: null,
    ...changes,
  }
}

export function attempt(trialId: string, epoch: number, changes: Partial<AttemptRow> = {}): AttemptRow {
  return {
    kind: 'attempt',
    id: `${trialId}.${epoch}`,
    trial: trialId,
    experiment: trialId.split('.')[0] as string,
    epoch,
    agent: 'a1',
    slot: { cpu: 1, gpus: [] },
    state: 'running',
    failure: null,
    environment: null,
    assigned: 1000,
    started: null,
    ended: null,
    ...changes,
  }
}

export const reported = (attemptId: string, step = 1, time = 1000): Event => ({
  type: 'attempt-reported',
  attempt: attemptId,
  step,
  metric: 0.5,
  time,
})

export function entry(event: Event, rest: Partial<CommitEntry> = {}): CommitEntry {
  return { event, changes: [], actions: [], command: null, ...rest }
}

export function text(attemptId: string, offset: number, data: string | Buffer): AppendRequest {
  return { attempt: attemptId, stream: 'stdout', offset, data: Buffer.from(data), points: [], others: [] }
}

/** An append of `records` whose bytes stand for nothing, with these points. */
export function points(attemptId: string, offset: number, data: string, batches: readonly PointBatch[]): AppendRequest {
  return { attempt: attemptId, stream: 'records', offset, data: Buffer.from(data), points: batches, others: [] }
}

/** `n` points of one tag from a step on: value = f(step), time = step. */
export function ramp(tag: string, from: number, n: number, f: (step: number) => number = step => step): PointBatch {
  const steps = Array.from({ length: n }, (_, i) => from + i)
  return { tag, steps, times: steps, values: steps.map(f) }
}

export const sha = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex')

export function manifestOf(...contents: readonly Buffer[]): Manifest {
  const files = contents.map((data, i) => ({ path: `f${i}`, sha256: sha(data), size: data.length }))
  return { kind: 'folder', files }
}
