/**
 * Extensions as a browser sends them: the folder's files by hash, read by an agent, planned, run and pinned; the same content as from
 * the command line. Built hub, built agent, plain HTTP.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import {
  call,
  experimentState,
  type Hub,
  localToken,
  startAgent,
  startHub,
  submit,
  trialsOnDisk,
  until,
} from './harness/cluster.ts'
import { example, folder, removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

test.afterEach(async () => {
  await endAll()
  removeFolders()
})

interface Manifest {
  readonly kind: 'file' | 'folder'
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly size: number }[]
}
interface Described {
  readonly ok: boolean
  readonly problem?: string
  readonly sha256?: string
  readonly manifest?: Manifest
  readonly catalogue?: { readonly components: object }
}

async function upload(hub: Hub, path: string): Promise<Manifest> {
  const folderGiven = statSync(path).isDirectory()
  const names = folderGiven
    ? readdirSync(path, { recursive: true })
        .map(String)
        .filter(name => statSync(join(path, name)).isFile())
    : ['']
  const files = []
  for (const name of names) {
    const data = readFileSync(join(path, name))
    const sha256 = createHash('sha256').update(data).digest('hex')
    const headers = { authorization: `Bearer ${localToken(hub)}` }
    const put = await fetch(`${hub.url}/api/blobs/${sha256}`, { method: 'PUT', headers, body: data })
    expect(put.status).toBe(201)
    files.push({ path: folderGiven ? name : (path.split('/').at(-1) as string), sha256, size: data.length })
  }
  return { kind: folderGiven ? 'folder' : 'file', files }
}
const describeIt = (hub: Hub, name: string, manifest: Manifest) =>
  call<Described>(hub, 'extensions.describe', { name, manifest }, 'mutation')
const submitText = (hub: Hub, text: string, resources: object) =>
  call<{ ok: boolean; id: string; problems: { message: string }[] }>(
    hub,
    'experiments.submit',
    { text, resources, command: `command-${Math.random().toString(36).slice(2)}` },
    'mutation',
  )
const ends = (hub: Hub, id: string) =>
  until(
    () => experimentState(hub, id),
    state => /success|failure/.test(state),
    120_000,
  )
const resolved = async (hub: Hub, id: string) =>
  (await call<{ resolved: string }>(hub, 'experiments.config', { id }, 'query')).resolved

test('an uploaded folder in TypeScript is read by an agent, runs, and is pinned to what the command line sends too', async () => {
  const hub = await startHub()
  const file = example('extension/iris.yaml')
  const text = readFileSync(file, 'utf8')
  const manifest = await upload(hub, example('extension/focal'))
  expect(await describeIt(hub, 'focal', manifest)).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/waits for an agent/),
  })
  await startAgent(hub, 'one', { cpus: 2 })
  const described = await describeIt(hub, 'focal', manifest)
  expect(Object.keys(described.catalogue?.components ?? {})).toEqual([
    'focal.FocalLoss',
    'focal.PatientTrainer',
    'focal.focal',
  ])
  const resources = { 'extension:focal': manifest, flowers: await upload(hub, example('data/iris.csv')) }
  const plan = await call<{ ok: boolean; trials_total: number }>(
    hub,
    'experiments.plan',
    { text, limit: 1, resources },
    'query',
  )
  expect(plan).toMatchObject({ ok: true, trials_total: 5 })
  const sent = await submitText(hub, text, resources)
  expect(await ends(hub, sent.id)).toBe('success')
  const best = trialsOnDisk(hub, sent.id).find(trial => trial.block === 'evaluate' && trial.state === 'success')
  expect(Number(best?.metric)).toBeGreaterThan(0.8)
  const pinned = await resolved(hub, sent.id)
  expect(pinned).toContain(`focal: {folder: "./focal", sha256: "${described.sha256}"}`)

  // The pinned text alone runs again: the hub has all of it but the table.
  const { flowers } = resources
  const again = await submitText(hub, pinned.replace('name: iris-extension', 'name: again'), { flowers })
  expect(again.problems ?? []).toEqual([])
  expect(await ends(hub, again.id)).toBe('success')

  const copy = join(folder(), 'iris.yaml')
  const places = text.replace('./focal', example('extension/focal')).replace('../data', example('data'))
  writeFileSync(copy, places.replace('name: iris-extension', 'name: commanded'))
  expect(await resolved(hub, await submit(hub, copy, 3))).toContain(described.sha256)
})

test('an agent that dies while it reads is followed by the next one', async () => {
  const hub = await startHub()
  const dir = folder()
  mkdirSync(dir, { recursive: true })
  // It waits, so that the agent can be killed in the middle; every process says that it is there.
  writeFileSync(
    join(dir, 'index.mjs'),
    `import { appendFileSync, existsSync } from 'node:fs'
    import { Component } from '@flambe/components'
    appendFileSync(${JSON.stringify(join(dir, 'seen'))}, 'x')
    while (!existsSync(${JSON.stringify(join(dir, 'go'))})) await new Promise(resolve => setTimeout(resolve, 50))
    export class A extends Component { static uses_backend = false }`,
  )
  const manifest = await upload(hub, dir)
  const first = await startAgent(hub, 'first')
  const answer = describeIt(hub, 'ext', manifest)
  const seen = () => {
    try {
      return readFileSync(join(dir, 'seen'), 'utf8')
    } catch {
      return ''
    }
  }
  await until(seen, text => text === 'x', 60_000)
  await startAgent(hub, 'second')
  first.process.child.kill('SIGKILL')
  await until(seen, text => text === 'xx', 60_000)
  writeFileSync(join(dir, 'go'), '')
  expect(await answer).toMatchObject({ ok: true })
})
