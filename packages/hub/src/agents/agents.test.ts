/** What a hub leaves behind when it has closed: nothing that keeps its process alive. */
import { expect, it, vi } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { openHouse } from '../testing/house.ts'

const ACK_TIMEOUT = 600_001

it('holds no timer of a message that an agent left unanswered before it went', async () => {
  const started = vi.spyOn(globalThis, 'setTimeout')
  const cleared = vi.spyOn(globalThis, 'clearTimeout')
  const house = await openHouse({ limits: { ack_timeout: ACK_TIMEOUT } })
  const { token } = await house.api.agents.joinToken.mutate()
  const agent = new FakeAgent({
    url: house.url,
    token,
    cpu: 1,
  })
  await agent.connect()
  const asked = new Promise<void>(resolve => {
    agent.socket?.off('assign').on('assign', () => resolve())
  })
  await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  await asked
  agent.close()
  await house.close()
  const timers = started.mock.calls.flatMap(([, ms], i) => (ms === ACK_TIMEOUT ? [started.mock.results[i]?.value] : []))
  const over = cleared.mock.calls.map(([timer]) => timer)
  vi.restoreAllMocks()
  expect(timers.length).toBeGreaterThan(0)
  expect(timers.filter(timer => !over.includes(timer))).toEqual([])
})
