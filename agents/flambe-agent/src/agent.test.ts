import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, specOf, until } from './testing/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const folderOf = (attempt: string) => join(house.folder, 'worker', 'attempts', attempt)

test('a trial is assigned, run, delivered whole, told, and its folder goes when the hub says forget', async () => {
  await house.agent()
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 4 }) })
  const ended = await until(() => house.hub.ledger('a-1').ended)

  expect(ended.exit).toEqual({ kind: 'done' })
  expect(ended.dropped).toEqual({ stdout: 0, stderr: 0 })
  const ledger = house.hub.ledger('a-1')
  expect(ledger.accepted).toBe(1)
  expect(ledger.started).toHaveLength(1)
  expect(ledger.records.map(record => record.t)).toEqual(['start', ...Array(4).fill(['points', 'result']).flat()])
  expect(Buffer.from(ledger.bytes.stdout).toString()).toBe('step 1 \nstep 2 \nstep 3 \nstep 4 \nbye\n')
  for (const stream of ['records', 'stdout', 'stderr'] as const)
    expect(Buffer.from(ledger.bytes[stream]).equals(readFileSync(join(folderOf('a-1'), stream)))).toBe(true)

  await house.hub.send('forget', { attempt: 'a-1' })
  expect(existsSync(folderOf('a-1'))).toBe(false)
})

test('an agent joins with a join token once and shows its own token from then on', async () => {
  const first = await house.agent()
  await until(() => house.hub.state.hellos.length === 1)
  const file = join(house.folder, 'worker', 'private', 'identity.json')
  await until(() => existsSync(file))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await first.close()

  await house.agent({ token: null })
  await until(() => house.hub.state.hellos.length === 2)
  expect(house.hub.state.hellos.map(hello => hello.agent)).toEqual([null, 'agent-1'])
  expect(house.hub.state.tokens.size).toBe(1)
})

test('G23: an agent whose disk is full while it joins goes on, and keeps who it is when there is room', async () => {
  // Where it writes aside stands a folder: the write fails.
  const inTheWay = join(house.folder, 'worker', 'private', `identity.json.${process.pid}.tmp`)
  mkdirSync(inTheWay, { recursive: true })
  await house.agent()
  await until(() => house.said().includes("cannot take the hub's greeting: EISDIR"))
  rmSync(inTheWay, { recursive: true })
  await until(() => existsSync(join(house.folder, 'worker', 'private', 'identity.json')))
  expect(house.hub.state.tokens.size).toBe(1)
})
