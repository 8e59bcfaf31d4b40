/**
 * Starts the process of an attempt: its own session, its output straight into files (a pipe would die with the agent), its own
 * GPUs, and an environment without our tokens (S8). Called by attempt.ts; who really runs is read from process.json, because
 * an earlier agent may have started it already.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ProcessFile } from '@flambe/protocol'
import type { AttemptFolder } from '../folder.ts'
import { COOKIE } from './session.ts'

export interface Started {
  readonly process: ProcessFile
  /** Null when an earlier agent's start won. */
  readonly child: ChildProcess | null
}

export type NotStarted = { readonly code: number | null; readonly signal: string | null; readonly cause: string | null }

/** Beside this module: `.ts` when run from sources, `.mjs` when bundled. */
function starter(): string {
  const here = fileURLToPath(import.meta.url)
  return here.endsWith('.ts')
    ? fileURLToPath(new URL('./start.ts', import.meta.url))
    : fileURLToPath(new URL('./start.mjs', import.meta.url))
}

/** Resolves when the attempt is claimed, or when the process ended without a claim. */
export async function startTrial(folder: AttemptFolder, program: string): Promise<Started | NotStarted> {
  const out = openSync(folder.file('stdout'), 'a', 0o600)
  const err = openSync(folder.file('stderr'), 'a', 0o600)
  const child = spawn(process.execPath, [starter(), program, folder.path], {
    cwd: folder.path,
    detached: true,
    stdio: ['ignore', out, err],
    env: trialEnvironment(process.env, folder.spec),
  })
  child.unref()
  closeSync(out)
  closeSync(err)
  let gone: NotStarted | null = null
  child.once('exit', (code, signal) => {
    gone = { code, signal, cause: null }
  })
  child.once('error', error => {
    gone = { code: null, signal: null, cause: error.message }
  })
  for (;;) {
    const claimed = folder.process()
    if (claimed !== null) return { process: claimed, child: claimed.pid === child.pid ? child : null }
    if (gone !== null) return folder.process() === null ? gone : startedBefore(folder)
    await sleep(10)
  }
}

function startedBefore(folder: AttemptFolder): Started {
  return { process: folder.process() as ProcessFile, child: null }
}

export function trialEnvironment(
  own: NodeJS.ProcessEnv,
  spec: { readonly attempt: string; readonly devices: { readonly gpus: readonly { readonly index: number }[] } },
): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !name.toUpperCase().startsWith('FLAMBE_'))
  return {
    ...Object.fromEntries(kept),
    // Numbers as nvidia-smi gives them.
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: spec.devices.gpus.map(gpu => gpu.index).join(','),
    [COOKIE]: spec.attempt,
  }
}
