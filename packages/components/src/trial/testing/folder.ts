/** Attempt folders as an agent writes them, and trial processes over them, for tests. */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ResolvedConfig } from '@flambe/language'
import {
  type CheckpointFile,
  type Control,
  checkpointFile,
  type Exit,
  exitFile,
  type Places,
  record,
  type Spec,
  spec,
  unframe,
  type Record as WireRecord,
} from '@flambe/protocol'

export interface Attempt {
  readonly path: string
  /** Starts a trial process and resolves with its exit code (or signal) when it is gone. */
  run(env?: NodeJS.ProcessEnv): { readonly child: ChildProcess; readonly ended: Promise<number | string | null> }
  wish(wish: Control['wish']): void
  exit(): Exit | null
  records(): WireRecord[]
  /** Results as [step, metric]. */
  results(): (readonly [number, unknown])[]
  checkpoints(): CheckpointFile[]
  state(number: number): string
  output(name: 'stdout' | 'stderr'): string
}

const TRIAL = fileURLToPath(new URL('./trial.ts', import.meta.url))

export function makeAttempt(
  path: string,
  config: ResolvedConfig,
  more: Partial<Spec> = {},
  here: Partial<Places> = {},
): Attempt {
  mkdirSync(join(path, 'checkpoints'), { recursive: true })
  const own = config.at(-1)?.id ?? 'b'
  const value: Spec = {
    version: 1,
    experiment: { id: 'e1', name: 'test' },
    block: own,
    trial: 't1',
    trial_number: 1,
    attempt: 'a1',
    epoch: 1,
    variant: 'v1',
    params: {},
    seed: 7,
    config: JSON.parse(JSON.stringify(config)),
    devices: { cpu: 1, gpus: [] },
    backend: 'auto',
    checkpoint: { steps: null, seconds: 3_600, keep: 2 },
    merge_plot: true,
    mode: 'max',
    inputs: {},
    resume: null,
    resources: {},
    env: {},
    ...more,
  }
  writeFileSync(join(path, 'spec.json'), JSON.stringify(spec.parse(value)))
  const places: Places = {
    inputs: {},
    resume: null,
    resources: {},
    agent: { id: 'g1', name: 'tester' },
    hub: 'http://hub',
    backend: 'wasm',
    ...here,
  }
  writeFileSync(join(path, 'places.json'), JSON.stringify(places))
  let wishes = 0
  const json = (file: string): unknown => JSON.parse(readFileSync(join(path, file), 'utf8'))

  const attempt: Attempt = {
    path,
    run(env = {}) {
      const out = openSync(join(path, 'stdout'), 'a')
      const err = openSync(join(path, 'stderr'), 'a')
      const child = spawn(process.execPath, [TRIAL, path], {
        cwd: path,
        stdio: ['ignore', out, err],
        env: { ...process.env, ...env },
      })
      closeSync(out)
      closeSync(err)
      const ended = new Promise<number | string | null>(done =>
        child.once('exit', (code, signal) => done(code ?? signal)),
      )
      return { child, ended }
    },
    wish(wish) {
      const control: Control = { wish, number: ++wishes }
      writeFileSync(join(path, 'control.tmp'), JSON.stringify(control))
      renameSync(join(path, 'control.tmp'), join(path, 'control.json'))
    },
    exit: () => (existsSync(join(path, 'exit.json')) ? exitFile.parse(json('exit.json')).exit : null),
    records() {
      if (!existsSync(join(path, 'records'))) return []
      return unframe(readFileSync(join(path, 'records'))).payloads.map(p =>
        record.parse(JSON.parse(Buffer.from(p).toString())),
      )
    },
    results: () => attempt.records().flatMap(r => (r.t === 'result' ? [[r.step, r.metric] as const] : [])),
    checkpoints: () =>
      readdirSync(join(path, 'checkpoints'))
        .filter(name => /^\d+$/.test(name) && existsSync(join(path, 'checkpoints', name, 'checkpoint.json')))
        .map(name => checkpointFile.parse(json(`checkpoints/${name}/checkpoint.json`)))
        .sort((a, b) => a.number - b.number),
    state: number => join(path, 'checkpoints', String(number), 'state'),
    output: name => readFileSync(join(path, name), 'utf8'),
  }
  return attempt
}

/** Spec and places of the attempt that goes on from the last checkpoint of another. */
export function goOn(
  from: Attempt,
  config: ResolvedConfig,
  path: string,
  more: Partial<Spec> = {},
  here: Partial<Places> = {},
): Attempt {
  const last = from.checkpoints().at(-1)
  if (last === undefined) throw new Error('there is no checkpoint to go on from')
  const { number, step, manifest } = last
  return makeAttempt(
    path,
    config,
    { epoch: 2, resume: { number, step, manifest }, ...more },
    { ...here, resume: from.state(number) },
  )
}

/** Waits until something is so; the test's own time-out is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(done => setTimeout(done, 10))
}
