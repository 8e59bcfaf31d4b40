import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import { createPresence } from './presence.ts'

function scene() {
  let now = 1_000
  const said: string[] = []
  const clock = { wall: () => 0, steady: () => now }
  const presence = createPresence(clock, DEFAULT_LIMITS, (agent, state) => said.push(`${agent} ${state}`))
  return {
    presence,
    said,
    pass: (ms: number) => {
      now += ms
      presence.sweep()
    },
    /** Time passes and nobody looks: what a stalled hub sees. */
    stall: (ms: number) => {
      now += ms
    },
  }
}

describe('silence', () => {
  it('is reported at 20 s, 60 s and 5 min, once each (G10)', () => {
    const { presence, said, pass } = scene()
    presence.heard('a')
    pass(19_999)
    expect(said).toEqual([])
    pass(1)
    pass(1)
    pass(40_000)
    pass(240_000)
    pass(1_000_000)
    expect(said).toEqual(['a suspect', 'a disconnected', 'a lost'])
  })

  it('ends with any message, which tells that the agent is back', () => {
    const { presence, said, pass } = scene()
    presence.heard('a')
    pass(25_000)
    expect(presence.heard('a')).toBe('suspect')
    expect(presence.heard('a')).toBe('connected')
    pass(19_000)
    expect(said).toEqual(['a suspect'])
  })

  it('before a hub start does not count: each agent has a full lease (G8)', () => {
    const { presence, said, pass } = scene()
    presence.follow('a', 'disconnected')
    presence.follow('b', 'connected')
    pass(70_000)
    expect(said).toEqual(['b disconnected'])
    pass(230_000)
    expect(said).toEqual(['b disconnected', 'a lost', 'b lost'])
  })

  it('while the hub itself was stalled is credited (G19)', () => {
    const { presence, said, stall } = scene()
    presence.start()
    presence.heard('a')
    stall(400_000)
    presence.sweep()
    expect(said).toEqual([])
    presence.close()
  })
})
