import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolder } from '../folder.ts'
import { processesIn, specOf, until } from '../testing/house.ts'
import { TRIAL } from '../testing/programs.ts'
import { identify, isAlive } from './identity.ts'
import type { Processes } from './processes.ts'
import { endSession, membersOf } from './session.ts'
import { NOT_HIDDEN, noShield, openShield } from './shield.ts'
import { startTrial } from './spawn.ts'

const never = new AbortController().signal
const none: Processes = { take: () => null, give: () => undefined, resources: () => [], close: async () => undefined }
const starting = (program: string, shield = noShield('')) => ({
  program,
  shield,
  processes: none,
  patience: 1_000,
  compiled: join(parent, 'compiled'),
})
let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'flambe-agent-test-'))
  mkdirSync(join(parent, 'attempts'))
})
afterEach(() => {
  const left = processesIn(parent)
  rmSync(parent, { recursive: true })
  expect(left).toEqual([])
})

test('of several starts of one attempt exactly one runs, and all know which', async () => {
  const folder = makeFolder(join(parent, 'attempts'), specOf('a-1', { steps: 100_000 }))
  const starts = await Promise.all([1, 2, 3, 4].map(() => startTrial(folder, starting(TRIAL), never)))
  const pids = new Set(starts.map(start => ('process' in start ? start.process.pid : null)))
  expect(pids.size).toBe(1)
  expect(starts.filter(start => 'process' in start && start.child !== null)).toHaveLength(1)
  // The others leave by themselves.
  await until(() => processesIn(folder.path).length === 1)
  const claimed = folder.process()
  if (claimed === null) throw new Error('nobody has claimed the attempt')
  expect(membersOf(claimed, folder.path)).toEqual([claimed.pid])
  expect(await endSession(claimed, folder.path, 1_000)).toEqual([])
})

test('a program that cannot start is told, with what it said', async () => {
  const folder = makeFolder(join(parent, 'attempts'), specOf('a-1'))
  expect(await startTrial(folder, starting(join(parent, 'nothing.mjs')), never)).toMatchObject({ code: 1, cause: null })
  expect(readFileSync(folder.file('stderr'), 'utf8')).toContain('Cannot find module')
})

test('a pid that was given to another process is not taken for ours', () => {
  const me = identify(process.pid)
  expect(isAlive(me)).toBe(true)
  expect(isAlive({ ...me, start: String(Number(me.start) - 1) })).toBe(false)
  expect(isAlive({ ...me, boot: 'another' })).toBe(false)
  expect(isAlive({ pid: 0, start: '', boot: '' })).toBe(false)
  expect(membersOf({ ...me, boot: 'another' }, '/nowhere')).toEqual([])
  expect(membersOf({ pid: 0, start: '', boot: me.boot }, '/nowhere')).toEqual([])
})

test('S8: folders that cannot be hidden stop the start, and that is no fault of the trial', async () => {
  const folder = makeFolder(join(parent, 'attempts'), specOf('a-1'))
  const shield = await openShield([join(parent, 'attempts')])
  // Where the system gives no namespaces there is nothing to go wrong here: see the test of what a trial can read.
  if (!shield.holds) return expect(shield.detail).toContain('could read')
  const broken = { ...shield, wrap: () => ({ program: 'sh', args: ['-c', `exit ${NOT_HIDDEN}`] }) }
  expect(await startTrial(folder, starting(TRIAL, broken), never)).toMatchObject({
    cause: 'the agent’s token cannot be hidden',
  })
  expect((await openShield([])).holds).toBe(false)
})
