/**
 * What fits on an agent. Shares are counted in whole millionths, so that sums are exact and a recount gives the same.
 * Pure; used by placement, by the indexes and by the reasons why a trial waits.
 */
import type { Devices } from '@flambe/language'
import type { AgentRow, AttemptRow } from './rows.ts'

export type Slot = AttemptRow['slot']

const WHOLE = 1_000_000
export const units = (share: number): number => Math.round(share * WHOLE)

/** Millionths of processors and of each GPU (by device index) that the live attempts of an agent hold. */
export interface Usage {
  cpu: number
  readonly gpus: Map<number, number>
}

export const noUsage = (): Usage => ({ cpu: 0, gpus: new Map() })
export const copyUsage = (u: Usage): Usage => ({ cpu: u.cpu, gpus: new Map(u.gpus) })

/** Adds (sign 1) or gives back (sign -1) a slot. */
export function use(usage: Usage, slot: Slot, sign: 1 | -1): void {
  usage.cpu += sign * units(slot.cpu)
  for (const { index, share } of slot.gpus) {
    const left = (usage.gpus.get(index) ?? 0) + sign * units(share)
    if (left === 0) usage.gpus.delete(index)
    else usage.gpus.set(index, left)
  }
}

export const freeCpu = (agent: AgentRow, usage: Usage): number => units(agent.cpu) - usage.cpu

/** GPUs that the trial would take there, in shares: `null` means one where there is any (rule EXE-1). */
export function gpuNeed(agent: AgentRow, devices: Devices): number {
  if (devices.gpu === null) return agent.gpus.length > 0 ? 1 : 0
  return devices.gpu
}

/** Whether the agent could run it with nothing else on it. */
export function couldHold(agent: AgentRow, devices: Devices): boolean {
  return units(devices.cpu) <= units(agent.cpu) && Math.ceil(gpuNeed(agent, devices)) <= agent.gpus.length
}

/**
 * The slot that the trial would get now, or null. Whole GPUs are taken whole, lowest index first; a share below one stays on
 * one GPU, the fullest that still has room, so that whole ones stay free for those who need them.
 */
export function fit(agent: AgentRow, usage: Usage, devices: Devices): Slot | null {
  if (units(devices.cpu) > freeCpu(agent, usage)) return null
  const need = units(gpuNeed(agent, devices))
  if (need === 0) return { cpu: devices.cpu, gpus: [] }
  const used = (index: number): number => usage.gpus.get(index) ?? 0
  const order = agent.gpus.map(g => g.index).sort((a, b) => a - b)
  const whole = Math.floor(need / WHOLE)
  const rest = need % WHOLE
  const taken = order.filter(i => used(i) === 0).slice(0, whole)
  if (taken.length < whole) return null
  const gpus = taken.map(index => ({ index, share: 1 }))
  if (rest > 0) {
    let best: number | null = null
    for (const i of order)
      if (!taken.includes(i) && used(i) + rest <= WHOLE && (best === null || used(i) > used(best))) best = i
    if (best === null) return null
    gpus.push({ index: best, share: rest / WHOLE })
  }
  return { cpu: devices.cpu, gpus }
}
