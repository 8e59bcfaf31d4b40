/**
 * The output folder of language.md, written by `flambe run` on its own machine: `output__<name>` with experiment.yaml, a
 * folder per trial and progress.json (progress-file.ts). Files are written aside and renamed, so that a reader never sees half of one.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { TrialDetail, TrialView } from '@flambe/hub'
import { explain, type HubConnection } from '../client/connect.ts'
import { localPath, type PlannedFile } from '../client/experiment-file.ts'
import { fileTrouble } from '../client/file-trouble.ts'
import { Refused } from '../client/refused.ts'
import { readLocal } from '../client/tokens.ts'
import { makeFolder } from '../local/folder.ts'
import { downloadTo } from './download.ts'
import { eventFile } from './tfevents.ts'

/** Only this prefix is ever deleted by `--force`, so that no folder of the user's own can be. */
export const outputFolder = (savePath: string, name: string): string => join(resolve(savePath), `output__${name}`)

/** Where the results of an experiment lie, or will; null without a plan. `savePath` wins over the file's. */
export function resultsOf({ file, plan }: PlannedFile, savePath?: string): string | null {
  if (plan === null) return null
  const { save_path } = plan.settings
  const save = savePath ?? (save_path === null ? './flambe-output' : localPath(file, save_path))
  return outputFolder(save, plan.name)
}

/** Whether something was run there, however far it came. */
export const hasResults = (dir: string | null): boolean =>
  dir !== null && (existsSync(join(dir, 'progress.json')) || existsSync(join(dir, '.hub')))

/**
 * Makes the folder; refuses one with results in it, empties it when forced, or leaves them there to be resumed. Hidden folders (`.hub`) count as results too.
 * A folder that another run writes into is never touched: deleting it would take the database from under that run's hub.
 */
export function claimOutput(dir: string, results: 'refuse' | 'delete' | 'resume'): void {
  makeFolder(dir)
  if (readdirSync(dir).length === 0) return
  if (readLocal(join(dir, '.hub')) !== null)
    throw new Refused(`another run goes on in ${dir}: end it first, or choose another --save-path`, 2, 'run-goes-on')
  if (results === 'resume') return
  if (results === 'refuse')
    throw new Refused(
      `${dir} holds results already: choose another name or --save-path, or delete them with --force`,
      2,
      'results-exist',
    )
  try {
    rmSync(dir, { recursive: true, force: true })
  } catch (error) {
    throw new Refused(`cannot delete ${dir}: ${fileTrouble(error) ?? String(error)}`, 2, 'folder-unusable')
  }
  makeFolder(dir)
}

/** The seed of the run whose results lie in the folder; null when there is none. */
export function seedIn(dir: string): number | null {
  try {
    const { seed } = JSON.parse(readFileSync(join(dir, 'progress.json'), 'utf8')) as { readonly seed?: unknown }
    return typeof seed === 'number' ? seed : null
  } catch {
    // Nothing was run there, or not far enough to say.
    return null
  }
}

export const trialFolder = (dir: string, trial: TrialView): string =>
  join(dir, trial.block, `${trial.number}-${trial.variant}`)

export async function writeAside(file: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.part`, data)
  await rename(`${file}.part`, file)
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Writes the folder of a trial that has ended; masked trials have none. @returns what the hub knows of it */
export async function writeTrial(hub: HubConnection, dir: string, trial: TrialView): Promise<TrialDetail> {
  const detail = await hub.api.trials.get.query({ id: trial.id }).catch(explain)
  if (trial.state === 'masked' || (trial.epoch === 0 && trial.reused_from === null)) return detail
  // What was taken over was written by the attempts of an earlier trial.
  const source = trial.reused_from
  const { id, attempts } = source === null ? detail : await hub.api.trials.get.query({ id: source }).catch(explain)
  const folder = trialFolder(dir, trial)
  await writeAside(join(folder, 'params.json'), json(trial.params))
  const { state, metric, best, best_step, step, kept, reason, started, ended } = detail
  const failure = attempts.at(-1)?.failure ?? null
  await writeAside(
    join(folder, 'result.json'),
    json({
      id: trial.id,
      variant: trial.variant,
      state,
      reason,
      metric,
      best,
      best_step,
      step,
      kept,
      seed: detail.seed,
      started,
      ended,
      failure,
    }),
  )
  const points = await text(hub, `/api/trials/${id}/points.jsonl`)
  await writeAside(join(folder, 'points.jsonl'), points)
  const begun = started ?? trial.created
  await writeAside(
    join(folder, `events.out.tfevents.${Math.floor(begun / 1000)}.flambe.${trial.number}`),
    eventFile(scalars(points), begun),
  )
  for (const stream of ['stdout', 'stderr'] as const) {
    const parts = await Promise.all(attempts.map(a => bytes(hub, `/api/attempts/${a.id}/${stream}`)))
    await writeAside(join(folder, stream), Buffer.concat(parts))
  }
  const { files } = await hub.api.artifacts.list.query({ trial: trial.id }).catch(explain)
  for (const file of files) {
    const to = resolve(folder, 'checkpoint', file.path)
    // A path from the hub is a label (S5): it may not leave the folder.
    if (!to.startsWith(resolve(folder, 'checkpoint') + sep))
      throw new Refused(`the hub named a file outside of the trial's folder: ${file.path}`, 3)
    await downloadTo(hub, file, to)
  }
  return detail
}

function* scalars(jsonl: string) {
  for (const line of jsonl.split('\n')) {
    if (line === '') continue
    const { tag, step, value, time } = JSON.parse(line) as {
      tag: string
      step: number
      value: number | string
      time: number
    }
    yield {
      tag,
      step,
      time,
      value:
        typeof value === 'number' ? value : value === '.nan' ? Number.NaN : value === '.inf' ? Infinity : -Infinity,
    }
  }
}

async function bytes(hub: HubConnection, path: string): Promise<Uint8Array> {
  const answer = await hub.http(path)
  if (!answer.ok) throw new Refused(`the hub did not give ${path}: ${answer.status} ${answer.statusText}`, 3)
  return new Uint8Array(await answer.arrayBuffer())
}

const text = async (hub: HubConnection, path: string): Promise<string> =>
  new TextDecoder().decode(await bytes(hub, path))
