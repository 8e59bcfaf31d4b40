/** What a hub leaves behind when it has closed: nothing that keeps its process alive. */
import { expect, it } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { eventually, openHouse } from '../testing/house.ts'

const timers = () => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length

it('holds no timer of a message that an agent left unanswered before it went', async () => {
  const before = timers()
  const house = await openHouse({ limits: { ack_timeout: 600_000 } })
  const { token } = await house.api.agents.joinToken.mutate()
  const agent = new FakeAgent({
    url: house.url,
    token,
    cpu: 1,
    play: { steps: 1, before: () => new Promise(() => {}) },
  })
  await agent.connect()
  const sent = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!sent.ok) throw new Error('not submitted')
  await eventually(() => [...agent.folders.values()].find(f => f.state === 'running'))
  const asked = new Promise<void>(resolve => {
    agent.socket?.off('end').on('end', () => resolve())
  })
  await house.api.experiments.command.mutate({ id: sent.id, command: 'cancel', command_id: 'command-2' })
  await asked
  agent.close()
  await house.close()
  expect(await eventually(() => timers() <= before)).toBe(true)
})
