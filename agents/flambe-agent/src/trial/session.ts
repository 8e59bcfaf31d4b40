/**
 * Ends every process of an attempt (G13). A trial is the leader of its own session; its processes are those of that session
 * and, wherever they went since (setsid, daemons), those that carry the attempt's folder in their environment.
 */
import { readdirSync } from 'node:fs'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { bootId, type ProcessIdentity, type Stat, startedWith, statOf } from './identity.ts'

/** Environment variable of every trial process: its folder, since two hubs may give two agents of one machine the same id. */
export const COOKIE = 'FLAMBE_ATTEMPT_FOLDER'

const HURRY = 10_000

/**
 * SIGTERM, up to `grace` ms, then SIGKILL until nothing is left. Resolves with the pids that live even so (a process in an
 * uninterruptible wait), normally none. `spared`: the leader has left the attempt by itself and is no part of it any more.
 */
export async function endSession(
  leader: ProcessIdentity,
  folder: string,
  grace: number,
  spared: () => boolean = () => false,
): Promise<readonly number[]> {
  const members = async () => among(await nextLook(), leader, folder).filter(pid => pid !== leader.pid || !spared())
  let left = await members()
  for (const [signal, limit] of [['SIGTERM', grace] as const, ['SIGKILL', HURRY] as const]) {
    const from = performance.now()
    let sent = new Set<number>()
    while (left.length > 0 && performance.now() - from < limit) {
      for (const pid of left) if (!sent.has(pid)) signalTo(pid, signal)
      // SIGTERM once each; SIGKILL again and again, for those that were being born.
      sent = signal === 'SIGTERM' ? new Set([...sent, ...left]) : new Set()
      await sleep(Math.min(50, limit))
      left = await members()
    }
  }
  return left
}

/** Living processes of the attempt. */
export const membersOf = (leader: ProcessIdentity, folder: string) => among(lookNow(), leader, folder)

/** All processes of this machine at one moment. */
type Look = readonly { readonly stat: Stat; readonly folder: () => string | null }[]

function lookNow(): Look {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap(name => {
    const pid = Number(name)
    const stat = Number.isInteger(pid) && pid !== process.pid ? statOf(pid) : null
    if (stat === null || stat.zombie) return []
    let folder: string | null | undefined
    return [
      {
        stat,
        folder() {
          if (folder === undefined) folder = startedWith(pid, COOKIE)
          return folder
        },
      },
    ]
  })
}

let next: Promise<Look> | null = null

/** A look that begins after this call. One for all who ask in the same turn: a machine has many processes, and trials end together. */
function nextLook(): Promise<Look> {
  next ??= turn().then(() => {
    next = null
    return lookNow()
  })
  return next
}

function among(look: Look, leader: ProcessIdentity, folder: string): readonly number[] {
  // 0 is the claim of nobody, and session 0 the kernel's own.
  if (leader.pid <= 1) return []
  if (process.platform !== 'linux') return groupLives(leader.pid) ? [leader.pid] : []
  if (leader.boot !== bootId()) return []
  const now = look.find(({ stat }) => stat.pid === leader.pid)
  // The kernel keeps a session's number while a member lives, so another process under it means that the session is over.
  const reused = now !== undefined && now.stat.start !== leader.start
  const since = BigInt(leader.start)
  return look
    .filter(({ stat }) => BigInt(stat.start) >= since)
    .filter(one => (one.stat.session === leader.pid && !reused) || one.folder() === folder)
    .map(({ stat }) => stat.pid)
}

function groupLives(pid: number): boolean {
  try {
    return process.kill(-pid, 0)
  } catch {
    return false
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'linux' ? pid : -pid, signal)
  } catch {
    // gone since we looked
  }
}
