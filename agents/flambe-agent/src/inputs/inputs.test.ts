import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Manifest } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, specOf, until } from '../testing/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const LARGE = 3 * 1024 * 1024

function blob(size: number, fill: number): { sha256: string; size: number } {
  const data = Buffer.alloc(size, fill)
  const sha256 = createHash('sha256').update(data).digest('hex')
  house.hub.state.blobs.set(sha256, data)
  return { sha256, size }
}
const manifest = (...files: [string, { sha256: string; size: number }][]): Manifest => ({
  kind: 'folder',
  files: files.map(([path, one]) => ({ path, ...one })),
})
const ended = (attempt: string) => until(() => house.hub.ledger(attempt).ended)
const attemptFolder = (attempt: string) => join(house.folder, 'worker', 'attempts', attempt)
const places = (home: string, attempt: string) =>
  JSON.parse(readFileSync(join(home, 'attempts', attempt, 'places.json'), 'utf8'))
const withInput = (attempt: string, input: Manifest, params = {}) =>
  house.hub.send('assign', {
    attempt,
    spec: specOf(attempt, params, { inputs: { data: { trial: 't-0', manifest: input } } }),
  })

test('inputs, the checkpoint to go on from and resources stand in the folder before the trial starts', async () => {
  await house.agent()
  const [small, large] = [blob(10, 1), blob(LARGE, 2)]
  await house.hub.send('assign', {
    attempt: 'a-1',
    spec: specOf(
      'a-1',
      {},
      {
        inputs: { data: { trial: 't-0', manifest: manifest(['model/state.bin', large], ['config.yaml', small]) } },
        resume: { number: 3, step: 30, manifest: manifest(['state.json', small]) },
        resources: {
          'folder/../name': { kind: 'blobs', manifest: manifest(['bin/run.sh', small]) },
          file: { kind: 'blobs', manifest: { kind: 'file', files: [{ path: 'run.sh', ...small, executable: true }] } },
          local: { kind: 'cluster', location: '/tmp' },
        },
      },
    ),
  })
  expect((await ended('a-1')).exit).toEqual({ kind: 'done' })
  const places = JSON.parse(readFileSync(join(attemptFolder('a-1'), 'places.json'), 'utf8'))
  expect(readFileSync(join(places.inputs.data, 'model/state.bin'))).toHaveLength(LARGE)
  expect(readFileSync(join(places.resume, 'state.json'))).toHaveLength(10)
  expect(readdirSync(join(places.resources['folder/../name'], 'bin'))).toEqual(['run.sh'])
  expect(places.resources.file.startsWith(attemptFolder('a-1'))).toBe(true)
  expect(readFileSync(places.resources.file)).toHaveLength(10)
  expect(places).toMatchObject({
    agent: { id: 'agent-1', name: 'worker' },
    backend: 'wasm',
    resources: { local: '/tmp' },
  })
  expect(house.hub.state.requests.every(request => request.authorized)).toBe(true)
})

test('a !cluster location starts at the folder where the agent was started, at --workdir, or at the home of its user', async () => {
  const workdir = join(house.folder, 'work')
  mkdirSync(join(workdir, 'data'), { recursive: true })
  const cluster = (location: string) => ({ kind: 'cluster', location }) as const
  const resources = { data: cluster('data'), home: cluster('~'), dotted: cluster('./data/../data/') }
  const first = await house.agent({ workdir })
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', {}, { resources }) })
  await ended('a-1')
  expect(places(workdir, 'a-1').resources).toEqual({
    data: join(workdir, 'data'),
    home: homedir(),
    dotted: join(workdir, 'data'),
  })
  await first.close()
  await house.agent()
  const here = { here: cluster('package.json') }
  await house.hub.send('assign', { attempt: 'a-2', spec: specOf('a-2', {}, { resources: here }) })
  await ended('a-2')
  expect(places(join(house.folder, 'worker'), 'a-2').resources).toEqual({
    here: join(process.cwd(), 'package.json'),
  })
})

test('a !cluster location that is not there is a configuration failure that names resource, path and agent', async () => {
  await house.agent()
  for (const [attempt, location, path] of [
    ['a-1', 'no/such.csv', join(process.cwd(), 'no/such.csv')],
    ['a-2', '~/no-such-folder-of-a-test', join(homedir(), 'no-such-folder-of-a-test')],
    ['a-3', 'package.json/inside', join(process.cwd(), 'package.json/inside')],
  ] as const) {
    const resources = { flowers: { kind: 'cluster', location } as const }
    await house.hub.send('assign', { attempt, spec: specOf(attempt, {}, { resources }) })
    expect((await ended(attempt)).exit).toEqual({
      kind: 'failed',
      failure: {
        class: 'configuration',
        message: `resource flowers: ${path} does not exist on agent worker`,
        stack: null,
      },
    })
    expect(house.hub.ledger(attempt).started).toEqual([])
  }
})

test('a blob that several attempts want is fetched once', async () => {
  await house.agent()
  const data = blob(LARGE, 3)
  await Promise.all(['a-1', 'a-2', 'a-3'].map(attempt => withInput(attempt, manifest(['state.bin', data]))))
  for (const attempt of ['a-1', 'a-2', 'a-3']) await ended(attempt)
  expect(house.hub.state.requests).toHaveLength(1)
})

test('a download that is cut goes on where it was', async () => {
  await house.agent()
  const data = blob(LARGE, 4)
  house.hub.state.download = (_, bytes) => (house.hub.state.requests.length === 1 ? 'cut' : bytes)
  await withInput('a-1', manifest(['state.bin', data]))
  expect((await ended('a-1')).exit).toEqual({ kind: 'done' })
  expect(house.hub.state.requests.map(request => request.range)).toEqual([
    undefined,
    expect.stringMatching(/^bytes=[1-9]\d*-$/),
  ])
})

test('G20: a damaged blob is refused and fetched again', async () => {
  await house.agent()
  const data = blob(LARGE, 5)
  house.hub.state.download = (_, bytes) => {
    if (house.hub.state.requests.length > 1) return bytes
    const wrong = Buffer.from(bytes)
    wrong[1_000] = 99
    return wrong
  }
  await withInput('a-1', manifest(['state.bin', data]))
  expect((await ended('a-1')).exit).toEqual({ kind: 'done' })
  expect(house.hub.state.requests).toHaveLength(2)
  expect(readFileSync(join(attemptFolder('a-1'), 'inputs/data/state.bin'))[1_000]).toBe(5)
})

test('G20: a cached blob that was written to is not used again', async () => {
  await house.agent()
  const data = blob(LARGE, 6)
  await withInput('a-1', manifest(['state.bin', data]))
  await ended('a-1')
  const linked = join(attemptFolder('a-1'), 'inputs/data/state.bin')
  chmodSync(linked, 0o600)
  writeFileSync(linked, Buffer.alloc(LARGE, 7))
  await withInput('a-2', manifest(['state.bin', data]))
  await ended('a-2')
  expect(readFileSync(join(attemptFolder('a-2'), 'inputs/data/state.bin'))[0]).toBe(6)
  expect(house.hub.state.requests).toHaveLength(2)
})

test('the cache keeps to its limit: what no attempt uses goes, oldest first', async () => {
  await house.agent({ cacheLimit: 2.5 * LARGE })
  const data = [10, 11, 12, 13].map(fill => blob(LARGE, fill))
  for (const [index, one] of data.entries()) {
    await withInput(`a-${index}`, manifest(['state.bin', one]))
    await ended(`a-${index}`)
    // The first one stays in use.
    if (index > 0) await house.hub.send('forget', { attempt: `a-${index}` })
  }
  const cache = join(house.folder, 'worker', 'cache')
  const kept = readdirSync(cache).flatMap(shard => readdirSync(join(cache, shard)))
  expect(kept.sort()).toEqual([data[0]?.sha256, data[3]?.sha256].sort())
})

test('a blob that the hub does not have, or that stays damaged, ends the attempt as no fault of the user', async () => {
  await house.agent()
  const [lost, bad] = [blob(10, 8), blob(11, 9)]
  house.hub.state.download = (sha256, bytes) => (sha256 === lost.sha256 ? 'missing' : Buffer.alloc(bytes.length))
  await withInput('a-1', manifest(['state.bin', lost]))
  await withInput('a-2', manifest(['state.bin', bad]))
  expect((await ended('a-1')).exit).toMatchObject({ kind: 'failed', failure: { class: 'hub' } })
  expect((await ended('a-2')).exit).toMatchObject({ kind: 'failed', failure: { class: 'infrastructure' } })
})

test('S5 S9: a manifest that leads out of its folder is refused before anything is written', async () => {
  await house.agent()
  const data = blob(10, 1)
  for (const path of ['../evil', '/etc/evil', 'a/../../evil', 'a//b', 'a\\b'])
    await expect(withInput('a-1', manifest([path, data]))).rejects.toThrow()
  await withInput('a-2', manifest(['a', data], ['a/b', data]))
  expect((await ended('a-2')).exit).toMatchObject({ kind: 'failed', failure: { class: 'infrastructure' } })
  expect(readdirSync(join(house.folder, 'worker', 'attempts'))).toEqual(['a-2'])
})

test('an attempt that is ended while it waits for its inputs is told as stopped and never starts', async () => {
  await house.agent()
  const data = blob(10, 1)
  house.hub.state.download = () => 'cut'
  await withInput('a-1', manifest(['state.bin', { ...data, size: 20 }]))
  await house.hub.send('end', { attempt: 'a-1', how: 'kill' })
  expect((await ended('a-1')).exit).toEqual({ kind: 'stopped' })
  expect(house.hub.ledger('a-1').started).toEqual([])
})
