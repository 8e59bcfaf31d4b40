/** Extensions that nobody has described: the hub asks an agent, and says clearly why there is no answer. */
import { createHash } from 'node:crypto'
import { contentHash } from '@flambe/language'
import type { Down, Manifest, Up } from '@flambe/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { extensionEntry } from '../testing/files.ts'
import { type House, openHouse, raw } from '../testing/house.ts'

let house: House
const agents: FakeAgent[] = []
beforeEach(async () => {
  house = await openHouse({ limits: { describe: 400, ack_timeout: 200 } })
})
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close()
  await house.close()
})

type Result = Up['described']['result']

const TEXT = `ext: ./ext
---
!Experiment
name: extended
seed: 3
pipeline:
  a: !ext.Train {steps: 1}
`
const catalogue = { components: { 'ext.Train': extensionEntry('ext.Train') } }
const described = (manifest: Manifest): Result => ({ kind: 'described', manifest, catalogue: catalogue as never })
const refused = (elsewhere: boolean): Result => ({
  kind: 'problem',
  message: 'cannot be loaded: x',
  hint: 'h',
  elsewhere,
})

async function blob(text: string): Promise<string> {
  const sha256 = createHash('sha256').update(text).digest('hex')
  const headers = { authorization: `Bearer ${house.hub.localToken()}` }
  await raw(`${house.url}/api/blobs/${sha256}`, { method: 'PUT', headers, body: Buffer.from(text) })
  return sha256
}
const folderOf = (path: string, sha256: string, size = 3): Manifest => ({
  kind: 'folder',
  files: [{ path, sha256, size }],
})
const uploaded = async (text: string, path = 'index.ts') => folderOf(path, await blob(text), text.length)

async function agent(name: string, describes?: (asked: Down['describe']) => Promise<Result | null>) {
  const { token } = await house.api.agents.joinToken.mutate()
  const one = new FakeAgent({ url: house.url, token, name, play: { steps: 1 }, ...(describes ? { describes } : {}) })
  agents.push(one)
  await one.connect()
  return one
}
const describeIt = (manifest: Manifest, name = 'ext') => house.api.extensions.describe.mutate({ name, manifest })
const submit = (resources: object, text = TEXT) =>
  house.api.experiments.submit.mutate({
    text,
    resources: resources as never,
    command: `command-${Math.random().toString(36).slice(2)}`,
  })

it('is answered by an agent, once for each content, with the packed folder and its hash', async () => {
  const packed = await uploaded('packed', 'index.js')
  const asked: Down['describe'][] = []
  await agent('one', async message => {
    asked.push(message)
    return described(packed)
  })
  const raw = await uploaded('source')
  const answer = { ok: true, manifest: packed, sha256: contentHash(packed), catalogue }
  expect(await Promise.all([describeIt(raw), describeIt(raw)])).toEqual([answer, answer])
  expect(await describeIt(raw)).toEqual(answer)
  expect(asked).toMatchObject([{ name: 'ext', manifest: raw, limit: 400 }])
})

it('serves the live check and the submission; a trial gets the packed folder', async () => {
  const packed = await uploaded('packed', 'index.js')
  const one = await agent('one', async () => described(packed))
  const resources = { 'extension:ext': await uploaded('source') }
  const plan = (text: string, more: object) => house.api.experiments.plan.query({ text, limit: 1, ...more })
  expect(await plan(TEXT, {})).toMatchObject({
    ok: true,
    extensions: [{ name: 'ext', kind: 'folder', state: 'needed' }],
  })
  expect(await plan(TEXT, { resources: {} })).toMatchObject({
    ok: false,
    problems: [{ rule: 'extension-not-installed', line: 1, message: expect.stringMatching(/was not sent/) }],
  })
  expect(await plan(TEXT, { resources })).toMatchObject({ ok: false, extensions: [{ state: 'needed' }] })
  await describeIt(resources['extension:ext'])
  expect(await plan(TEXT, { resources })).toMatchObject({ ok: true, extensions: [{ state: 'described' }] })
  expect(await plan(TEXT.replace('steps', 'stpes'), { resources })).toMatchObject({
    problems: expect.arrayContaining([expect.objectContaining({ hint: 'did you mean steps?' })]),
  })
  expect(await submit(resources)).toMatchObject({ ok: true })
  await vi.waitFor(() => expect(one.specs.size).toBe(1))
  expect([...one.specs.values()][0]?.resources).toEqual({ 'extension:ext': { kind: 'blobs', manifest: packed } })
})

it('asks for blobs that are not there, before it asks an agent', async () => {
  const sha256 = 'a'.repeat(64)
  expect(await describeIt(folderOf('index.js', sha256))).toMatchObject({ ok: false, missing: [sha256] })
  expect(await submit({ 'extension:ext': folderOf('index.js', sha256) })).toMatchObject({
    ok: false,
    missing: [sha256],
  })
})

it.each([
  ['no agent', async () => undefined, /waits for an agent/, /Agents/],
  ['an agent of before', () => agent('old'), /older than this hub/, /flambe-agent/],
  ['a reason', () => agent('one', async () => refused(false)), /cannot be loaded: x/, /^h$/],
  ['silence', () => agent('one', () => new Promise(() => undefined)), /not described in time/, /try again/],
  [
    'blobs that are not there',
    () => agent('one', async () => described(folderOf('index.js', 'b'.repeat(64)))),
    /did not upload all of it/,
    /try again/,
  ],
  [
    'a catalogue that is none',
    () => agent('one', async m => ({ kind: 'described', manifest: m.manifest, catalogue: { components: { x: 3 } } })),
    /catalogue that is none/,
    /update/,
  ],
])('answers with a clear problem: %s', async (_, prepare, problem, hint) => {
  await prepare()
  const manifest = await uploaded('source')
  expect(await describeIt(manifest)).toMatchObject({
    ok: false,
    problem: expect.stringMatching(problem),
    hint: expect.stringMatching(hint),
  })
  expect(await submit({ 'extension:ext': manifest })).toMatchObject({
    ok: false,
    problems: [{ rule: 'extension-not-installed', line: 1, message: expect.stringMatching(problem) }],
  })
})

it('asks the next agent when one goes in the middle, or says that another may do better', async () => {
  const packed = await uploaded('packed', 'index.js')
  const went: string[] = []
  const leave = await agent('leaving', async () => {
    went.push('leaving')
    leave.cut()
    return null
  })
  await agent('without-npm', async () => {
    went.push('without npm')
    return refused(true)
  })
  const raw = await uploaded('source')
  const first = await describeIt(raw)
  expect(first).toMatchObject({ ok: false })
  expect(went.sort()).toEqual(['leaving', 'without npm'])
  await agent('good', async () => described(packed))
  expect(await describeIt(raw)).toMatchObject({ ok: true })
})

it.each([
  ['nothing in it', { kind: 'folder', files: [] }, /is empty/],
  ['one file', { kind: 'file', files: [{ path: 'a', sha256: 'a'.repeat(64), size: 1 }] }, /is no folder/],
  ['much data', { kind: 'folder', files: [{ path: 'a', sha256: 'a'.repeat(64), size: 2 ** 30 }] }, /1024 MiB/],
  [
    'many files',
    {
      kind: 'folder',
      files: Array.from({ length: 5_001 }, (_, n) => ({ path: `${n}`, sha256: 'a'.repeat(64), size: 1 })),
    },
    /5001 files/,
  ],
  [
    'a path twice',
    { kind: 'folder', files: [1, 2].map(size => ({ path: 'a', sha256: 'a'.repeat(64), size })) },
    /twice/,
  ],
])('no agent is asked about a folder with %s (S11)', async (_, manifest, problem) => {
  expect(await describeIt(manifest as Manifest)).toMatchObject({ ok: false, problem: expect.stringMatching(problem) })
})

it.each(['../x', '/etc/passwd', 'a/../../b', 'a\\b'])('refuses a path that leaves the folder: %s (S5)', async path => {
  await expect(describeIt(folderOf(path, 'a'.repeat(64)))).rejects.toThrow()
})

it('an npm package or a git repository is not fetched from here, and the problem says what to do', async () => {
  for (const [from, words] of [
    ['thing@^1', /is an npm package/],
    ['https://example.com/a/b', /is a git repository/],
  ] as const) {
    const answer = await submit({}, TEXT.replace('./ext', from))
    expect(answer).toMatchObject({
      problems: [{ message: expect.stringMatching(words), hint: expect.stringMatching(/--install/) }],
    })
  }
})

it('pins what ran, and the pinned file runs it again without an upload; other content is refused', async () => {
  const packed = await uploaded('packed', 'index.js')
  await agent('one', async ({ manifest }) => described(manifest.files[0]?.path === 'index.js' ? manifest : packed))
  const answer = await submit({ 'extension:ext': await uploaded('source') })
  if (!answer.ok) throw new Error(JSON.stringify(answer))
  const { resolved } = await house.api.experiments.config.query({ id: answer.id })
  expect(resolved).toMatch(new RegExp(`^ext: \\{folder: "./ext", sha256: "${contentHash(packed)}"\\}\n`))
  const again = resolved.replace('name: extended', 'name: again')
  expect(await house.api.experiments.plan.query({ text: again, limit: 1, resources: {} })).toMatchObject({
    extensions: [{ state: 'described', sha256: contentHash(packed) }],
  })
  const second = await submit({}, again)
  if (!second.ok) throw new Error(JSON.stringify(second))
  const row = house.hub.services.rows.experiments.get(second.id)
  expect(row?.resources['extension:ext']).toEqual({ kind: 'blobs', manifest: packed })
  const other = await uploaded('other', 'index.js')
  expect(await submit({ 'extension:ext': other }, again.replace('again', 'third'))).toMatchObject({
    problems: [{ message: expect.stringMatching(/is not what the file says/) }],
  })
})

it('keeps the version or commit that the command obtained, for the file that runs it again', async () => {
  const manifest = await uploaded('one', 'index.js')
  const text = TEXT.replace('./ext', 'https://example.com/a/b#main&path:sub')
  const answer = await house.api.experiments.submit.mutate({
    text,
    resources: { 'extension:ext': manifest } as never,
    extensions: { ext: catalogue } as never,
    versions: { ext: 'c0ffee' },
    command: 'command-1',
  })
  if (!answer.ok) throw new Error(JSON.stringify(answer))
  const { resolved } = await house.api.experiments.config.query({ id: answer.id })
  expect(resolved.split('\n')[0]).toBe(
    `ext: {git: "https://example.com/a/b", ref: "c0ffee", path: "sub", sha256: "${contentHash(manifest)}"}`,
  )
})
