/**
 * Ends what an agent that was killed has left: trials have sessions of their own, so they outlive it. Every process of an
 * attempt carries the attempt's folder in its environment, which no process of anybody else's does.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processFile } from '@flambe/protocol'

const COOKIE = 'FLAMBE_ATTEMPT_FOLDER'
/** Looks at what is left, 20 ms apart; what still lives after them waits in the kernel and ends by itself. */
const LOOKS = 50

/** Kills the processes of all attempts of an agent's home, until none is left. The agent itself must be gone. */
export async function killTrials(home: string): Promise<void> {
  const attempts = join(home, 'attempts')
  if (!existsSync(attempts)) return
  const folder = realpathSync(attempts)
  for (let look = 0; look < LOOKS; look++) {
    const left = process.platform === 'linux' ? carriers(folder) : leaders(folder)
    if (left.length === 0) return
    for (const pid of left) kill(pid)
    await sleep(20)
  }
}

function carriers(folder: string): number[] {
  const mark = `${COOKIE}=${folder}/`
  return readdirSync('/proc')
    .filter(
      name => /^\d+$/.test(name) && name !== String(process.pid) && environmentOf(name).some(e => e.startsWith(mark)),
    )
    .map(Number)
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
  } catch {
    return [] // another user's, or gone
  }
}

/** Where there is no /proc: the process groups of the trials, as they wrote them down. */
function leaders(folder: string): number[] {
  return readdirSync(folder).flatMap(name => {
    const file = join(folder, name, 'process.json')
    if (!existsSync(file)) return []
    const { pid } = processFile.parse(JSON.parse(readFileSync(file, 'utf8')))
    return pid > 1 && kill(-pid, 0) ? [-pid] : []
  })
}

/** @returns false when there is none any more */
function kill(pid: number, signal: NodeJS.Signals | 0 = 'SIGKILL'): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
