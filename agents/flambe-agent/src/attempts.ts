/**
 * All attempts that this agent holds: takes the hub's messages to the right one, finds the folders again at the start, and
 * ticks them all from one timer. Used by agent.ts only.
 */
import { readFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { type Down, FOLDER, processFile, type Up, type UpAnswer } from '@flambe/protocol'
import { type Attempt, type AttemptContext, runAttempt } from './attempt.ts'
import { type AttemptFolder, findFolders, makeFolder } from './folder.ts'
import { endSession } from './trial/session.ts'

export interface Attempts {
  readonly held: Up['hello']['attempts']
  readonly backlog: number
  /** Attempts that are not over: preparing, running, or not yet told. */
  readonly busy: number
  readonly running: number
  /** Durable when it resolves. */
  assign(message: Down['assign']): Promise<void>
  end(message: Down['end']): void
  forget(message: Down['forget']): Promise<void>
  throttle(message: Down['throttle']): void
  /** What the hub said at hello: offsets, and what is no longer ours. */
  agree(answer: UpAnswer['hello']): void
  /** Begins the loops of what was found on disk. */
  start(): Promise<void>
  endAll(how: 'stop' | 'kill'): void
  /** Ends all and deletes their folders: nobody will ever ask for them. */
  forgetAll(): Promise<void>
  /** Resolves when every loop is over. */
  idle(): Promise<void>
  /** Leaves all as they are. */
  detach(): Promise<void>
}

/** Bytes that must stay free for an assignment to be taken. */
const SPARE = 64 * 1024 * 1024

export function openAttempts(
  folder: string,
  context: Omit<AttemptContext, 'onGone'>,
  full: () => string | null,
): Attempts {
  const all = new Map<string, Attempt>()
  let timer: NodeJS.Timeout | undefined

  function run(attempt: AttemptFolder): void {
    const one = runAttempt(attempt, { ...context, onGone: id => all.delete(id) })
    all.set(one.id, one)
  }

  const values = () => [...all.values()]
  return {
    get held() {
      return values().map(one => ({ attempt: one.id, state: one.state }))
    },
    get backlog() {
      return values().reduce((sum, one) => sum + one.backlog, 0)
    },
    get busy() {
      return values().filter(one => !one.told).length
    },
    get running() {
      return values().filter(one => one.state === 'running').length
    },
    async assign({ attempt, spec }) {
      if (all.has(attempt)) return
      const why = full()
      if (why !== null) throw new Error(why)
      if (attempt !== spec.attempt) throw new Error(`attempt ${attempt} with the spec of ${spec.attempt}`)
      const disk = statfsSync(folder)
      if (disk.bavail * disk.bsize < SPARE)
        throw Object.assign(new Error('less than 64 MiB are free on the disk'), { code: 'ENOSPC' })
      const made = makeFolder(folder, spec)
      context.log.info({ attempt, experiment: spec.experiment.name, block: spec.block }, 'trial assigned')
      run(made)
    },
    end({ attempt, how }) {
      all.get(attempt)?.end(how)
    },
    async forget({ attempt }) {
      await all.get(attempt)?.forget()
    },
    throttle({ attempt, bytes_per_second }) {
      all.get(attempt)?.throttle(bytes_per_second)
    },
    agree(answer) {
      for (const id of answer.fenced) {
        const one = all.get(id)
        if (one === undefined) continue
        context.log.warn({ attempt: id }, 'the hub has given this attempt to another; ending it here')
        one.forget().catch(error => context.log.error({ err: error, attempt: id }, 'cannot end a fenced attempt'))
      }
      for (const [id, offsets] of Object.entries(answer.offsets)) all.get(id)?.rewind(offsets)
    },
    async start() {
      const { folders, damaged } = findFolders(folder)
      for (const name of damaged) {
        context.log.error({ attempt: name }, 'folder without a readable spec: removed')
        await endDamaged(join(folder, name))
      }
      for (const found of folders) run(found)
      timer = setInterval(() => {
        for (const one of values()) one.tick()
      }, context.timing.flush)
    },
    endAll(how) {
      for (const one of values()) if (one.state !== 'ended') one.end(how)
    },
    async forgetAll() {
      await Promise.all(values().map(one => one.forget()))
    },
    async idle() {
      await Promise.all(values().map(one => one.over))
    },
    async detach() {
      clearInterval(timer)
      await Promise.all(values().map(one => one.detach()))
    },
  }
}

async function endDamaged(path: string): Promise<void> {
  let known: unknown = null
  try {
    known = JSON.parse(readFileSync(join(path, FOLDER.process), 'utf8'))
  } catch {
    // no process was started, or nothing is left that says which
  }
  const parsed = processFile.safeParse(known)
  if (parsed.success) await endSession(parsed.data, path, 2_000)
  rmSync(path, { recursive: true, force: true })
}
