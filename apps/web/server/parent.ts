/**
 * Notices that the process which started this server is gone, by whatever signal: a server that nobody will stop would hold
 * its port and its data folder for ever. Asked for with `--parent PID`, by `flambe hub`.
 */

/** ms between two looks. */
const LOOK = 500

/** Calls `gone` once when process `pid` does not live any more; does not keep this process alive. */
export function whenParentGone(pid: number, gone: () => void): void {
  // A child is given to another parent when its own is gone: that is certain, while a number may be another process by now.
  const child = process.ppid === pid
  const timer = setInterval(() => {
    if (child ? process.ppid === pid : alive(pid)) return
    clearInterval(timer)
    gone()
  }, LOOK)
  timer.unref()
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
