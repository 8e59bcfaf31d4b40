/**
 * Answers the hub's `describe`: what an extension brings that somebody has uploaded (a browser cannot run it, and the hub does not).
 * Each question ends in one `described`, with the catalogue or the reason, within the time that the hub gives. Owned by agent.ts;
 * ended by close(), and then the hub asks another agent.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Down, Up } from '@flambe/protocol'
import type { Mask } from '../delivery/mask.ts'
import { CannotPlace } from '../inputs/blobs.ts'
import { BlobMissing } from '../inputs/cache.ts'
import { type Link, Refused } from '../link.ts'
import type { Log } from '../log.ts'
import { describeFolder } from './description.ts'
import { type Extensions, NoNpm } from './install.ts'
import { endLeftOver } from './isolated.ts'
import { CannotPack, type Packing, pack } from './packing.ts'

export interface Describing {
  /** Returns at once; a question that came before changes nothing. */
  start(message: Down['describe']): void
  /** Resolves when nothing runs any more. */
  close(): Promise<void>
}

type Result = Up['described']['result']

export function openDescribing(
  options: Packing & {
    /** For what is worked on; emptied at the start. */
    readonly folder: string
    readonly extensions: Extensions
    readonly link: Pick<Link, 'send'>
    readonly log: Log
    readonly mask: Mask | null
  },
): Describing {
  const { folder, extensions, link, log, mask } = options
  // Masked before it is cut: half a secret would not be found.
  const problem = (message: string, elsewhere: boolean): Result => ({
    kind: 'problem',
    message: (mask?.text(message) ?? message).slice(0, 4_000),
    hint: '',
    elsewhere,
  })
  const life = new AbortController()
  const cleared = clear(folder).catch(error => {
    log.error({ err: error }, `cannot clear ${folder}: ${(error as Error).message}`)
  })
  const running = new Map<string, Promise<void>>()

  async function describe({ name, manifest }: Down['describe'], work: string, signal: AbortSignal): Promise<Result> {
    const cwd = join(work, 'cwd')
    mkdirSync(cwd, { recursive: true, mode: 0o700 })
    const packed = await pack(options, manifest, { folder: join(work, 'packed'), cwd, signal })
    return extensions.use(name, packed, signal, async installed => {
      const found = await describeFolder(options.runtime, name, installed, { cwd, signal })
      if ('problem' in found) return problem(found.problem, false)
      return { kind: 'described', manifest: packed, catalogue: found.catalogue as never }
    })
  }

  async function answer(message: Down['describe']): Promise<void> {
    await cleared
    const { request, name, limit } = message
    const work = join(folder, randomUUID())
    const late = AbortSignal.timeout(limit)
    let result: Result
    try {
      result = await describe(message, work, AbortSignal.any([life.signal, late]))
    } catch (error) {
      if (life.signal.aborted) return
      if (late.aborted) result = problem(`was not described within ${Math.round(limit / 1_000)} s`, false)
      else if (error instanceof CannotPack) result = problem(error.message, error.elsewhere)
      else {
        if (!(error instanceof CannotPlace || error instanceof BlobMissing))
          log.warn({ err: error, extension: name }, `cannot describe an extension: ${(error as Error).message}`)
        const final = error instanceof CannotPlace && !(error instanceof NoNpm)
        result = problem(`cannot be installed: ${(error as Error).message}`, !final)
      }
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    log.info({ extension: name, result: result.kind }, 'an extension was described')
    await link.send('described', { request, result }, life.signal)
  }

  return {
    start(message) {
      const { request } = message
      if (running.has(request) || life.signal.aborted) return
      const one = answer(message)
        .catch(error => {
          // The hub does not wait for it any more, or this agent ends.
          if (!(error instanceof Refused) && !life.signal.aborted)
            log.error({ err: error, extension: message.name }, `cannot answer the hub: ${(error as Error).message}`)
        })
        .finally(() => running.delete(request))
      running.set(request, one)
    },
    async close() {
      life.abort(new Error('the agent stops'))
      await cleared
      await Promise.all(running.values())
    },
  }
}

/** What an agent that was killed has left: its processes ended, its files removed. */
async function clear(folder: string): Promise<void> {
  const left = existsSync(folder) ? readdirSync(folder) : []
  for (const name of left) await endLeftOver(join(folder, name, 'cwd'))
  for (const name of left) rmSync(join(folder, name), { recursive: true, force: true })
}
