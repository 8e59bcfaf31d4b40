/** Has the kernel killed something for want of memory? Asked before and after a trial; Linux only, elsewhere always 0. */
import { readFileSync } from 'node:fs'

/** Kills so far, on this machine and in this container: a number that only grows. */
export function outOfMemoryKills(): number {
  const files = ['/proc/vmstat', '/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control']
  return files.reduce((sum, file) => sum + Number(/^oom_kill (\d+)$/m.exec(read(file))?.[1] ?? 0), 0)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // this machine has no such counter
  }
}
