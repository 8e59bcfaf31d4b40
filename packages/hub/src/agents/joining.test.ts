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

/** The hub is in the middle of an agent's hello until the result is called. */
function holdHello(): { readonly held: () => boolean; readonly release: () => void } {
  const { store } = house.hub.services
  const { setAgentInfo } = store
  let held = false
  let open = () => {}
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  Object.assign(store, {
    setAgentInfo: async (...args: Parameters<typeof setAgentInfo>) => {
      held = true
      await gate
      Object.assign(store, { setAgentInfo })
      await setAgentInfo(...args)
    },
  })
  return { held: () => held, release: open }
}

it('a connection that goes in the middle of its hello is not asked for anything afterwards', async () => {
  const { release, held } = holdHello()
  const agent = agentWith(await token())
  const lost = agent.connect().catch(() => null)
  await eventually(held)
  agent.cut()
  await new Promise(resolve => setTimeout(resolve, 50))
  release()
  await lost
  await eventually(() => house.hub.services.rows.agents.size === 1)
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(await house.hub.services.installing.install({ resources: {} })).toEqual([])
})

it('G12: an agent that is revoked in the middle of its hello does not stand as connected for ever', async () => {
  await house.close()
  house = await openHouse({ limits: { suspect_after: 100, disconnected_after: 200, lost_after: 300, sweep_every: 20 } })
  const agent = agentWith(await token())
  const { agent: id } = await agent.connect()
  agent.cut()
  const { release, held } = holdHello()
  const lost = agent.connect().catch(() => null)
  await eventually(held)
  await house.api.agents.revoke.mutate({ id })
  release()
  await lost
  const { rows } = house.hub.services
  await eventually(() => rows.agents.get(id)?.state === 'lost')
  // It was told as connected after that: the sweep tells its silence anew.
  await new Promise(resolve => setTimeout(resolve, 500))
  await eventually(() => rows.agents.get(id)?.state === 'lost')
  expect(house.hub.services.agentView(id)).toMatchObject({ revoked: true })
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
