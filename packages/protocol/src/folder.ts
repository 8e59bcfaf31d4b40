/**
 * The attempt folder: the interface between an agent and a trial process of any language. Names and small JSON files; the
 * record stream is in record.ts. Writers write aside and rename; only `records`, `stdout`, `stderr` grow in place.
 */
import { z } from 'zod'
import { count, exit, manifest, metric, text } from './common.ts'

export const FOLDER = {
  spec: 'spec.json',
  places: 'places.json',
  records: 'records',
  stdout: 'stdout',
  stderr: 'stderr',
  checkpoints: 'checkpoints',
  control: 'control.json',
  exit: 'exit.json',
  process: 'process.json',
  /** Inside `checkpoints/<number>/`: written last, so a folder without it is torn and ignored. */
  checkpoint: 'checkpoint.json',
  /** Inside `checkpoints/<number>/`: the component's save folder (or the script's own files). */
  state: 'state',
} as const

/** Written by the agent before the start: absolute paths on this machine. */
export const places = z.object({
  /** Save folder of each ancestor block's checkpoint. */
  inputs: z.record(z.string(), z.string()),
  /** Save folder of the checkpoint to go on from. */
  resume: z.string().nullable(),
  /** Path of each resource (file or folder), by name. */
  resources: z.record(z.string(), z.string()),
  agent: z.object({ id: z.string(), name: z.string() }),
  hub: z.string(),
  /** Rung of the ladder that `backend: auto` means on this agent. */
  backend: z.string(),
})
export type Places = z.infer<typeof places>

/** Written by the agent (replaced atomically), watched by the trial process. A later, stronger wish replaces an earlier. */
export const control = z.object({ wish: z.enum(['run', 'checkpoint', 'pause', 'stop']), number: count })
export type Control = z.infer<typeof control>

/** Written last by the trial process. Without it, a process that is gone failed (killed, crashed, machine restarted). */
export const exitFile = z.object({ exit, time: z.number() })
export type ExitFile = z.infer<typeof exitFile>

/** Written by the trial process's starter: pid plus start time tell a process from a later one with its number. */
export const processFile = z.object({
  pid: count,
  /** Clock ticks since boot (Linux /proc/PID/stat field 22), or '' where there is none. */
  start: text(40),
  boot: text(60),
})
export type ProcessFile = z.infer<typeof processFile>

export const checkpointFile = z.object({
  number: count,
  step: count,
  metric: metric.nullable(),
  best: z.boolean(),
  manifest,
  time: z.number(),
})
export type CheckpointFile = z.infer<typeof checkpointFile>
