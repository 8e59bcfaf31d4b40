/**
 * An attempt folder as the agent keeps it: made durable before `assign` is answered, read again after a restart. The names
 * are the protocol's (FOLDER); `delivery.json` is the agent's own and says how far the hub has taken what stands here.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Control,
  type ExitFile,
  exit,
  exitFile,
  FOLDER,
  type ProcessFile,
  processFile,
  type Spec,
  spec,
} from '@flambe/protocol'
import { z } from 'zod'
import { createExclusive, syncFolder, writeDurable } from './files.ts'

const count = z.number().int().nonnegative()

const delivery = z.object({
  /** Bytes that the hub has acknowledged. */
  offsets: z.object({ records: count, stdout: count, stderr: count }),
  /** Bytes that were cut off a file beyond its quota. */
  cut: z.object({ stdout: count, stderr: count }),
  /** Number of the last checkpoint that the hub has (or that is damaged); -1 = none. */
  saved: z.number().int().min(-1),
  /** What the hub has asked for; a stronger wish replaces a weaker. */
  wish: z.enum(['run', 'pause', 'stop', 'kill']),
  /** How it ended, once decided: what was seen at the end cannot be seen again after a restart. */
  exit: exit.nullable(),
  /** The hub has acknowledged `ended`. */
  ended: z.boolean(),
})
export type Delivery = z.infer<typeof delivery>

export interface AttemptFolder {
  readonly path: string
  readonly spec: Spec
  file(name: keyof typeof FOLDER): string
  delivery(): Delivery
  /** `sync`: the hub or a later start relies on it. */
  keep(delivery: Delivery, sync: boolean): void
  process(): ProcessFile | null
  /** Keeps every start away; of a claim and this, exactly one wins. */
  claimForNobody(): boolean
  /** The process that ran this attempt lives on and is none of its business any more. */
  disown(): void
  exit(): ExitFile | 'damaged' | null
  control(wish: Control['wish']): void
  remove(): Promise<void>
}

/** A claim that keeps every later start away: no process has this number. */
const NOBODY = JSON.stringify({ pid: 0, start: '', boot: '' })

const FRESH: Delivery = {
  offsets: { records: 0, stdout: 0, stderr: 0 },
  cut: { stdout: 0, stderr: 0 },
  saved: -1,
  wish: 'run',
  exit: null,
  ended: false,
}

/** Durable when it returns. `parent` exists. */
export function makeFolder(parent: string, value: Spec): AttemptFolder {
  const path = join(parent, value.attempt)
  const aside = join(parent, `.new-${value.attempt}`)
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { mode: 0o700 })
  mkdirSync(join(aside, FOLDER.checkpoints))
  writeDurable(join(aside, FOLDER.spec), JSON.stringify(value))
  renameSync(aside, path)
  syncFolder(parent)
  return open(path, value)
}

/** Every whole folder of `parent`. What a crash left half made or half deleted is removed. */
export function findFolders(parent: string): {
  readonly folders: readonly AttemptFolder[]
  readonly damaged: readonly string[]
} {
  const folders: AttemptFolder[] = []
  const damaged: string[] = []
  for (const name of readdirSync(parent)) {
    const path = join(parent, name)
    if (name.startsWith('.')) rmSync(path, { recursive: true, force: true })
    else {
      const parsed = spec.safeParse(json(join(path, FOLDER.spec)))
      if (parsed.success && parsed.data.attempt === name) folders.push(open(path, parsed.data))
      else damaged.push(name)
    }
  }
  return { folders, damaged }
}

function open(path: string, value: Spec): AttemptFolder {
  const file = (name: keyof typeof FOLDER) => join(path, FOLDER[name])
  const deliveryFile = join(path, 'delivery.json')
  return {
    path,
    spec: value,
    file,
    delivery() {
      const parsed = delivery.safeParse(json(deliveryFile))
      return parsed.success ? parsed.data : FRESH
    },
    keep(next, sync) {
      writeDurable(deliveryFile, JSON.stringify(next), 0o600, sync)
    },
    process() {
      const parsed = processFile.safeParse(json(file('process')))
      return parsed.success ? parsed.data : null
    },
    claimForNobody: () => createExclusive(file('process'), NOBODY),
    disown() {
      writeDurable(file('process'), NOBODY, 0o600, false)
    },
    exit() {
      if (!existsSync(file('exit'))) return null
      const parsed = exitFile.safeParse(json(file('exit')))
      return parsed.success ? parsed.data : 'damaged'
    },
    control(wish) {
      const before = json(file('control'))
      const number = z.object({ number: count }).safeParse(before)
      writeDurable(file('control'), JSON.stringify({ wish, number: number.success ? number.data.number + 1 : 1 }))
    },
    async remove() {
      // Renamed first: a crash in the middle leaves something that findFolders knows as rubbish.
      const rubbish = join(path, '..', `.old-${value.attempt}`)
      rmSync(rubbish, { recursive: true, force: true })
      renameSync(path, rubbish)
      await rm(rubbish, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

function json(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null // not there, or torn: every caller checks what it gets
  }
}
