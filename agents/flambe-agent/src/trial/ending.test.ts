/** How attempts end: by themselves, by the hub's wish, by a signal, and what is left of their processes. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Spec } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, isRunning, openHouse, processesIn, specOf, until } from '../testing/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const folder = () => join(house.folder, 'worker', 'attempts', 'a-1')
const ended = () => until(() => house.hub.ledger('a-1').ended)

async function run(params: Spec['params']): Promise<void> {
  await house.agent()
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', params) })
}

async function runEndless(params: Spec['params'] = {}): Promise<number> {
  await run({ steps: 100_000, pause: 20, ...params })
  await until(() => house.hub.ledger('a-1').appends > 0)
  return house.hub.ledger('a-1').started[0]?.pid ?? 0
}

test('pause and stop reach the trial, which ends in its own words', async () => {
  await runEndless()
  await house.hub.send('end', { attempt: 'a-1', how: 'pause' })
  expect((await ended()).exit).toEqual({ kind: 'paused' })
  expect(JSON.parse(readFileSync(join(folder(), 'control.json'), 'utf8'))).toEqual({ wish: 'pause', number: 1 })
})

test('a stronger wish replaces a weaker one, and a weaker one changes nothing', async () => {
  await runEndless({ deaf: true })
  for (const how of ['stop', 'pause'] as const) await house.hub.send('end', { attempt: 'a-1', how })
  expect(JSON.parse(readFileSync(join(folder(), 'control.json'), 'utf8')).wish).toBe('stop')
  await house.hub.send('end', { attempt: 'a-1', how: 'kill' })
  expect((await ended()).exit).toEqual({ kind: 'stopped' })
})

test('G13: kill ends the trial, its children, and those that have left its session', async () => {
  const pid = await runEndless({ grandchildren: true })
  const children = readFileSync(join(folder(), 'grandchildren'), 'utf8').trim().split('\n').map(Number)
  expect(children.filter(isRunning)).toHaveLength(2)
  await house.hub.send('end', { attempt: 'a-1', how: 'kill' })
  expect((await ended()).exit).toEqual({ kind: 'stopped' })
  expect([pid, ...children].filter(isRunning)).toEqual([])
})

test('G13: a trial that hears nothing is killed after the grace', async () => {
  const pid = await runEndless({ deaf: true, grandchildren: true })
  await house.hub.send('end', { attempt: 'a-1', how: 'stop' })
  expect((await ended()).exit).toEqual({ kind: 'stopped' })
  expect(isRunning(pid)).toBe(false)
  expect(processesIn(folder())).toEqual([])
})

test('what a finished trial leaves behind is ended too', async () => {
  await run({ grandchildren: true })
  expect((await ended()).exit).toEqual({ kind: 'done' })
  const children = readFileSync(join(folder(), 'grandchildren'), 'utf8').trim().split('\n').map(Number)
  expect(children.filter(isRunning)).toEqual([])
})

test('G14: a trial that crashes is the fault of its code, with exit code and last error', async () => {
  await run({ crash: 7 })
  expect((await ended()).exit).toEqual({
    kind: 'failed',
    failure: {
      class: 'user-code',
      message: 'the trial process ended without a result (exit code 7): ValueError: boom',
      stack: 'Traceback\nValueError: boom\n',
    },
  })
})

test('G14: a trial that something else killed says by which signal', async () => {
  const pid = await runEndless()
  process.kill(pid, 'SIGKILL')
  expect((await ended()).exit).toMatchObject({
    kind: 'failed',
    failure: { class: 'user-code', message: 'the trial process ended without a result (signal SIGKILL)' },
  })
})

test('G7: a fenced attempt is ended and its folder deleted', async () => {
  const pid = await runEndless({ grandchildren: true })
  house.hub.state.fenced.add('a-1')
  await until(() => !existsSync(folder()))
  expect(isRunning(pid)).toBe(false)
  expect(house.hub.ledger('a-1').ended).toBe(null)
})

test('G7: an attempt that was given away while the agent was cut off is ended at hello', async () => {
  const pid = await runEndless()
  await house.hub.close()
  house.hub.state.fenced.add('a-1')
  await house.reopenHub()
  await until(() => !existsSync(folder()))
  expect(isRunning(pid)).toBe(false)
})

test('G12 G23: an attempt whose folder cannot be written goes on when it can', async () => {
  await house.agent()
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 30, pause: 10, crash: 7 }) })
  // A folder in the way of `delivery.json`, as a full disk would be.
  mkdirSync(join(folder(), 'delivery.json'))
  await until(() => house.said().includes('trouble with this attempt'))
  expect(house.hub.ledger('a-1').ended).toBe(null)
  rmSync(join(folder(), 'delivery.json'), { recursive: true })
  expect((await ended()).exit).toMatchObject({ failure: { message: expect.stringContaining('exit code 7') } })
})

test('S8: a trial gets neither token, in its arguments or its environment', async () => {
  process.env.FLAMBE_JOIN_TOKEN = 'join-secret'
  process.env.FLAMBE_ANYTHING = 'join-secret'
  try {
    await run({})
    await ended()
  } finally {
    delete process.env.FLAMBE_JOIN_TOKEN
    delete process.env.FLAMBE_ANYTHING
  }
  const seen = readFileSync(join(folder(), 'environment.json'), 'utf8')
  expect(house.hub.state.tokens.size).toBe(1)
  for (const token of ['join-secret', ...house.hub.state.tokens.keys()]) expect(seen).not.toContain(token)
  expect(JSON.parse(seen).env).toMatchObject({ CUDA_VISIBLE_DEVICES: '', PATH: process.env.PATH })
})

test('S8: a trial cannot read the token from the disk, nor look into the agent; or the agent says that it could', async () => {
  await run({ spy: true })
  await ended()
  const seen: { path: string; saw: string }[] = JSON.parse(readFileSync(join(folder(), 'spied.json'), 'utf8'))
  expect(seen.map(one => one.path)).toHaveLength(4)
  const read = seen.filter(one => !one.saw.startsWith('EACCES') && !one.saw.startsWith('ENOENT'))
  if (house.said().includes('trials could read')) expect(read[0]?.saw).toContain('agent-secret')
  else expect(read).toEqual([])
  // What belongs to the trial is as it was.
  expect(house.hub.ledger('a-1').started[0]?.pid).toBe(
    JSON.parse(readFileSync(join(folder(), 'process.json'), 'utf8')).pid,
  )
})

test('S8: without the shield a trial can read the token: the test above would see it', async () => {
  await house.agent({ shield: false })
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { spy: true }) })
  await ended()
  const seen: { saw: string }[] = JSON.parse(readFileSync(join(folder(), 'spied.json'), 'utf8'))
  expect(seen[0]?.saw).toContain('agent-secret')
  expect(house.said()).toContain('trials may read the agent’s token: --no-shield')
})
