/**
 * An experiment as a tar, streamed: the file as written, and for each trial its parameters, results, records and output;
 * with `models` its checkpoint too. Called by the download route; holds one window of output in memory, never a whole file.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { ExperimentRow, TrialRow } from '@flambe/engine'
import type { OpenStore } from '@flambe/store'
import type { Committed } from '../rows/committed.ts'
import { type TarEntry, tar } from './tar.ts'

const WINDOW = 262_144

export interface ArchiveRequest {
  readonly store: OpenStore
  readonly rows: Committed
  readonly experiment: ExperimentRow
  readonly models: boolean
  readonly block: string | null
  readonly trial: string | null
}

export const experimentArchive = (request: ArchiveRequest): AsyncGenerator<Uint8Array> => tar(entries(request))

async function* entries(request: ArchiveRequest): AsyncGenerator<TarEntry> {
  const { experiment, rows } = request
  const time = experiment.created / 1_000
  const text = (name: string, content: string): TarEntry => {
    const bytes = Buffer.from(content)
    return { name: `${experiment.name}/${name}`, size: bytes.length, time, content: () => one(bytes) }
  }
  yield text('experiment.yaml', experiment.plan.text)
  for (const { id: block } of experiment.plan.blocks) {
    if (request.block !== null && request.block !== block) continue
    for (const trial of rows.trialsOf(experiment.id, block)) {
      if (request.trial !== null && request.trial !== trial.id) continue
      yield* trialEntries(request, trial, `${block}/${trial.number}-${trial.variant.slice(0, 8)}`, text)
    }
  }
}

async function* trialEntries(
  { store, rows, experiment, models }: ArchiveRequest,
  trial: TrialRow,
  folder: string,
  text: (name: string, content: string) => TarEntry,
): AsyncGenerator<TarEntry> {
  const { id, state, reason, step, metric, best, best_step, seed, started, ended } = trial
  yield text(`${folder}/params.json`, `${JSON.stringify(trial.params, null, 2)}\n`)
  const result = { id, state, reason, step, metric, best, best_step, seed, started, ended }
  yield text(`${folder}/result.json`, `${JSON.stringify(result, null, 2)}\n`)
  for (const attempt of rows.attemptsOf(id)) {
    const sizes = (await store.offsets([attempt.id]))[attempt.id]
    for (const stream of ['stdout', 'stderr'] as const) {
      const size = sizes?.[stream] ?? 0
      if (size === 0) continue
      const content = () => output(store, attempt.id, stream, size)
      const name = `${experiment.name}/${folder}/attempt-${attempt.epoch}.${stream}`
      yield { name, size: await lengthOf(content()), time: experiment.created / 1_000, content }
    }
  }
  if (!models || trial.checkpoint === null) return
  for (const file of trial.checkpoint.manifest.files) {
    yield {
      name: `${experiment.name}/${folder}/checkpoint/${file.path}`,
      size: file.size,
      time: (trial.ended ?? trial.created) / 1_000,
      ...(file.executable === true ? { executable: true } : {}),
      content: () => blob(store, file.sha256),
    }
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* blob(store: OpenStore, sha256: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of await store.openBlob(sha256)) yield chunk as Uint8Array
}

/** Output of one attempt as it stood when the archive was asked for, window by window; read twice, because a tar tells sizes first. */
async function* output(
  store: OpenStore,
  attempt: string,
  stream: 'stdout' | 'stderr',
  size: number,
): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < size; ) {
    const window = await store.output({ attempt, stream, from, bytes: Math.min(WINDOW, size - from) })
    if (window.to <= from) return
    yield Buffer.from(window.text)
    await turn() // as in exports.ts
    from = window.to
  }
}

async function lengthOf(content: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0
  for await (const bytes of content) length += bytes.length
  return length
}
