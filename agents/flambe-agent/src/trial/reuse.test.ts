/** Trials in processes that waited for them, and in processes that ran others before. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Spec } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, isRunning, openHouse, processesIn, specOf, until } from '../testing/house.ts'
import { TRIAL } from '../testing/programs.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const folder = (attempt: string) => join(house.folder, 'worker', 'attempts', attempt)
const read = (attempt: string, name: string) => readFileSync(join(folder(attempt), name), 'utf8')
const assign = (attempt: string, params: Spec['params'] = {}, more: Partial<Spec> = {}) =>
  house.hub.send('assign', { attempt, spec: specOf(attempt, params, more) })
const ended = (attempt: string) => until(() => house.hub.ledger(attempt).ended)
const pidOf = (attempt: string) => until(() => house.hub.ledger(attempt).started[0]?.pid)
const whole = (attempt: string) => {
  for (const stream of ['records', 'stdout', 'stderr'] as const)
    expect(Buffer.from(house.hub.ledger(attempt).bytes[stream]).toString()).toBe(read(attempt, stream))
}

test('trials of one block run in one process, one after the other, each with its own files', async () => {
  await house.agent({ spares: 1 })
  const pids: number[] = []
  for (const attempt of ['a-1', 'a-2', 'a-3']) {
    await assign(attempt, { steps: 2, width: attempt.length }, { trial: attempt, seed: pids.length + 1 })
    expect((await ended(attempt)).exit).toEqual({ kind: 'done' })
    pids.push(await pidOf(attempt))
    whole(attempt)
    expect(read(attempt, 'stdout')).toBe('step 1 \nstep 2 \nbye\n')
    expect(JSON.parse(read(attempt, 'environment.json')).env.FLAMBE_ATTEMPT_FOLDER).toBe(folder(attempt))
    // Nothing that is done to this attempt later may touch the process.
    expect(JSON.parse(read(attempt, 'process.json')).pid).toBe(0)
  }
  expect(new Set(pids).size).toBe(1)
  await house.hub.send('forget', { attempt: 'a-1' })
  expect(isRunning(pids[0] ?? 0)).toBe(true)
})

test.each([
  ['another block', { block: 'other' }],
  ['another experiment', { experiment: { id: 'exp-2', name: 'test' } }],
  ['another backend', { backend: 'cpu' }],
  ['other resources', { resources: { here: { kind: 'cluster', location: '/tmp' } } }],
] as const)('%s gets another process', async (_, more) => {
  await house.agent({ spares: 1 })
  await assign('a-1')
  await ended('a-1')
  await assign('a-2', {}, more)
  await ended('a-2')
  expect(await pidOf('a-1')).not.toBe(await pidOf('a-2'))
})

test.each([
  ['has run its number of trials', { trials: 1 }, {}],
  ['is not clean', {}, { unclean: true }],
  ['has grown', {}, { memory: 2e9 }],
] as const)('a process that %s is not used again, and goes', async (_, options, params) => {
  await house.agent({ spares: 1, ...options })
  for (const attempt of ['a-1', 'a-2']) {
    await assign(attempt, params)
    expect((await ended(attempt)).exit).toEqual({ kind: 'done' })
  }
  const [first, second] = [await pidOf('a-1'), await pidOf('a-2')]
  expect(first).not.toBe(second)
  await until(() => ![first, second].some(isRunning))
})

test('a trial that crashes in a process that ran others fails alone', async () => {
  await house.agent({ spares: 1 })
  await assign('a-1')
  await ended('a-1')
  await assign('a-2', { crash: 7 })
  expect((await ended('a-2')).exit).toMatchObject({
    failure: {
      class: 'user-code',
      message: 'the trial process ended without a result (exit code 7): ValueError: boom',
    },
  })
  expect(await pidOf('a-2')).toBe(await pidOf('a-1'))
  await assign('a-3')
  expect((await ended('a-3')).exit).toEqual({ kind: 'done' })
  expect(house.hub.ledger('a-1').ended?.exit).toEqual({ kind: 'done' })
})

test('G13: what a trial has left behind is ended before its process runs another', async () => {
  await house.agent({ spares: 1 })
  await assign('a-1', { grandchildren: true })
  expect((await ended('a-1')).exit).toEqual({ kind: 'done' })
  const children = read('a-1', 'grandchildren').trim().split('\n').map(Number)
  expect(children.filter(isRunning)).toEqual([])
  await assign('a-2')
  await ended('a-2')
  expect(await pidOf('a-2')).toBe(await pidOf('a-1'))
})

test.each(['stop', 'pause', 'kill'] as const)('G13: %s ends the trial in a process that ran others', async how => {
  await house.agent({ spares: 1 })
  await assign('a-1')
  await ended('a-1')
  await assign('a-2', { steps: 100_000, pause: 20, grandchildren: true, deaf: how === 'kill' })
  const pid = await pidOf('a-2')
  expect(pid).toBe(await pidOf('a-1'))
  await until(() => existsSync(join(folder('a-2'), 'grandchildren')))
  await house.hub.send('end', { attempt: 'a-2', how })
  expect((await ended('a-2')).exit).toEqual({ kind: how === 'pause' ? 'paused' : 'stopped' })
  const children = read('a-2', 'grandchildren').trim().split('\n').map(Number)
  expect(children.filter(isRunning)).toEqual([])
  if (how === 'kill') expect(isRunning(pid)).toBe(false)
})

test('G9: an agent killed -9 finds a trial again that runs in a used process, and those before it stay ended', async () => {
  const token = ['--token-file', join(house.folder, 'token'), '--spares', '1']
  const first = house.process(token)
  await assign('a-1')
  await ended('a-1')
  await assign('a-2', { steps: 200, pause: 10 })
  const pid = await pidOf('a-2')
  expect(pid).toBe(await pidOf('a-1'))
  await until(() => house.hub.ledger('a-2').appends > 0)
  first.child.kill('SIGKILL')
  await first.exited
  // The waiting one goes with its agent; the running one does not.
  await until(() => processesIn(join(house.folder, 'worker')).length === 1)
  expect(isRunning(pid)).toBe(true)
  const second = house.process(token)
  expect((await ended('a-2')).exit).toEqual({ kind: 'done' })
  whole('a-2')
  expect(house.hub.ledger('a-2').started.map(message => message.pid)).toEqual([pid, pid])
  expect(house.hub.ledger('a-1').ended?.exit).toEqual({ kind: 'done' })
  await until(() => !isRunning(pid))
  await assign('a-3')
  expect((await ended('a-3')).exit).toEqual({ kind: 'done' })
  second.child.kill('SIGTERM')
  expect(await second.exited).toBe(0)
})

test('G7: an attempt that is fenced takes its process with it, and no other', async () => {
  await house.agent({ spares: 1 })
  await assign('a-1')
  await ended('a-1')
  await assign('a-2', { steps: 100_000, pause: 20 })
  const pid = await pidOf('a-2')
  await assign('a-3', { steps: 100_000, pause: 20 })
  const other = await pidOf('a-3')
  house.hub.state.fenced.add('a-2')
  await until(() => !existsSync(folder('a-2')))
  expect([pid, other].filter(isRunning)).toEqual([other])
  await house.hub.send('end', { attempt: 'a-3', how: 'stop' })
  await ended('a-3')
})

test('a waiting process that cannot start is replaced by a start that says why', async () => {
  // The program is gone: neither way works.
  const agent = house.process([
    ...['--token-file', join(house.folder, 'token'), '--spares', '1'],
    ...['--program', join(house.folder, 'nothing.mjs')],
  ])
  await assign('a-1')
  expect((await ended('a-1')).exit).toMatchObject({
    kind: 'failed',
    failure: { stack: expect.stringContaining('Cannot find module') },
  })
  agent.child.kill('SIGTERM')
  await agent.exited
})

test('G12: a waiting process that hangs is given up, and the trial starts in one of its own', async () => {
  const program = join(house.folder, 'hangs.mjs')
  writeFileSync(
    program,
    `if (process.argv[2] === '--spare') setInterval(() => undefined, 60_000)
     else await import(${JSON.stringify(TRIAL)})`,
  )
  await house.agent({ spares: 1, program })
  await assign('a-1')
  expect((await ended('a-1')).exit).toEqual({ kind: 'done' })
  whole('a-1')
})

test('processes that wait use no more memory together than they may', async () => {
  await house.agent({ spares: 1 })
  for (const [index, block] of ['one', 'two', 'three'].entries()) {
    await assign(`a-${index}`, { memory: 0.6e9 }, { block })
    await ended(`a-${index}`)
  }
  const pids = await Promise.all([0, 1, 2].map(index => pidOf(`a-${index}`)))
  await until(() => pids.filter(isRunning).length === 1)
  expect(isRunning(pids[2] ?? 0)).toBe(true)
})
