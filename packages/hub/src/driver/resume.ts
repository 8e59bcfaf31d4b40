/**
 * Which checkpoint an attempt goes on from: the newest one of its trial that is whole (G20). Called by perform.ts while it
 * puts an assignment together.
 */
import { attemptId, type CheckpointRef, type FailureClass, type Manifest, type TrialRow } from '@flambe/engine'
import type { OpenStore } from '@flambe/store'
import type { Committed } from '../rows/committed.ts'

export type Resume = Pick<CheckpointRef, 'number' | 'step' | 'manifest'> | null
const FAULTS: ReadonlySet<FailureClass> = new Set(['hub', 'infrastructure'])
type Blobs = Pick<OpenStore, 'checkpoints' | 'missingBlobs' | 'verifyBlob'>

/** What the trial builds on is gone: it cannot run until that trial has run again. */
export class InputDamaged extends Error {
  override readonly name = 'InputDamaged'
  constructor(trial: string, checkpoint: number) {
    super(
      `checkpoint ${checkpoint} of ${trial}, which this trial builds on, is damaged on the hub's disk: run ${trial} again`,
    )
  }
}

/**
 * Null: there is none yet. Numbers go on after the newest, damaged or not, because they only grow. Throws when none is whole.
 */
export async function resumeOf(store: Blobs, rows: Committed, trial: TrialRow, epoch: number): Promise<Resume> {
  // Only after an agent that perhaps could not get what it needed: hashing for each assignment would take too long.
  const suspect = FAULTS.has(rows.attempts.get(attemptId(trial.id, epoch - 1))?.failure?.class ?? 'fenced')
  const verify = async (manifest: Manifest) => {
    if (suspect) for (const file of manifest.files) await store.verifyBlob(file.sha256)
  }
  const whole = async (manifest: Manifest): Promise<boolean> => {
    await verify(manifest)
    return (await store.missingBlobs(manifest)).length === 0
  }
  // A damaged input is found out here, and no other machine can help with it (G14, G20).
  for (const ancestor of suspect ? Object.values(trial.ancestors) : []) {
    const input = rows.trials.get(ancestor)?.checkpoint
    if (input != null && !(await whole(input.manifest))) throw new InputDamaged(ancestor, input.number)
  }
  const newest = trial.checkpoint
  if (newest === null) return null
  const { number } = newest
  if (await whole(newest.manifest)) return { number, step: newest.step, manifest: newest.manifest }
  const before = (await store.checkpoints(trial.id)).filter(c => c.number < number).reverse()
  for (const { step, manifest } of before) if (await whole(manifest)) return { number, step, manifest }
  throw new Error(`checkpoint ${number} of ${trial.id} is damaged, and there is no whole one before it`)
}
