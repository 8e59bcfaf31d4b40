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
import { COOKIE } from './session.ts'
import { NOT_HIDDEN, type Shield } from './shield.ts'

export interface Started {
  readonly process: ProcessFile
  /** Null when an earlier agent's start won. */
  readonly child: ChildProcess | null
}

export type NotStarted = { readonly code: number | null; readonly signal: string | null; readonly cause: string | null }

/** Resolves when the attempt is claimed, or when the process ended without a claim. Rejects with the signal's reason. */
export async function startTrial(
  folder: AttemptFolder,
  program: string,
  shield: Shield,
  signal: AbortSignal,
): Promise<Started | NotStarted> {
  const command = shield.wrap(process.execPath, [program, folder.path])
  const out = openSync(folder.file('stdout'), 'a', 0o600)
  const err = openSync(folder.file('stderr'), 'a', 0o600)
  const child = spawn(command.program, command.args, {
    cwd: folder.path,
    detached: true,
    stdio: ['ignore', out, err],
    env: { ...trialEnvironment(process.env, folder.spec.devices.gpus), [COOKIE]: folder.path },
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
    if (claimed !== null) return { process: claimed, child: claimed.pid === child.pid ? child : null }
    if (gone !== null) return folder.process() === null ? gone : startedBefore(folder)
    await sleep(10, undefined, { signal })
  }
}

function startedBefore(folder: AttemptFolder): Started {
  return { process: folder.process() as ProcessFile, child: null }
}

/** The agent's own, without what is meant for the agent alone, and with no other GPUs than these. */
export function trialEnvironment(
  own: NodeJS.ProcessEnv,
  gpus: readonly { readonly index: number }[],
): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !name.toUpperCase().startsWith('FLAMBE_'))
  return {
    ...Object.fromEntries(kept),
    // Numbers as nvidia-smi gives them.
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: gpus.map(gpu => gpu.index).join(','),
  }
}
