import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeAgent } from './testing/fake-agent.ts'
import { SMALL } from './testing/files.ts'
import { eventually, type House, openHouse, raw } from './testing/house.ts'

let house: House
let scratch: string

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'flambe-hub-'))
})
afterEach(async () => {
  await house.close()
  await rm(scratch, { recursive: true, force: true })
})

const bearer = () => ({ authorization: `Bearer ${house.hub.localToken()}` })
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('blobs over HTTP', () => {
  const put = (name: string, body: Uint8Array) =>
    raw(`${house.url}/api/blobs/${name}`, { method: 'PUT', headers: bearer(), body })

  it('are stored under their hash and read in ranges', async () => {
    house = await openHouse()
    const bytes = randomBytes(300_000)
    expect((await put(sha(bytes), bytes)).status).toBe(201)
    const get = (range?: string) =>
      fetch(`${house.url}/api/blobs/${sha(bytes)}`, { headers: { ...bearer(), ...(range ? { range } : {}) } })
    const whole = await get()
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
    const part = await get('bytes=100-199')
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/300000'])
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true)
    expect(Buffer.from(await (await get('bytes=-5')).arrayBuffer()).equals(bytes.subarray(-5))).toBe(true)
    expect(Buffer.from(await (await get('bytes=299999-')).arrayBuffer()).equals(bytes.subarray(-1))).toBe(true)
    expect((await get('bytes=300000-')).status).toBe(416)
    expect((await get('bytes=x')).status).toBe(200)
  })

  it('are refused when the content is not what the name says, and then are not there', async () => {
    house = await openHouse()
    const name = sha(Buffer.from('a'))
    const answer = await put(name, Buffer.from('b'))
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([409, 'CONFLICT'])
    expect((await raw(`${house.url}/api/blobs/${name}`, { headers: bearer() })).status).toBe(404)
  })

  it('are refused when they are too large, before they are read', async () => {
    house = await openHouse({ limits: { blob: 10 } })
    const bytes = randomBytes(11)
    expect((await put(sha(bytes), bytes)).status).toBe(413)
  })
})

describe('downloads', () => {
  async function finished(): Promise<string> {
    const { token } = await house.api.agents.joinToken.mutate()
    const agent = new FakeAgent({ url: house.url, token })
    await agent.connect()
    const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
    if (!answer.ok) throw new Error('not submitted')
    await eventually(async () => (await house.api.experiments.get.query({ id: answer.id })).state === 'success')
    agent.close()
    return answer.id
  }

  it('give a file of a trial as an attachment, by its name in the checkpoint only (S5, S6)', async () => {
    house = await openHouse()
    const id = await finished()
    const get = (path: string) => raw(`${house.url}/api/trials/${id}.a.1/files/${path}`, { headers: bearer() })
    const file = await get('weights.bin')
    expect(file.body).toBe(`weights of ${id}.a.1 at 2`)
    expect(file.headers['content-disposition']).toContain('attachment; filename="weights.bin"')
    for (const path of ['..%2f..%2fsecret', 'nothing', '%00', '%']) {
      expect((await get(path)).status).toBeGreaterThanOrEqual(400)
    }
  })

  it('give an experiment as a tar that the system tar reads, with or without models', async () => {
    house = await openHouse()
    const id = await finished()
    const listing = async (query: string) => {
      const answer = await fetch(`${house.url}/api/experiments/${id}/archive.tar?${query}`, { headers: bearer() })
      await writeFile(join(scratch, 'x.tar'), Buffer.from(await answer.arrayBuffer()))
      return execFileSync('tar', ['-tf', join(scratch, 'x.tar')], { encoding: 'utf8' })
        .trim()
        .split('\n')
    }
    const plain = await listing('models=0')
    expect(plain[0]).toBe('small/experiment.yaml')
    expect(plain.filter(name => name.endsWith('.stdout')).length).toBe(4)
    expect(plain.some(name => name.includes('weights.bin'))).toBe(false)
    const full = await listing('models=1&block=a')
    expect(full.filter(name => /^small\/a\/[12]-[0-9a-f]{8}\/checkpoint\/weights\.bin$/.test(name)).length).toBe(2)
    execFileSync('tar', ['-xf', join(scratch, 'x.tar'), '-C', scratch])
    expect(await readFile(join(scratch, 'small/experiment.yaml'), 'utf8')).toBe(SMALL)
  })
})

it('a reader that goes away in the middle of a download is no error of the hub', async () => {
  house = await openHouse()
  const data = Buffer.alloc(32 * 1024 * 1024, 'x')
  const { sha256 } = await house.hub.services.store.putBlob(
    (async function* () {
      yield data
    })(),
  )
  const stop = new AbortController()
  const answer = await fetch(`${house.url}/api/blobs/${sha256}`, { headers: bearer(), signal: stop.signal })
  await answer.body?.getReader().read()
  stop.abort()
  // Closing waits for what runs; the next test would see the error otherwise.
  await eventually(async () => (await new Promise<number>(r => house.served.http.getConnections((_, n) => r(n)))) === 0)
  expect(house.errors).toEqual([])
})

describe('an archive of a trial that said much', () => {
  it('holds all of it', async () => {
    house = await openHouse()
    const { token } = await house.api.agents.joinToken.mutate()
    const agent = new FakeAgent({ url: house.url, token, play: { steps: 1, before: () => new Promise(() => {}) } })
    await agent.connect()
    const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
    if (!answer.ok) throw new Error('not submitted')
    const attempt = await eventually(() => [...agent.folders.keys()].find(id => id.includes('.a.1.')))
    // Lines of an odd length, so that windows end inside of characters.
    const data = Buffer.from(`${'ä'.repeat(99)}\n`.repeat(5_000))
    const times = Math.ceil((65 * 1024 * 1024) / data.length)
    for (let i = 0; i < times; i++) {
      const request = { attempt, stream: 'stdout', offset: i * data.length, data, points: [], others: [] } as const
      await house.hub.services.store.append([request])
    }
    const got = await fetch(`${house.url}/api/experiments/${answer.id}/archive.tar?block=a`, { headers: bearer() })
    await writeFile(join(scratch, 'x.tar'), Buffer.from(await got.arrayBuffer()))
    const [name] = execFileSync('tar', ['-tf', join(scratch, 'x.tar'), '--wildcards', '*stdout'], {
      encoding: 'utf8',
    }).split('\n')
    execFileSync('tar', ['-xf', join(scratch, 'x.tar'), '-C', scratch])
    const written = await readFile(join(scratch, name ?? ''))
    expect(written.length).toBe(times * data.length)
    expect(written.subarray(-data.length).equals(data)).toBe(true)
    agent.close()
  })
})

describe('the agent that the hub hands out', () => {
  beforeEach(async () => {
    const build = { version: '0.1.0', build: 'abcdef0123456789' }
    await writeFile(join(scratch, 'build.json'), JSON.stringify(build))
    await writeFile(join(scratch, 'flambe-agent.tgz'), 'tarball')
    await writeFile(join(scratch, 'agent.mjs'), 'single')
  })

  it('carries its hash in its name, and the command that the page shows names it', async () => {
    house = await openHouse({ agentPackage: { dir: scratch } })
    const { command } = await house.api.agents.joinToken.mutate()
    const file = `${house.url}/flambe-agent-0.1.0-habcdef0123.tgz`
    expect(command).toBe(`npx -y --allow-remote=all ${file} --hub ${house.url}`)
    expect((await raw(file)).body).toBe('tarball')
    expect((await raw(file)).headers['cache-control']).toContain('immutable')
    expect((await raw(`${house.url}/flambe-agent.mjs`)).body).toBe('single')
    const newest = await raw(`${house.url}/flambe-agent.tgz`)
    expect([newest.status, newest.headers.location]).toEqual([302, 'flambe-agent-0.1.0-habcdef0123.tgz'])
    expect((await raw(`${house.url}/flambe-agent-0.1.0-hffffffffff.tgz`)).status).toBe(404)
  })

  it('is told on the page when a connected one is of another build', async () => {
    house = await openHouse({ agentPackage: { dir: scratch } })
    const { token } = await house.api.agents.joinToken.mutate()
    const agent = new FakeAgent({ url: house.url, token })
    const hello = agent.hello()
    for (const [build, outdated] of [
      ['another', true],
      ['abcdef0123456789', false],
      [null, false],
    ] as const) {
      agent.hello = () => ({ ...hello, agent: agent.id, build })
      await agent.connect()
      const { items } = await house.api.agents.list.query()
      expect([items[0]?.build, items[0]?.outdated]).toEqual([build, outdated])
      agent.cut()
    }
    // What it said of itself is still shown after a restart of the hub.
    house = await house.restart()
    expect((await house.api.agents.list.query()).items[0]?.host?.hostname).toBe('machine')
  })
})

describe('serving', () => {
  it('says what to do when the port is in use, in one line', async () => {
    house = await openHouse()
    await expect(openHouse({ port: house.served.port, dataDir: scratch })).rejects.toThrow(
      `port ${house.served.port} on 127.0.0.1 is in use: stop what runs there, or take another one with --port N`,
    )
  })

  it('refuses a second hub on one data folder', async () => {
    house = await openHouse()
    await expect(openHouse({ dataDir: house.dir })).rejects.toMatchObject({ name: 'StoreError', code: 'LOCKED' })
  })

  it('closes with a request still open, and removes local.json', async () => {
    house = await openHouse({ dataDir: join(scratch, 'data') })
    const open = fetch(`${house.url}/api/blobs/${'0'.repeat(64)}`, {
      method: 'PUT',
      headers: { ...bearer(), 'content-length': '100' },
      body: new ReadableStream({ start: controller => controller.enqueue(new Uint8Array(1)) }),
      duplex: 'half',
    } as RequestInit).catch(() => 'cut')
    await eventually(
      async () => (await new Promise<number>(resolve => house.served.http.getConnections((_, n) => resolve(n)))) > 0,
    )
    await house.served.close()
    expect(await open).toBe('cut')
    await expect(readFile(join(scratch, 'data', 'local.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('leaves what is not its own to the pages, and answers 404 where there are none', async () => {
    house = await openHouse()
    const answer = await raw(`${house.url}/e/some`)
    expect([answer.status, answer.body]).toEqual([404, 'There are no pages on this hub, only its API.\n'])
  })
})
