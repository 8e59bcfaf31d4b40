/**
 * What this machine is and how busy it is: processors and memory within the limits of its container (cgroup v2 and v1), disk.
 * `machine()` once at the start, `load()` at every heartbeat.
 */
import { readFileSync, statfsSync } from 'node:fs'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'

export interface Machine {
  /** May be a fraction: a container's share. */
  readonly cpu: number
  /** Bytes. */
  readonly memory: number
}

export function machine(): Machine {
  return { cpu: Math.min(availableParallelism(), cpuLimit() ?? Number.POSITIVE_INFINITY), memory: memoryTotal() }
}

/** Processors that the container may use, null without a limit. */
function cpuLimit(): number | null {
  const [quota, period] = (read('/sys/fs/cgroup/cpu.max') ?? '').trim().split(' ')
  if (quota !== undefined && quota !== 'max' && Number(period) > 0) return Number(quota) / Number(period)
  const old = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') ?? -1)
  const oldPeriod = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_period_us') ?? 0)
  return old > 0 && oldPeriod > 0 ? old / oldPeriod : null
}

function memoryTotal(): number {
  const limits = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'].map(file =>
    Number(read(file)),
  )
  return Math.min(totalmem(), ...limits.filter(limit => limit > 0))
}

function memoryUsed(total: number): number {
  if (total < totalmem()) {
    const used = Number(
      read('/sys/fs/cgroup/memory.current') ?? read('/sys/fs/cgroup/memory/memory.usage_in_bytes') ?? 0,
    )
    if (used > 0) return Math.min(used, total)
  }
  const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo') ?? '')?.[1] ?? 0) * 1024
  return Math.max(0, totalmem() - (available > 0 ? available : freemem()))
}

export function disk(folder: string): { readonly free: number; readonly total: number } {
  const stat = statfsSync(folder)
  return { free: stat.bavail * stat.bsize, total: stat.blocks * stat.bsize }
}

/** Each call measures since the call before. */
export function openLoad(folder: string): () => {
  readonly cpu: number
  readonly memory: { readonly used: number; readonly total: number }
  readonly disk: { readonly free: number; readonly total: number }
} {
  let before = times()
  return () => {
    const now = times()
    const all = now.all - before.all
    const cpu = all > 0 ? Math.min(1, Math.max(0, 1 - (now.idle - before.idle) / all)) : 0
    before = now
    const total = memoryTotal()
    return { cpu, memory: { used: memoryUsed(total), total }, disk: disk(folder) }
  }
}

function times(): { readonly idle: number; readonly all: number } {
  let idle = 0
  let all = 0
  for (const { times: t } of cpus()) {
    idle += t.idle
    all += t.user + t.nice + t.sys + t.idle + t.irq
  }
  return { idle, all }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // no such limit on this machine
  }
}
