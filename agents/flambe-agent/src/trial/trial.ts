/**
 * The process of one attempt, from its start (or from being found again) to the verdict: watches it, ends it when the hub
 * wishes so, and leaves nothing of it behind (G13). Called by attempt.ts. Knows nothing of the hub.
 */
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit, ProcessFile } from '@flambe/protocol'
import { endOf } from '../files.ts'
import type { AttemptFolder, Delivery } from '../folder.ts'
import type { Log } from '../log.ts'
import type { Timing } from '../timing.ts'
import { bootId, isAlive } from './identity.ts'
import { outOfMemoryKills } from './memory.ts'
import { endSession } from './session.ts'
import type { Shield } from './shield.ts'
import { startTrial } from './spawn.ts'
import { fail, verdict } from './verdict.ts'

export interface Trial {
  /**
   * Starts the process unless one has claimed the attempt already; resolves when it is gone, with how it ended. Rejects with
   * the signal's reason, and then the process goes on.
   */
  run(): Promise<Exit>
  /** `pause` waits for the running step however long it is; `stop` for the grace; `kill` not at all. */
  end(wish: Delivery['wish']): void
}

export function openTrial(options: {
  readonly folder: AttemptFolder
  readonly program: string
  readonly shield: Shield
  readonly timing: Timing
  readonly log: Log
  readonly signal: AbortSignal
  onRunning(process: ProcessFile): void
}): Trial {
  const { folder, timing, log, signal } = options
  let running: ProcessFile | null = null
  let wish: Delivery['wish'] = 'run'
  const gone = new AbortController()
  let killing: Promise<unknown> | null = null

  async function run(): Promise<Exit> {
    const kills = outOfMemoryKills()
    const evidence = () => ({
      wish,
      outOfMemory: outOfMemoryKills() > kills,
      stderr: endOf(folder.file('stderr'), 4_000),
      exitFile: folder.exit(),
    })
    const found = folder.process()
    let child: ChildProcess | null = null
    if (found === null) {
      const started = await startTrial(folder, options.program, options.shield, signal)
      if (!('process' in started)) {
        if (started.cause !== null) return fail('infrastructure', `cannot start a process: ${started.cause}`, '')
        return verdict({ ...evidence(), ...started, rebooted: false, unwatched: false })
      }
      running = started.process
      child = started.child
      log.info({ pid: running.pid }, 'trial started')
    } else {
      running = found
      log.info({ pid: found.pid }, isAlive(found) ? 'trial found again' : 'trial has ended meanwhile')
    }
    const unwatched = found !== null && !isAlive(found)
    options.onRunning(running)
    escalate()
    const left = await untilGone(running, child)
    gone.abort() // the grace is over as soon as nobody needs it
    await killing
    const survivors = await endSession(running, folder.path, timing.exit)
    if (survivors.length > 0) log.error({ survivors }, 'processes of this attempt cannot be killed')
    return verdict({ ...evidence(), ...left, rebooted: running.boot !== bootId(), unwatched })
  }

  async function untilGone(process: ProcessFile, child: ChildProcess | null) {
    let written: number | null = null
    while (child === null ? isAlive(process) : child.exitCode === null && child.signalCode === null) {
      await sleep(Math.min(timing.flush, 100), undefined, { signal })
      if (folder.exit() === null) continue
      written ??= performance.now()
      // It has said how it ended, so it must not hold its devices any longer.
      if (performance.now() - written > timing.exit) killing ??= endSession(process, folder.path, timing.exit)
    }
    return { code: child?.exitCode ?? null, signal: child?.signalCode ?? null }
  }

  function escalate(): void {
    if (running === null) return
    const process = running
    if (wish === 'kill') killing = endSession(process, folder.path, timing.grace)
    if (wish !== 'stop') return
    killing = sleep(timing.grace, undefined, { signal: AbortSignal.any([signal, gone.signal]), ref: false }).then(
      () => (isAlive(process) ? endSession(process, folder.path, timing.lastGrace) : []),
      () => [], // the process is gone; or the agent leaves, and the next one begins the grace anew
    )
  }

  return {
    run,
    end(next) {
      if (next === wish) return
      wish = next
      escalate()
    },
  }
}
