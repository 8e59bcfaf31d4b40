/**
 * Places where a process kills itself when it was started with FLAMBE_FAILPOINT=NAME:N, at the N-th time that it comes by.
 * Only the fault harness and tests set that; without it a failpoint is one comparison. Called where a kill from outside
 * would hardly ever strike.
 */
import { writeSync } from 'node:fs'

export type Failpoint =
  | 'commit' // after COMMIT, before anybody is told
  | 'blob' // checked and synced, before it gets its name
  | 'migration' // after a statement, before the transaction ends

const [wanted, nth] = (process.env.FLAMBE_FAILPOINT ?? '').split(':')
let left = Number(nth ?? 1)

export function failpoint(name: Failpoint): void {
  if (name !== wanted || --left > 0) return
  writeSync(2, `failpoint ${name}: this process kills itself\n`)
  process.kill(process.pid, 'SIGKILL')
}
