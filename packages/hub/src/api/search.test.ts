/** What the search over everything finds, through the running API. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { eventually, type House, openHouse } from '../testing/house.ts'

let house: House
let agent: FakeAgent
let id: string

beforeEach(async () => {
  house = await openHouse()
  const { token } = await house.api.agents.joinToken.mutate()
  agent = new FakeAgent({ url: house.url, token, cpu: 1, play: { steps: 1, exit: () => ({ kind: 'done' }) } })
  const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  id = answer.id
  await agent.connect()
  await eventually(async () => (await house.api.experiments.get.query({ id })).state === 'success')
})
afterEach(async () => {
  agent.close()
  await house.close()
})

const found = async (text: string, limit = 20) =>
  (await house.api.search.find.query({ text, limit })).items.map(item => `${item.kind} ${item.name}`)

it('finds experiments by name and id, blocks by name, trials by number or id, agents by name', async () => {
  const { name } = await house.api.experiments.get.query({ id })
  const [{ name: machine = '' } = {}] = (await house.api.agents.list.query()).items
  expect(await found(name.slice(0, 3))).toContain(`experiment ${name}`)
  expect(await found(id)).toContain(`experiment ${name}`)
  expect(await found(`${name} b`)).toContain('block b')
  expect(await found('b 3')).toContain('trial b #3')
  expect(await found(`${id}.b.3`)).toContain('trial b #3')
  expect(await found(machine)).toContain(`agent ${machine}`)
})

it('gives at most the number asked for of each kind, and nothing for what is nowhere', async () => {
  expect((await found('b', 1)).filter(line => line.startsWith('block'))).toHaveLength(1)
  expect(await found('b 99')).toEqual([])
  expect(await found('   ')).toEqual([])
})
