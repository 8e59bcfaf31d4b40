import { describe, expect, it } from 'vitest'
import { couldHold, fit, noUsage, type Usage, use } from './capacity.ts'
import type { AgentRow } from './rows.ts'

function agent(cpu: number, gpus: number): AgentRow {
  return {
    id: 'g',
    cpu,
    gpus: Array.from({ length: gpus }, (_, index) => ({ index, name: 'X', memory: 1 })),
  } as unknown as AgentRow
}

function fill(on: AgentRow, devices: { cpu: number; gpu: number | null }): { slots: number; usage: Usage } {
  const usage = noUsage()
  for (let slots = 0; ; slots++) {
    const slot = fit(on, usage, devices)
    if (!slot) return { slots, usage }
    use(usage, slot, 1)
  }
}

describe('slots', () => {
  it('adds up fractions without a rest', () => {
    expect(fill(agent(1, 0), { cpu: 0.1, gpu: 0 }).slots).toBe(10)
    expect(fill(agent(2, 0), { cpu: 1 / 3, gpu: 0 }).slots).toBe(6)
    const { usage } = fill(agent(1, 1), { cpu: 0.1, gpu: 0.1 })
    for (let i = 0; i < 10; i++) use(usage, { cpu: 0.1, gpus: [{ index: 0, share: 0.1 }] }, -1)
    expect(usage).toEqual(noUsage())
  })

  it('keeps a share of a GPU on one GPU, the fullest with room', () => {
    const on = agent(8, 2)
    const usage = noUsage()
    const first = fit(on, usage, { cpu: 1, gpu: 0.6 })
    expect(first?.gpus).toEqual([{ index: 0, share: 0.6 }])
    use(usage, first as NonNullable<typeof first>, 1)
    expect(fit(on, usage, { cpu: 1, gpu: 0.5 })?.gpus).toEqual([{ index: 1, share: 0.5 }])
    expect(fit(on, usage, { cpu: 1, gpu: 0.4 })?.gpus).toEqual([{ index: 0, share: 0.4 }])
    use(usage, { cpu: 1, gpus: [{ index: 1, share: 0.7 }] }, 1)
    expect(fit(on, usage, { cpu: 1, gpu: 0.2 })?.gpus).toEqual([{ index: 1, share: 0.2 }])
  })

  it('takes whole GPUs whole, and one and a half as one and a share', () => {
    expect(fit(agent(8, 4), noUsage(), { cpu: 1, gpu: 2 })?.gpus.map(g => g.index)).toEqual([0, 1])
    expect(fit(agent(8, 2), noUsage(), { cpu: 1, gpu: 1.5 })?.gpus).toEqual([
      { index: 0, share: 1 },
      { index: 1, share: 0.5 },
    ])
    const usage = noUsage()
    use(usage, { cpu: 1, gpus: [{ index: 0, share: 0.1 }] }, 1)
    expect(fit(agent(8, 2), usage, { cpu: 1, gpu: 2 })).toBeNull()
  })

  it('reads a missing number of GPUs as one where there is any (EXE-1)', () => {
    expect(fit(agent(1, 0), noUsage(), { cpu: 1, gpu: null })?.gpus).toEqual([])
    expect(fit(agent(1, 2), noUsage(), { cpu: 1, gpu: null })?.gpus).toEqual([{ index: 0, share: 1 }])
    expect(fill(agent(4, 2), { cpu: 1, gpu: null }).slots).toBe(2)
  })

  it('tells what an empty agent could hold from what it holds now', () => {
    expect(couldHold(agent(4, 1), { cpu: 4, gpu: 1 })).toBe(true)
    expect(couldHold(agent(4, 1), { cpu: 5, gpu: 0 })).toBe(false)
    expect(couldHold(agent(4, 1), { cpu: 1, gpu: 1.5 })).toBe(false)
  })
})
