/** The trial's own part of a checkpoint, beside the component's state: `trial.json` in the save folder. Needed by G11. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const FILE = 'trial.json'

const snapshot = z.object({
  /** Steps that are done. */
  step: z.number().int().nonnegative(),
  /** State of the generator behind Math.random. */
  random: z.number().int().nonnegative(),
  /** Best metric so far, by `mode`; null before the first. */
  best: z.number().nullable(),
})
export type Snapshot = z.infer<typeof snapshot>

export const snapshotText = (value: Snapshot): string => `${JSON.stringify(value)}\n`
export const snapshotFile = (state: string): string => join(state, FILE)

export const readSnapshot = (state: string): Snapshot =>
  snapshot.parse(JSON.parse(readFileSync(snapshotFile(state), 'utf8')))
