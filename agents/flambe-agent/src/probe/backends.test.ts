import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chosen, LADDER, probeBackends } from './backends.ts'
import { machine } from './machine.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flambe-agent-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const probe = (program: string, key: string | null) => {
  const path = join(folder, 'trial.mjs')
  writeFileSync(path, program)
  return probeBackends({ program: path, folder, key, limit: 3_000, gpus: [] }).fresh
}
const SAYS = (accepted: string) =>
  `const rung = process.argv[3]; console.log(JSON.stringify({ accepted: ${accepted}, detail: 'it is ' + rung }))`

test('every rung is asked in order, and the best that holds is taken', async () => {
  const rungs = await probe(SAYS("rung !== 'tensorflow-gpu'"), '1')
  expect(rungs.map(rung => rung.name)).toEqual([...LADDER])
  expect(rungs[1]).toEqual({ name: 'webgpu', accepted: true, detail: 'it is webgpu' })
  expect(chosen(rungs)).toBe('webgpu')
})

test('the slow reference backend is never taken by itself', async () => {
  expect(chosen(await probe(SAYS("rung === 'cpu'"), '1'))).toBe('none')
})

test('a probe that hangs, crashes or says nothing refuses its rung with a reason', async () => {
  const rungs = await probe(
    `const rung = process.argv[3]
     if (rung === 'webgpu') await new Promise(resolve => setTimeout(resolve, 60_000))
     if (rung === 'tensorflow') process.kill(process.pid, 'SIGSEGV')
     if (rung === 'wasm') throw new Error('no kernels')`,
    '1',
  )
  expect(rungs.map(rung => rung.accepted)).toEqual(LADDER.map(() => false))
  expect(rungs[1]?.detail).toBe('no answer within 3 s')
  expect(rungs[2]?.detail).toContain('SIGSEGV')
  expect(rungs[3]?.detail).toContain('no kernels')
})

test('answers are kept for the same versions, and only for them', async () => {
  await probe(SAYS('true'), '1')
  expect((await probe(SAYS('false'), '1'))[0]?.accepted).toBe(true)
  expect((await probe(SAYS('false'), '2'))[0]?.accepted).toBe(false)
  expect((await probe(SAYS('true'), null))[0]?.accepted).toBe(true)
})

test('a machine has processors and memory', () => {
  expect(machine().cpu).toBeGreaterThan(0)
  expect(machine().memory).toBeGreaterThan(1e8)
})
