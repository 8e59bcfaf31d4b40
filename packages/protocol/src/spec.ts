/**
 * What an attempt needs to run: sent with `assign`, written to the attempt folder as `spec.json`, read by the trial
 * process. The agent replaces nothing in it; where inputs lie on disk is told in `places.json` beside it.
 */
import { z } from 'zod'
import { bag, count, id, json, manifest, text } from './common.ts'

export const spec = z.object({
  version: z.literal(1),
  experiment: z.object({ id, name: id }),
  block: id,
  trial: id,
  trial_number: count,
  attempt: id,
  epoch: count,
  variant: text(64),
  params: z.record(text(500), json),
  /** 32-bit, >= 1. */
  seed: count,
  /** ResolvedConfig of @flambe/language: the block and its ancestors. */
  config: json,
  devices: z.object({ cpu: z.number(), gpus: z.array(z.object({ index: count, share: z.number() })) }),
  backend: z.enum(['auto', 'tensorflow-gpu', 'webgpu', 'tensorflow', 'wasm', 'cpu']),
  checkpoint: z.object({ steps: count.nullable(), seconds: z.number(), keep: count }),
  merge_plot: z.boolean(),
  mode: z.enum(['min', 'max']),
  /** Checkpoint of each ancestor block; the folder is fetched before the start. */
  inputs: z.record(id, z.object({ trial: id, manifest })),
  /** This trial's own checkpoint to go on from, if there was an attempt before. */
  resume: z.object({ number: count, step: count, manifest }).nullable(),
  resources: z.record(
    text(1100),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('blobs'), manifest }),
      z.object({ kind: z.literal('cluster'), location: text(4096) }),
    ]),
  ),
  /** `this.env` of components, beside what the agent knows itself. */
  env: bag(10_000),
})
export type Spec = z.infer<typeof spec>
