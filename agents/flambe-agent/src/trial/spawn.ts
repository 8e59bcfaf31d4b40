/**
 * Starts the process of an attempt: its own session, its output straight into files (a pipe would die with the agent), its own
 * GPUs, and an environment without our tokens (S8). Called by attempt.ts. The process claims the attempt itself, by creating
 * process.json before it does anything: an agent killed at any point finds a process with its claim or none, and of two starts
 * of one attempt the later one leaves. So who really runs is read from process.json, not from what was spawned.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessFile } from '@flambe/protocol'
import type { AttemptFolder } from '../folder.ts'
import type { Host } from './host.ts'
import type { Processes } from './processes.ts'
import { COOKIE } from './session.ts'
import { NOT_HIDDEN, type Shield } from './shield.ts'

export interface Started {
  readonly process: ProcessFile
  /** Null when an earlier agent's start won. */
  readonly child: ChildProcess | null
  /** When the child waits for attempts: it may be used again. */
  readonly host: Host | null
}

export type NotStarted = { readonly code: number | null; readonly signal: string | null; readonly cause: string | null }

export interface Starting {
  /** The trial runtime: a JavaScript file. */
  readonly program: string
  readonly shield: Shield
  readonly processes: Processes
  /** ms until a waiting process that does not take its attempt is given up. */
  readonly patience: number
  /** Where Node keeps what it has compiled of the runtime. */
  readonly compiled: string
}

/** MB: loading TensorFlow.js fills V8's first nursery many times over. */
const NURSERY = '--min-semi-space-size=16'

/** Resolves when the attempt is claimed, or when the process ended without a claim. Rejects with the signal's reason. */
export async function startTrial(
  folder: AttemptFolder,
  starting: Starting,
  signal: AbortSignal,
): Promise<Started | NotStarted> {
  const host = starting.processes.take(folder.spec)
  if (host !== null) {
    for (const name of ['stdout', 'stderr'] as const) closeSync(openSync(folder.file(name), 'a', 0o600))
    const claim = await Promise.race([
      host.run(folder.path, ownVariables(folder)),
      sleep(starting.patience, 'late' as const, { signal, ref: false }),
    ])
    if (claim === 'late') host.kill()
    const process = folder.process()
    if (claim === 'mine' && process !== null) return { process, child: host.child, host }
    void host.dismiss()
    // It went before it could say so; or an earlier agent's start has won.
    if (process !== null) return { process, child: process.pid === host.child.pid ? host.child : null, host: null }
    // It went before it began: the plain way says why.
  }
  return startPlain(folder, starting, signal)
}

async function startPlain(
  folder: AttemptFolder,
  { program, shield, compiled }: Starting,
  signal: AbortSignal,
): Promise<Started | NotStarted> {
  const command = shield.wrap(process.execPath, [NURSERY, program, folder.path])
  const out = openSync(folder.file('stdout'), 'a', 0o600)
  const err = openSync(folder.file('stderr'), 'a', 0o600)
  const child = spawn(command.program, command.args, {
    cwd: folder.path,
    detached: true,
    stdio: ['ignore', out, err],
    env: { ...trialEnvironment(process.env), ...ownVariables(folder), NODE_COMPILE_CACHE: compiled },
  })
  child.unref()
  closeSync(out)
  closeSync(err)
  let gone: NotStarted | null = null
  child.once('exit', (code, by) => {
    gone = {
      code,
      signal: by,
      cause: shield.holds && code === NOT_HIDDEN ? 'the agent’s token cannot be hidden' : null,
    }
  })
  child.once('error', error => {
    gone = { code: null, signal: null, cause: error.message }
  })
  for (;;) {
    const claimed = folder.process()
    if (claimed !== null) return { process: claimed, child: claimed.pid === child.pid ? child : null, host: null }
    if (gone !== null) return folder.process() === null ? gone : startedBefore(folder)
    await sleep(10, undefined, { signal })
  }
}

function startedBefore(folder: AttemptFolder): Started {
  return { process: folder.process() as ProcessFile, child: null, host: null }
}

/** What a process that waits for attempts is started with; `once`: for one. */
export function hostCommand(
  starting: Pick<Starting, 'program' | 'shield' | 'compiled'>,
  folder: string,
  backend: string,
  once: boolean,
) {
  const args = [NURSERY, starting.program, '--spare', backend, ...(once ? ['once'] : [])]
  const command = starting.shield.wrap(process.execPath, args)
  return { ...command, folder, env: { ...trialEnvironment(process.env), NODE_COMPILE_CACHE: starting.compiled } }
}

/** The variables of one attempt: its mark, and no other GPUs than its own. */
function ownVariables({ path, spec }: AttemptFolder): { readonly [name: string]: string } {
  return { [COOKIE]: path, ...gpuVariables(spec.devices.gpus) }
}

function gpuVariables(gpus: readonly { readonly index: number }[]) {
  // Numbers as nvidia-smi gives them.
  return { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: gpus.map(gpu => gpu.index).join(',') }
}

/** For what is no trial but runs code of others (an extension's, a package's): without the variables of secrets too (S10). */
export function strangerEnvironment(own: NodeJS.ProcessEnv, secrets: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(trialEnvironment(own)).filter(([name]) => !secrets.includes(name)))
}

/** The agent's own, without what is meant for the agent alone, and with no other GPUs than these. */
export function trialEnvironment(
  own: NodeJS.ProcessEnv,
  gpus: readonly { readonly index: number }[] = [],
): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !name.toUpperCase().startsWith('FLAMBE_'))
  return { ...Object.fromEntries(kept), ...gpuVariables(gpus) }
}
