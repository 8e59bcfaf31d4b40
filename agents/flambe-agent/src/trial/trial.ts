/**
 * The process of one attempt, from its start (or from being found again) to the verdict: watches it, ends it when the hub
 * wishes so, and leaves nothing of it behind (G13). Called by attempt.ts. Knows nothing of the hub.
 */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit, ProcessFile } from '@flambe/protocol'
import { endOf } from '../files.ts'
import type { AttemptFolder, Delivery } from '../folder.ts'
import type { Log } from '../log.ts'
import type { Timing } from '../timing.ts'
import type { Host } from './host.ts'
import { bootId, isAlive } from './identity.ts'
import { outOfMemoryKills } from './memory.ts'
import { endSession } from './session.ts'
import { type Started, type Starting, startTrial } from './spawn.ts'
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
  readonly starting: Starting
  readonly timing: Timing
  readonly log: Log
  readonly signal: AbortSignal
  onRunning(process: ProcessFile): void
}): Trial {
  const { folder, timing, log, signal } = options
  let running: Started | null = null
  /** The process has left this attempt, clean, and lives on. */
  let left = false
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
    if (found === null) {
      const started = await startTrial(folder, options.starting, signal)
      if (!('process' in started)) {
        if (started.cause !== null) return fail('infrastructure', `cannot start a process: ${started.cause}`, '')
        return verdict({ ...evidence(), ...started, rebooted: false, unwatched: false })
      }
      running = started
      log.info({ pid: started.process.pid }, 'trial started')
    } else {
      running = { process: found, child: null, host: null }
      log.info({ pid: found.pid }, isAlive(found) ? 'trial found again' : 'trial has ended meanwhile')
    }
    const { process, host } = running
    const unwatched = found !== null && !isAlive(found)
    // A process that has left it clean has put nobody in its place.
    if (process.pid !== 0) options.onRunning(process)
    escalate()
    const how = await untilGone(running)
    gone.abort() // the grace is over as soon as nobody needs it
    await killing
    const survivors = await endSession(process, folder.path, timing.exit, () => left)
    if (survivors.length > 0) log.error({ survivors }, 'processes of this attempt cannot be killed')
    const end = verdict({ ...evidence(), ...how, rebooted: process.boot !== bootId(), unwatched })
    if (host !== null) release(host)
    return end
  }

  /** From here on the process is no part of this attempt, whatever happens to either. */
  function release(host: Host): void {
    if (host.remains.length > 0)
      log.debug({ pid: host.child.pid, remains: host.remains }, 'this process is not used again')
    if (!left) return
    folder.disown()
    if (wish === 'kill') void host.dismiss()
    else options.starting.processes.give(host, folder.spec)
  }

  async function untilGone({ process, child, host }: Started) {
    let written: number | null = null
    // A host's process runs many attempts: nothing may pile up on it.
    const over =
      host === null
        ? child && once(child, 'exit')
        : host.over.then(how => {
            left = how === 'left'
          })
    const lives = () =>
      child === null ? isAlive(process) : !left && child.exitCode === null && child.signalCode === null
    while (lives()) {
      const pause = sleep(Math.min(timing.flush, 100), undefined, { signal })
      await (over === null ? pause : Promise.race([pause, over]))
      if (!lives() || folder.exit() === null) continue
      written ??= performance.now()
      // It has said how it ended, so it must not hold its devices any longer.
      if (performance.now() - written > timing.exit)
        killing ??= endSession(process, folder.path, timing.exit, () => left)
    }
    return left ? { code: 0, signal: null } : { code: child?.exitCode ?? null, signal: child?.signalCode ?? null }
  }

  function escalate(): void {
    if (running === null) return
    const { process } = running
    const spared = () => left
    if (wish === 'kill') killing = endSession(process, folder.path, timing.grace, spared)
    if (wish !== 'stop') return
    killing = sleep(timing.grace, undefined, { signal: AbortSignal.any([signal, gone.signal]), ref: false }).then(
      () => (!left && isAlive(process) ? endSession(process, folder.path, timing.lastGrace, spared) : []),
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
