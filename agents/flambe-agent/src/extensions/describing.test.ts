/** What an uploaded extension brings, read by a real agent with the real trial runtime in processes of their own. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Manifest } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type House, openHouse, processesIn, specOf, until } from '../testing/house.ts'
import { noShield } from '../trial/shield.ts'
import { runIsolated } from './isolated.ts'

// Every test starts several processes; on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 30_000 })

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const program = fileURLToPath(import.meta.resolve('@flambe/components/trial'))
const start = (more: object = {}) => house.agent({ program, ...more })

function manifest(files: { readonly [path: string]: string }): Manifest {
  return {
    kind: 'folder',
    files: Object.entries(files).map(([path, text]) => {
      const data = Buffer.from(text)
      const sha256 = createHash('sha256').update(data).digest('hex')
      house.hub.state.blobs.set(sha256, data)
      return { path, sha256, size: data.length }
    }),
  }
}

let asked = 0
async function describeIt(of: Manifest, limit = 60_000) {
  const request = `r-${++asked}`
  await house.hub.send('describe', { request, name: 'ext', manifest: of, limit })
  const answer = await until(() => house.hub.state.described.find(one => one.request === request))
  return answer.result
}
const left = () => readdirSync(join(house.folder, 'worker', 'describing'))

const TRAIN = `
import { Component } from '@flambe/components'
import { grown } from './growth'
export class Train extends Component {
  static override readonly uses_backend: boolean = false
  static description = String(process.env.FLAMBE_SECRET)
  constructor({ by, steps = 2 }: { by: number; steps?: number }) { super(); grown(by, steps) }
}
`

test('TypeScript is packed, what is new of it uploaded, and its catalogue told; the agent keeps its secrets', async () => {
  vi.stubEnv('FLAMBE_SECRET', 'token')
  await start()
  const growth = 'export const grown = (a: number, b: number): number => a + b\n'
  const readme = '# ext\n'
  const result = await describeIt(
    manifest({ 'index.ts': TRAIN, 'growth.ts': growth, 'README.md': readme, '.gitignore': 'x', 'a.d.ts': '' }),
  )
  vi.unstubAllEnvs()
  if (result.kind !== 'described') throw new Error(JSON.stringify(result))
  expect(result.manifest.files.map(file => file.path)).toEqual(['README.md', 'growth.js', 'index.js', 'package.json'])
  for (const { sha256 } of result.manifest.files) expect(house.hub.state.blobs.has(sha256)).toBe(true)
  expect(result.catalogue).toMatchObject({
    components: { 'ext.Train': { description: 'undefined', params: [{ name: 'by' }, { name: 'steps', default: 2 }] } },
  })
  expect(left()).toEqual([])
})

test('S10: neither an extension that is described nor npm sees secrets, and what they say of them is masked', async () => {
  const value = 'hush-hush-hush'
  const bin = join(house.folder, 'bin')
  mkdirSync(bin)
  const npm = `#!/bin/sh\necho "npm saw [$MY_KEY], says hush-hush-$(echo hush)" >&2\nexit 1\n`
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 })
  vi.stubEnv('MY_KEY', value)
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`)
  await start({ secrets: { MY_KEY: value } })
  // In pieces, so that no line of its source is what is masked.
  const says = "throw new Error('saw ' + process.env.MY_KEY + ', says ' + 'hush-'.repeat(2) + 'hush')"
  expect(await describeIt(manifest({ 'index.js': says }))).toMatchObject({
    message: expect.stringMatching(/saw undefined, says \*{14}$/),
  })
  const needs = manifest({ 'index.js': '', 'package.json': '{"dependencies": {"any": "1.0.0"}}' })
  expect(await describeIt(needs)).toMatchObject({
    message: expect.stringMatching(/npm saw \[\], says \*{14}$/),
  })
  // Of much that npm says, the last 1,000 characters are told: they begin inside of the secret.
  const long = `#!/bin/sh\necho "hush-hush-$(echo hush)${'x'.repeat(993)}" >&2\nexit 1\n`
  writeFileSync(join(bin, 'npm'), long, { mode: 0o755 })
  expect(await describeIt(needs)).toMatchObject({ message: expect.stringMatching(/: \*{7}x{993}$/) })
  vi.unstubAllEnvs()
})

test('packed again it is the same folder', async () => {
  await start()
  const first = await describeIt(manifest({ 'index.ts': TRAIN, 'growth.ts': 'export const grown = () => 1\n' }))
  if (first.kind !== 'described') throw new Error(JSON.stringify(first))
  expect(await describeIt(first.manifest)).toEqual(first)
})

test.each([
  ['throws', { 'index.js': 'throw new Error("boom")' }, /cannot be loaded: Error: boom/, false],
  ['is no TypeScript', { 'index.ts': 'const a: = 1' }, /cannot be packed: index\.ts/, false],
  ['is no JavaScript', { 'index.js': 'export class {' }, /SyntaxError/, false],
  ['ends the process', { 'index.js': 'process.exit(3)' }, /it ends with code 3/, false],
  ['stands twice', { 'a.ts': '', 'a.js': '' }, /one file when packed/, false],
  ['has JSX', { 'index.js': "import './page.jsx'", 'page.jsx': '' }, /JSX is not understood/, false],
  [
    'needs a package that npm does not give',
    { 'index.js': '', 'package.json': '{"dependencies": {"gone": "file:./gone.tgz"}}' },
    /npm could not install/,
    true,
  ],
])('says why there is no catalogue: code that %s', async (_, files, message, elsewhere) => {
  await start()
  const result = await describeIt(manifest(files as never))
  expect(result).toMatchObject({ kind: 'problem', message: expect.stringMatching(message), elsewhere })
  expect(left()).toEqual([])
})

test('code that does not end is ended with all that it has started, and the agent goes on', async () => {
  await start()
  const sleeping = `
    import { spawn } from 'node:child_process'
    spawn('sleep', ['1000'], { detached: true, stdio: 'inherit' }).unref()
    await new Promise(() => setInterval(() => undefined, 1000))`
  const result = await describeIt(manifest({ 'index.js': sleeping }), 6_000)
  expect(result).toMatchObject({ kind: 'problem', message: 'was not described within 6 s', elsewhere: false })
  await until(() => processesIn(house.folder).every(({ command }) => !command.includes('sleep')))
  expect(await describeIt(manifest({ 'index.js': 'export const a = 1' }))).toMatchObject({
    message: expect.stringMatching(/has no component/),
  })
})

test('an agent that is closed in the middle leaves no process', async () => {
  const agent = await start()
  const of = manifest({ 'index.js': 'await new Promise(() => setInterval(() => undefined, 1000))' })
  await house.hub.send('describe', { request: 'r-middle', name: 'ext', manifest: of, limit: 60_000 })
  await until(() => processesIn(house.folder).length > 0)
  await agent.close()
  expect(processesIn(house.folder)).toEqual([])
  expect(house.hub.state.described).toEqual([])
})

test('what an agent that was killed has left running, the next one ends', async () => {
  const first = house.process(['--token-file', join(house.folder, 'token'), '--program', program])
  const of = manifest({ 'index.js': 'await new Promise(() => setInterval(() => undefined, 1000))' })
  await house.hub.send('describe', { request: 'r-killed', name: 'ext', manifest: of, limit: 60_000 })
  const reading = () => processesIn(house.folder).filter(({ command }) => command.includes('--describe'))
  await until(() => reading().length > 0)
  first.child.kill('SIGKILL')
  await first.exited
  // The program, and what stands around it to hide files from it.
  expect(reading().length).toBeGreaterThan(0)
  await start()
  await until(() => reading().length === 0)
  expect(await describeIt(manifest({ 'index.js': 'export const a = 1' }))).toMatchObject({ kind: 'problem' })
})

test('a program apart may take so much memory and time, and no more', async () => {
  const cwd = join(house.folder, 'cwd')
  mkdirSync(cwd)
  const runs = async (text: string, more: object = {}) => {
    const file = join(house.folder, 'program.mjs')
    writeFileSync(file, text)
    const runtime = { program: file, shield: noShield(''), compiled: join(house.folder, 'compiled'), secrets: [] }
    const signal = new AbortController().signal
    return runIsolated(runtime, [], { cwd, limit: 30_000, signal, ...more })
  }
  const greedy = 'globalThis.kept = Buffer.alloc(300e6, 1); setInterval(() => undefined, 1000)'
  expect(await runs(greedy, { memory: 250e6 })).toMatchObject({ trouble: 'it takes more than 238 MiB of memory' })
  expect(await runs('setInterval(() => 1, 9)', { limit: 500 })).toMatchObject({
    trouble: expect.stringMatching(/does not end/),
  })
  const small = 'console.log("a"); console.error("b"); console.log("c", Object.keys(process.env).includes("HOME"))'
  expect(await runs(small)).toEqual({ line: 'c true', stderr: 'b', trouble: null })
})

test('beyond its limit the least recently used extensions go, never one of an attempt that is there', async () => {
  await start({ program: undefined, extensionsLimit: 1_500 })
  const extension = (letter: string) => manifest({ 'index.js': letter.repeat(700) })
  const installed = () => readdirSync(join(house.folder, 'worker', 'extensions')).filter(name => name.length === 64)
  const run = async (attempt: string, letter: string) => {
    const resources = { 'extension:ext': { kind: 'blobs', manifest: extension(letter) } } as const
    await house.hub.send('assign', { attempt, spec: specOf(attempt, {}, { resources }) })
    await until(() => house.hub.ledger(attempt).ended)
    const places = readFileSync(join(house.folder, 'worker', 'attempts', attempt, 'places.json'), 'utf8')
    return (JSON.parse(places).resources['extension:ext'] as string).split('/').at(-1)
  }
  const a = await run('a-1', 'a')
  const b = await run('a-2', 'b')
  const c = await run('a-3', 'c')
  expect(installed().sort()).toEqual([a, b, c].sort())
  await house.hub.send('forget', { attempt: 'a-1' })
  await house.hub.send('forget', { attempt: 'a-3' })
  // Used again, so that it is not the oldest any more.
  expect(await run('a-4', 'a')).toBe(a)
  await house.hub.send('forget', { attempt: 'a-4' })
  const d = await run('a-5', 'd')
  expect(installed().sort()).toEqual([b, d].sort())
})

test('what a waiting process has loaded stays too', async () => {
  await start({ program: undefined, extensionsLimit: 800, spares: 1 })
  const installed = () => readdirSync(join(house.folder, 'worker', 'extensions')).filter(name => name.length === 64)
  const run = async (attempt: string, letter: string, experiment: string) => {
    const one = manifest({ 'index.js': letter.repeat(700) })
    const resources = { 'extension:ext': { kind: 'blobs', manifest: one } } as const
    const more = { resources, experiment: { id: experiment, name: experiment } }
    await house.hub.send('assign', { attempt, spec: specOf(attempt, {}, more) })
    await until(() => house.hub.ledger(attempt).ended)
    await house.hub.send('forget', { attempt })
  }
  await run('a-1', 'a', 'e1')
  await run('a-2', 'b', 'e2')
  expect(installed()).toHaveLength(2)
})
