/**
 * The loop that ships an attempt's checkpoints, in order: all blobs of one, then `saved`. Woken by a checkpoint record and at
 * the end; waits for the upload connection; ended by the attempt's signal. A checkpoint that the trial has deleted meanwhile
 * is passed over (a newer one stands), one whose bytes are not those of its manifest too (G20); when it was the last, the
 * attempt does not count as done.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CheckpointFile, checkpointFile, FOLDER } from '@flambe/protocol'
import { type Link, NOT_OURS, Refused } from '../link.ts'
import type { Log } from '../log.ts'
import { FileChanged, type Uploads } from './uploads.ts'

export interface Checkpoints {
  /** Looks for new ones, unless it is at it already. */
  wake(): void
  /**
   * Resolves when all that stand in the folder are shipped, with the reason why the newest is not, or null. Rejects with
   * Refused when the attempt is not ours any more, and with the signal's reason.
   */
  drained(): Promise<string | null>
}

export function openCheckpoints(options: {
  readonly attempt: string
  /** The attempt's `checkpoints`. */
  readonly folder: string
  readonly saved: number
  readonly link: Link
  readonly uploads: Uploads
  readonly log: Log
  readonly signal: AbortSignal
  onSaved(number: number): void
  onError(error: Error): void
}): Checkpoints {
  const { attempt, folder, link, uploads, signal } = options
  let saved = options.saved
  let missing: string | null = null
  let running: Promise<void> | null = null

  async function ship(): Promise<void> {
    for (;;) {
      const next = pending(folder, saved)[0]
      if (next === undefined) return
      missing = await one(next)
      saved = next.number
      if (missing !== null && superseded(next.number)) missing = null
      else if (missing === null) options.onSaved(next.number)
      else options.log.warn({ number: next.number }, `checkpoint passed over: ${missing}`)
    }
  }

  /** The trial has deleted it since: a newer one stands, which is shipped next. No damage. */
  const superseded = (number: number): boolean =>
    readCheckpoint(join(folder, String(number)), number).length === 0 && pending(folder, number).length > 0

  /** Null when the hub has it. */
  async function one(checkpoint: CheckpointFile): Promise<string | null> {
    const { number, step, metric, manifest } = checkpoint
    const state = join(folder, String(number), FOLDER.state)
    try {
      for (let tries = 0; ; tries++) {
        await Promise.all(
          manifest.files.map(file => uploads.blob(file.sha256, file.size, join(state, file.path), signal)),
        )
        try {
          await link.send('saved', { attempt, number, step, metric, manifest }, signal)
          options.log.debug({ number, step }, 'checkpoint saved')
          return null
        } catch (error) {
          if (!(error instanceof Refused && error.refusal.code === 'INCOMPLETE') || tries >= 5) throw error
        }
      }
    } catch (error) {
      if (error instanceof FileChanged) return `checkpoint ${number} is damaged: ${error.message}`
      if (error instanceof Refused && !NOT_OURS.includes(error.refusal.code)) return error.message
      throw error
    }
  }

  function run(): Promise<void> {
    running ??= ship().finally(() => {
      running = null
    })
    return running
  }

  return {
    wake() {
      if (running === null) run().catch(options.onError)
    },
    async drained() {
      if (running !== null) await running
      await run()
      return missing
    },
  }
}

/** Whole checkpoints beyond `after` that are worth sending: the last best one and the last, in order. */
function pending(folder: string, after: number): readonly CheckpointFile[] {
  const found = readdirSync(folder)
    .map(Number)
    .filter(n => Number.isInteger(n) && n > after)
    .sort((a, b) => a - b)
    .flatMap(n => readCheckpoint(join(folder, String(n)), n))
  const best = found.findLastIndex(c => c.best)
  return found.filter((_, index) => index === best || index === found.length - 1)
}

function readCheckpoint(folder: string, number: number): CheckpointFile[] {
  try {
    const parsed = checkpointFile.safeParse(JSON.parse(readFileSync(join(folder, FOLDER.checkpoint), 'utf8')))
    return parsed.success && parsed.data.number === number ? [parsed.data] : []
  } catch {
    return [] // torn, or deleted since: not a checkpoint
  }
}
