/** A process that runs one trial after the other: what each of them finds is what it would find in a process of its own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, plan, resolve, variantAt } from '@flambe/language'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { catalogue } from '../catalogue/index.ts'
import '../script/index.ts'
import { resolved } from './testing/experiment.ts'
import { type Attempt, makeAttempt, until } from './testing/folder.ts'
import { type Spare, startSpare } from './testing/spare.ts'
import './testing/parts.ts'
import './testing/remains.ts'

// Every test starts processes; on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 180_000 })

let dir = ''
let spares: Spare[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-spare-'))
})
afterEach(async () => {
  for (const spare of spares.splice(0)) {
    spare.child.kill('SIGKILL')
    await spare.ended
  }
  rmSync(dir, { recursive: true })
})

async function open(): Promise<Spare> {
  const spare = await startSpare()
  spares = [...spares, spare]
  return spare
}
const attempt = (name: string, pipeline: string, about = {}) =>
  makeAttempt(join(dir, name), resolved(`t: ${pipeline}`, 't'), about)
const manifest = (a: Attempt) => a.checkpoints().at(-1)?.manifest

test('nothing that a trial leaves behind is seen by the next: it finds what it would find in a fresh process', async () => {
  const spare = await open()
  const first = attempt('first', '!Leave {what: undoable}')
  expect(await spare.run(first, { COOKIE: first.path })).toEqual({ word: 'left', memory: expect.any(Number) })
  expect(first.exit()).toEqual({ kind: 'done' })
  const second = attempt('second', '!Find {}', { trial: 't2', seed: 5 })
  expect(await spare.run(second, { COOKIE: 'second' })).toMatchObject({ word: 'left' })
  const other = await open()
  const fresh = attempt('fresh', '!Find {}', { trial: 't2', seed: 5 })
  expect(await other.run(fresh, { COOKIE: 'second' })).toMatchObject({ word: 'left' })

  const seen = (a: Attempt) => JSON.parse(a.output('stdout').replaceAll(/(second|fresh)\b(?!")/g, 'x'))
  expect(seen(second)).toEqual({ ...seen(fresh), cwd: 'second' })
  expect(seen(second)).toMatchObject({ cwd: 'second', seed: 5, trial: 't2', exitCode: null })
  expect(second.output('stdout')).not.toContain('LEFT')
  // And what Leave did was there to be found.
  expect(readFileSync(join(dir, 'first', 'stdout'), 'utf8')).toContain('everything further in')
  expect(second.output('stderr')).toBe('')
})

describe('what cannot be undone ends the process, and the trial has ended well even so:', () => {
  test.each([
    ['tensor', 'tensors: '],
    ['scope', 'scopes: '],
    ['file', '/dev/null'],
    ['server', 'socket:'],
    ['frozen', 'globalThis.stuck'],
  ])('%s', async (what, why) => {
    const spare = await open()
    const a = attempt('a', `!Leave {what: ${what}}`)
    const word = await spare.run(a)
    expect(word).toMatchObject({ word: 'unclean', why: expect.arrayContaining([expect.stringContaining(why)]) })
    expect(await spare.ended).toBe(0)
    expect(a.exit()).toEqual({ kind: 'done' })
  })
})

test('G11: a trial gives the same bytes in a process that ran others before as in one of its own', async () => {
  const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url))
  const { experiment } = parse(readFileSync(join(examples, 'iris.yaml'), 'utf8'))
  const made = experiment === null ? null : plan(experiment, { catalogue }).plan
  if (made === null) expect.unreachable()
  const resources = Object.fromEntries(made.resources.map(r => [r.name, join(examples, r.location)]))
  const make = (name: string, block: string, index: number, inputs = {}) => {
    const variant = variantAt(made, block, index)
    return variant === undefined
      ? expect.unreachable()
      : makeAttempt(join(dir, name), resolve(made, variant), { seed: 3 + index }, { resources, inputs })
  }
  const dataset = make('dataset', 'dataset', 0)
  expect(await dataset.run().ended).toBe(0)
  const inputs = { dataset: dataset.state(dataset.checkpoints().at(-1)?.number ?? 0) }
  const alone = make('alone', 'train', 1, inputs)
  expect(await alone.run().ended).toBe(0)

  const spare = await open()
  for (const name of ['one', 'two'])
    expect(await spare.run(make(name, 'train', 0, inputs))).toMatchObject({ word: 'left' })
  const last = make('last', 'train', 1, inputs)
  expect(await spare.run(last)).toMatchObject({ word: 'left' })
  expect(last.results()).toEqual(alone.results())
  expect(manifest(last)).toEqual(manifest(alone))
})

test('each attempt has its own output; a failure ends the process and no attempt but its own', async () => {
  const spare = await open()
  const [a, b] = [attempt('a', '!Train {net: !Net {}}'), attempt('b', '!Train {net: !Net {}, trouble: throw}')]
  expect(await spare.run(a)).toMatchObject({ word: 'left' })
  expect(await spare.run(b)).toBe('gone')
  expect(await spare.ended).toBe(1)
  expect(a.exit()).toEqual({ kind: 'done' })
  expect(a.output('stdout')).toBe('step 1\nstep 2\nstep 3\n')
  expect(a.output('stderr')).toBe('')
  expect(b.exit()).toMatchObject({ kind: 'failed', failure: { class: 'user-code', message: 'no such luck' } })
  expect(b.output('stdout')).toBe('step 1\n')
  expect(b.output('stderr')).toContain('no such luck')
})

test.each([
  ['dry', 'it waits for something that never comes'],
  ['exit', 'the code called process.exit(0)'],
  ['reject', 'nobody waits for me'],
])('a waiting process guards its trials as a fresh one does: %s', async (trouble, message) => {
  const spare = await open()
  expect(await spare.run(attempt('a', '!Train {net: !Net {}}'))).toMatchObject({ word: 'left' })
  const b = attempt('b', `!Train {net: !Net {}, trouble: ${trouble}}`)
  expect(await spare.run(b)).toBe('gone')
  expect(b.exit()).toMatchObject({ failure: { message: expect.stringContaining(message) } })
})

test('wishes and SIGTERM reach the running trial, also after others', async () => {
  const spare = await open()
  const endless = (name: string) => attempt(name, '!Train {net: !Net {}, steps: 1000000}')
  const [a, b] = [endless('a'), endless('b')]
  const first = spare.run(a)
  await until(() => a.results().length > 2)
  a.wish('pause')
  expect(await first).toMatchObject({ word: 'left' })
  expect(a.exit()).toEqual({ kind: 'paused' })
  const second = spare.run(b)
  await until(() => b.results().length > 2)
  spare.child.kill('SIGTERM')
  expect(await second).toMatchObject({ word: 'left' })
  expect(b.exit()).toEqual({ kind: 'stopped' })
})

test('G9: a waiting process ends when its agent goes; a running trial goes on to its end', async () => {
  const [idle, busy] = [await open(), await open()]
  idle.hangUp()
  expect(await idle.ended).toBe(0)
  const a = attempt('a', '!Train {net: !Net {}, steps: 1000000}')
  void busy.run(a)
  await until(() => a.results().length > 2)
  busy.hangUp()
  const { length } = a.results()
  await until(() => a.results().length > length + 100)
  a.wish('stop')
  expect(await busy.ended).toBe(0)
  expect(a.exit()).toEqual({ kind: 'stopped' })
})

test('a script is run once in its process; an attempt that another process has is left alone', async () => {
  const spare = await open()
  const script = attempt('s', '!Script {command: [echo, hello]}')
  expect(await spare.run(script)).toBe('gone')
  expect(await spare.ended).toBe(0)
  expect(script.output('stdout')).toBe('hello\n')
  const other = await open()
  expect(await other.run(script)).toMatchObject({ word: 'left' })
  expect(existsSync(join(dir, 's', 'exit.json'))).toBe(true)
  expect(script.output('stdout')).toBe('hello\n')
})
