/**
 * `main --spare BACKEND [once]`: a trial process that has loaded everything, TensorFlow.js and its backend too, and waits for an attempt
 * (channel.ts); after a good end it waits for the next one, if nothing of the last is left (slate.ts). Each attempt has its own
 * stdout and stderr files, working folder, environment, seed and guards, as if the process were its own.
 */
import { closeSync, openSync, watch } from 'node:fs'
import { join } from 'node:path'
import { FOLDER } from '@flambe/protocol'
import { BACKENDS, openBackend } from '../backend/index.ts'
import { tf } from '../tf.ts'
import { openFor, runAttempt } from './attempt.ts'
import { type Channel, openChannel } from './channel.ts'
import { claim } from './claim.ts'
import { classify, watchEnding } from './ending.ts'
import { openSlate, type Slate } from './slate.ts'
import { watchTimers } from './timers.ts'
import { watchWishes } from './wishes.ts'
import '../library/index.ts'
import '../script/index.ts'

/** Resolves when the agent is gone, when something of a trial is left in this process, or after one trial if `once`. */
export async function wait(backend: string, once: boolean): Promise<void> {
  const timers = once ? null : watchTimers()
  const home = { environment: { ...process.env }, folder: process.cwd() }
  const channel = openChannel(3)
  const named = BACKENDS.find(b => b === backend)
  if (named !== undefined) await openBackend(named)
  if (!once) await useOnce()
  let slate: { readonly backend: string; readonly slate: Slate } | null = null

  channel.say({ word: 'waiting' })
  for (;;) {
    const next = await channel.next()
    if (next === null) return
    redirect(next.run)
    process.chdir(next.run)
    Object.assign(process.env, next.env)
    const mine = claim(next.run)
    channel.say({ word: 'claimed', mine })
    // Before the slate: what a backend leaves in the process is there for good.
    if (mine) await openFor(next.run)
    if (timers !== null && slate?.backend !== tf.getBackend())
      slate = { backend: tf.getBackend(), slate: openSlate(timers, home) }
    if (mine) await attempt(next.run, channel)
    const left = slate === null ? ['it was for one trial'] : await slate.slate.wipe()
    if (!channel.open) return
    if (left.length > 0) {
      channel.say({ word: 'unclean', why: left.slice(0, 20) })
      return
    }
    channel.hold(true)
    channel.say({ word: 'left', memory: process.memoryUsage.rss() })
  }
}

/** Does not return when it ended badly, or when it was done by a program of its own: the process has ended then. */
async function attempt(folder: string, channel: Channel): Promise<void> {
  const ending = watchEnding(folder)
  try {
    // From here on an event loop that runs dry is the trial's mistake.
    channel.hold(false)
    const wishes = watchWishes(folder)
    ending.before(() => wishes.close())
    const { exit, outside } = await runAttempt(folder, ending, wishes)
    if (outside) ending.end(exit)
    ending.settle(exit)
  } catch (error) {
    ending.end({ kind: 'failed', failure: classify(error) })
  }
}

/** What Node makes at its first use and keeps from then on (the HTTP client, the watcher of files) belongs to no trial. */
async function useOnce(): Promise<void> {
  watch('.').close()
  await (await fetch('data:,')).text()
}

/**
 * Files get the lowest free number, so what was closed just now is what is opened. Nothing else may open files meanwhile, and
 * nothing does: no trial runs yet, and its remains would have been found.
 */
function redirect(folder: string): void {
  for (const [fd, name] of [
    [1, FOLDER.stdout],
    [2, FOLDER.stderr],
  ] as const) {
    closeSync(fd)
    const got = openSync(join(folder, name), 'a', 0o600)
    if (got !== fd) throw new Error(`${name} became file ${got}`)
  }
}
