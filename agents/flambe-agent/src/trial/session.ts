/**
 * Ends every process of an attempt (G13). A trial is the leader of its own session; its processes are those of that session
 * and, wherever they went since (setsid, daemons), those that carry the attempt's folder in their environment.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { bootId, type ProcessIdentity, statOf } from './identity.ts'

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
  const members = () => membersOf(leader, folder).filter(pid => pid !== leader.pid || !spared())
  let left = members()
  for (const [signal, limit] of [['SIGTERM', grace] as const, ['SIGKILL', HURRY] as const]) {
    const from = performance.now()
    let sent = new Set<number>()
    while (left.length > 0 && performance.now() - from < limit) {
      for (const pid of left) if (!sent.has(pid)) signalTo(pid, signal)
      // SIGTERM once each; SIGKILL again and again, for those that were being born.
      sent = signal === 'SIGTERM' ? new Set([...sent, ...left]) : new Set()
      await sleep(Math.min(50, limit))
      left = members()
    }
  }
  return left
}

/** Living processes of the attempt. */
export function membersOf(leader: ProcessIdentity, folder: string): readonly number[] {
  // 0 is the claim of nobody, and session 0 the kernel's own.
  if (leader.pid <= 1) return []
  if (process.platform !== 'linux') return groupLives(leader.pid) ? [leader.pid] : []
  if (leader.boot !== bootId()) return []
  const now = statOf(leader.pid)
  // The kernel keeps a session's number while a member lives, so another process under it means that the session is over.
  const reused = now !== null && now.start !== leader.start
  const members: number[] = []
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const stat = statOf(pid)
    if (stat === null || stat.zombie || BigInt(stat.start) < BigInt(leader.start)) continue
    if ((stat.session === leader.pid && !reused) || carries(pid, folder)) members.push(pid)
  }
  return members
}

function groupLives(pid: number): boolean {
  try {
    return process.kill(-pid, 0)
  } catch {
    return false
  }
}

function carries(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${COOKIE}=${folder}`)
  } catch {
    return false // another user's, or gone
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'linux' ? pid : -pid, signal)
  } catch {
    // gone since we looked
  }
}
