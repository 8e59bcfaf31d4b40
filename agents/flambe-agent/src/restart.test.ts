/** G9: agents in processes of their own that are killed, stopped and started again, while their trials go on. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Spec } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeDurable } from './files.ts'
import { type AgentProcess, type House, isRunning, openHouse, specOf, until } from './testing/house.ts'
import { AGENT } from './testing/programs.ts'
import { bootId } from './trial/identity.ts'

let house: House
let token: string[]
beforeEach(async () => {
  house = await openHouse()
  token = ['--token-file', join(house.folder, 'token')]
})
afterEach(() => house.close())

const file = (name: string) => join(house.folder, 'worker', 'attempts', 'a-1', name)
const ended = () => until(() => house.hub.ledger('a-1').ended)
const claim = () => JSON.parse(readFileSync(file('process.json'), 'utf8')).pid as number

async function run(
  params: Spec['params'],
  args: readonly string[] = [],
): Promise<{ agent: AgentProcess; pid: number }> {
  const agent = house.process([...token, ...args])
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', params) })
  await until(() => house.hub.ledger('a-1').appends > 0)
  return { agent, pid: claim() }
}

async function kill(agent: AgentProcess): Promise<void> {
  agent.child.kill('SIGKILL')
  await agent.exited
}

function expectWhole(): void {
  for (const stream of ['records', 'stdout', 'stderr'] as const)
    expect(Buffer.compare(Buffer.from(house.hub.ledger('a-1').bytes[stream]), readFileSync(file(stream))), stream).toBe(
      0,
    )
}

test('G9: an agent killed -9 finds its trial again and goes on from the last acknowledged byte', async () => {
  const { agent, pid } = await run({ steps: 300, pause: 10 })
  await kill(agent)
  expect(isRunning(pid)).toBe(true)
  const before = house.hub.ledger('a-1').bytes.records.length
  await sleep(100)
  house.process()
  expect((await ended()).exit).toEqual({ kind: 'done' })
  expect(claim()).toBe(pid)
  expect(house.hub.ledger('a-1').started.map(message => message.pid)).toEqual([pid, pid])
  expect(house.hub.ledger('a-1').bytes.records.length).toBeGreaterThan(before)
  expectWhole()
})

test('G9: an agent killed at any moment of a start leaves one process or none, never two', async () => {
  let agent = house.process(token)
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 100, pause: 10 }) })
  await kill(agent)
  for (let kills = 0; kills < 3; kills++) {
    agent = house.process()
    await until(() => house.hub.state.hellos.length > kills + 1)
    await sleep(kills * 15)
    await kill(agent)
  }
  house.process()
  await ended()
  const starts = house.hub.ledger('a-1').records.filter(record => record.t === 'start')
  expect(starts).toHaveLength(1)
  expectWhole()
})

test('a trial that ended well while the agent was away is delivered whole', async () => {
  const { agent, pid } = await run({ steps: 60, pause: 10, save: 60 })
  await kill(agent)
  await until(() => !isRunning(pid))
  house.process()
  expect((await ended()).exit).toEqual({ kind: 'done' })
  expect(house.hub.ledger('a-1').saved.map(message => message.number)).toEqual([60])
  expectWhole()
})

test('G14: a trial that went without a word while the agent was away is no fault of the user', async () => {
  const { agent, pid } = await run({ steps: 100_000, pause: 10 })
  await kill(agent)
  process.kill(pid, 'SIGKILL')
  await until(() => !isRunning(pid))
  house.process()
  expect((await ended()).exit).toMatchObject({ kind: 'failed', failure: { class: 'agent-restarted' } })
})

test('G14: after a restart of the machine a trial is gone, and no other process is taken for it', async () => {
  const { agent, pid } = await run({ steps: 100_000, pause: 10 })
  await kill(agent)
  const known = JSON.parse(readFileSync(file('process.json'), 'utf8'))
  expect(known.boot).toBe(bootId())
  process.kill(pid, 'SIGKILL')
  writeDurable(file('process.json'), JSON.stringify({ ...known, pid: process.pid, boot: 'the boot before' }))
  house.process()
  expect((await ended()).exit).toMatchObject({
    kind: 'failed',
    failure: { class: 'agent-restarted', message: 'the machine was restarted while the trial ran' },
  })
})

test.each(['records', 'stdout'] as const)(
  'G12: an attempt ends even when a power loss took bytes of its %s that the hub has',
  async stream => {
    const { agent, pid } = await run({ steps: 100_000, pause: 5 })
    await until(() => house.hub.ledger('a-1').bytes[stream].length > 200)
    await kill(agent)
    process.kill(pid, 'SIGKILL')
    await until(() => !isRunning(pid))
    truncateSync(file(stream), 50)
    house.process()
    const { exit, sizes } = await ended()
    expect(exit).toMatchObject({ kind: 'failed', failure: { class: 'agent-restarted' } })
    expect(sizes[stream]).toBe(house.hub.ledger('a-1').bytes[stream].length)
  },
)

test.each(['records', 'stdout'] as const)(
  'G12: an attempt ends even when the hub was still taking %s of a machine that had lost power, after it had said how far it was',
  async stream => {
    const { agent, pid } = await run({ steps: 100_000, pause: 5 })
    await until(() => house.hub.ledger('a-1').bytes[stream].length > 200)
    await kill(agent)
    process.kill(pid, 'SIGKILL')
    await until(() => !isRunning(pid))
    const { bytes } = house.hub.state.accounts.get('a-1') as { bytes: { [name: string]: Buffer } }
    const late = bytes[stream] as Buffer
    bytes[stream] = late.subarray(0, late.length - 60)
    truncateSync(file(stream), 50)
    let asked = 0
    house.hub.state.refuse = event => {
      if (event === 'ended' && asked++ === 0) bytes[stream] = late
      return null
    }
    house.process()
    const { exit, sizes } = await ended()
    expect(exit).toMatchObject({ kind: 'failed', failure: { class: 'agent-restarted' } })
    expect(sizes[stream]).toBe(late.length)
  },
)

test('a wish of the hub outlives the agent', async () => {
  const { agent, pid } = await run({ steps: 100_000, pause: 10, deaf: true })
  await house.hub.send('end', { attempt: 'a-1', how: 'kill' })
  await kill(agent)
  expect(isRunning(pid)).toBe(true)
  house.process()
  // deaf to SIGTERM: killed after the grace of 30 s. A second wish is not needed, so the test ends it itself.
  await until(() => house.hub.state.hellos.length === 2)
  await until(() => house.hub.ledger('a-1').started.length === 2)
  process.kill(pid, 'SIGKILL')
  expect((await ended()).exit).toEqual({ kind: 'stopped' })
})

test('SIGTERM stops the agent and leaves its trial running', async () => {
  const { agent, pid } = await run({ steps: 200, pause: 10 })
  agent.child.kill('SIGTERM')
  expect(await agent.exited).toBe(0)
  expect(isRunning(pid)).toBe(true)
  house.process()
  expect((await ended()).exit).toEqual({ kind: 'done' })
  expect(claim()).toBe(pid)
  expectWhole()
})

test('--stop-trials ends the trials with the agent, and tells the hub', async () => {
  const { agent, pid } = await run({ steps: 100_000, pause: 10, grandchildren: true }, ['--stop-trials'])
  agent.child.kill('SIGTERM')
  expect(await agent.exited).toBe(0)
  expect(isRunning(pid)).toBe(false)
  expect(house.hub.ledger('a-1').ended?.exit).toEqual({ kind: 'stopped' })
})

test('Ctrl-C leaves trials running, a second one ends them', async () => {
  const { agent, pid } = await run({ steps: 100_000, pause: 10 })
  agent.child.kill('SIGINT')
  await until(() => agent.output().includes('Ctrl-C again'))
  expect(isRunning(pid)).toBe(true)
  agent.child.kill('SIGINT')
  expect(await agent.exited).toBe(0)
  expect(isRunning(pid)).toBe(false)
  expect(house.hub.ledger('a-1').ended?.exit).toEqual({ kind: 'stopped' })
})

test('--drain waits for the trials and takes no new ones', async () => {
  const { agent, pid } = await run({ steps: 80, pause: 10 }, ['--drain'])
  agent.child.kill('SIGTERM')
  await until(() => agent.output().includes('no new trials'))
  expect(isRunning(pid)).toBe(true)
  expect(await agent.exited).toBe(0)
  expect(house.hub.ledger('a-1').ended?.exit).toEqual({ kind: 'done' })
})

test('an agent under --parent goes when its parent is gone', async () => {
  // Any process that we can end will do as a parent: a trial's.
  const { agent, pid } = await run({ steps: 100_000, pause: 10 })
  const other = house.process([
    '--home',
    join(house.folder, 'second'),
    '--name',
    'second',
    ...token,
    '--parent',
    String(pid),
  ])
  await until(() => house.hub.connections() === 2)
  await house.hub.send('end', { attempt: 'a-1', how: 'kill' })
  expect(await other.exited).toBe(0)
  await ended()
  expect(agent.child.exitCode).toBe(null)
})

test('folders that are no attempts any more are removed', async () => {
  const { agent } = await run({ steps: 3 })
  await ended()
  await kill(agent)
  writeDurable(file('spec.json'), '{')
  house.process()
  await until(() => !existsSync(file('spec.json')))
  await until(() => house.hub.state.hellos.at(-1)?.attempts.length === 0)
})

test('G9: an agent of a new version takes the place of the old one, and the running trial goes on in its process', async () => {
  const version = (name: string) => {
    const folder = join(house.folder, name)
    mkdirSync(folder)
    copyFileSync(AGENT, join(folder, 'agent.mjs'))
    writeFileSync(join(folder, 'build.json'), JSON.stringify({ version: name, build: `${name}`.repeat(6) }))
    return join(folder, 'agent.mjs')
  }
  const spares = ['--spares', '1']
  const old = house.process([...token, ...spares], {}, '', version('a1'))
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 300, pause: 10 }) })
  await until(() => house.hub.ledger('a-1').appends > 0)
  const pid = claim()
  old.child.kill('SIGTERM')
  expect(await old.exited).toBe(0)
  expect(old.output()).toContain('trials go on')
  expect(isRunning(pid)).toBe(true)

  house.process(spares, {}, '', version('b2'))
  expect((await ended()).exit).toEqual({ kind: 'done' })
  expect(claim()).toBe(pid)
  expect(house.hub.state.hellos.map(hello => hello.build)).toEqual(['a1'.repeat(6), 'b2'.repeat(6)])
  expect(house.hub.ledger('a-1').started.map(message => message.pid)).toEqual([pid, pid])
  expectWhole()
})

test('an agent that is drained takes no more trials, waits for the one that runs, and goes', async () => {
  const agent = house.process([...token, '--drain', '--spares', '1'])
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 100, pause: 10 }) })
  await until(() => house.hub.ledger('a-1').appends > 0)
  agent.child.kill('SIGTERM')
  await until(() => agent.output().includes('no new trials'))
  void house.hub.send('assign', { attempt: 'a-2', spec: specOf('a-2') }).catch(() => undefined)
  expect(await agent.exited).toBe(0)
  expect(house.hub.ledger('a-1').ended?.exit).toEqual({ kind: 'done' })
  expect(house.hub.ledger('a-2').accepted).toBe(0)
  expect(existsSync(join(house.folder, 'worker', 'attempts', 'a-2'))).toBe(false)
  expectWhole()
})
