import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { eventually, type House, openHouse } from '../testing/house.ts'

let house: House
const agents: FakeAgent[] = []
beforeEach(async () => {
  house = await openHouse({ limits: { blob: 1_000 } })
})
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close()
  await house.close()
})

const token = async () => (await house.api.agents.joinToken.mutate()).token
function agentWith(secret: string): FakeAgent {
  const agent = new FakeAgent({ url: house.url, token: secret })
  agents.push(agent)
  return agent
}

it('an agent that did not get its answer joins again, though its old connection still seems to stand', async () => {
  const secret = await token()
  const before = await agentWith(secret).connect()
  const again = await agentWith(secret).connect()
  expect(again.agent).toBe(before.agent)
  expect(again.token).not.toBe(before.token)
})

it('a connection that goes in the middle of joining keeps no name taken', async () => {
  const { store } = house.hub.services
  const { tradeToken } = store
  let gone = false
  Object.assign(store, {
    tradeToken: async (...args: Parameters<typeof tradeToken>) => {
      const traded = await tradeToken(...args)
      await eventually(() => gone)
      return traded
    },
  })
  const first = agentWith(await token())
  const lost = first.connect().catch(() => null)
  await eventually(async () => (await store.tokens({ kind: 'agent' })).length === 1)
  first.cut()
  // For the hub to see it.
  await new Promise(resolve => setTimeout(resolve, 50))
  gone = true
  await lost
  Object.assign(store, { tradeToken })
  const second = agentWith(await token())
  expect((await second.connect()).agent).toMatch(/^a[0-9a-f]{12}$/)
})

it('takes no more bytes for a blob than one may have, whatever was said at its begin (S11)', async () => {
  const agent = agentWith(await token())
  await agent.connect()
  const sha256 = '1'.repeat(64)
  expect(await agent.put('blob-begin', { sha256, size: 1_000 })).toEqual({ ok: true, offset: 0 })
  const chunk = (offset: number) => agent.put('blob-chunk', { sha256, offset, data: new Uint8Array(600) })
  expect(await chunk(0)).toEqual({ ok: true, next: 600 })
  expect(await chunk(600)).toMatchObject({ ok: false, refusal: { code: 'TOO_LARGE' } })
})
