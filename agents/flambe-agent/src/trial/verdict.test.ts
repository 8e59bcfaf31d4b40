import { expect, test } from 'vitest'
import { type Evidence, verdict } from './verdict.ts'

const quiet: Evidence = {
  exitFile: null,
  wish: 'run',
  code: 1,
  signal: null,
  outOfMemory: false,
  rebooted: false,
  unwatched: false,
  stderr: '',
}
const classOf = (change: Partial<Evidence>) => {
  const exit = verdict({ ...quiet, ...change })
  return exit.kind === 'failed' ? exit.failure.class : exit.kind
}

test('the exit record counts, whatever else was seen', () => {
  expect(classOf({ exitFile: { exit: { kind: 'done' }, time: 0 }, code: 1, outOfMemory: true })).toBe('done')
  expect(classOf({ exitFile: 'damaged' })).toBe('infrastructure')
})

test('G14: without a record the cause decides', () => {
  expect(classOf({})).toBe('user-code')
  expect(classOf({ wish: 'kill', signal: 'SIGKILL' })).toBe('stopped')
  expect(classOf({ wish: 'stop' })).toBe('stopped')
  expect(classOf({ wish: 'pause' })).toBe('user-code')
  expect(classOf({ rebooted: true, unwatched: true })).toBe('agent-restarted')
  expect(classOf({ unwatched: true, code: null })).toBe('agent-restarted')
  expect(classOf({ outOfMemory: true, code: null, signal: 'SIGKILL' })).toBe('out-of-memory')
  expect(classOf({ outOfMemory: true, code: 137 })).toBe('out-of-memory')
  expect(classOf({ outOfMemory: true, code: 1 })).toBe('user-code')
  expect(classOf({ stderr: 'RuntimeError: memory access out of bounds\n' })).toBe('out-of-memory')
})

test("a full wasm heap is out of memory, also in the trial's own words", () => {
  const failure = { class: 'user-code' as const, message: 'memory access out of bounds', stack: null }
  expect(classOf({ exitFile: { exit: { kind: 'failed', failure }, time: 0 } })).toBe('out-of-memory')
})

test('the message names the last error, not the last line', () => {
  const stderr = 'at x\nTypeError: no\n    at y\n\nNode.js v20.0.0\n'
  expect(verdict({ ...quiet, stderr })).toMatchObject({
    failure: { message: expect.stringMatching(/exit code 1\): TypeError: no$/) },
  })
})
