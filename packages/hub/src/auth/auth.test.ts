import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AGENT_PATH, LIVE_PATH, UPLOAD_PATH } from '@flambe/protocol'
import { io } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appRouter } from '../api/root.ts'
import { assertPermissions, bareProcedure, router } from '../api/trpc.ts'
import type { Clock } from '../clock.ts'
import { FakeAgent } from '../testing/fake-agent.ts'
import { type House, openHouse, raw } from '../testing/house.ts'

let house: House
let ahead = 0
const clock: Clock = { wall: () => Date.now() + ahead, steady: () => performance.now() + ahead }

beforeEach(async () => {
  ahead = 0
  house = await openHouse({ clock })
})
afterEach(() => house.close())

const host = () => new URL(house.url).host
const code = async () => new URL(await house.hub.signInLink()).hash.slice(1)
const signIn = (body: string, headers: Record<string, string> = {}) =>
  raw(`${house.url}/api/sign-in`, { method: 'POST', headers: { origin: house.url, ...headers }, body })

async function cookie(): Promise<string> {
  const answer = await signIn(JSON.stringify({ code: await code() }))
  expect(answer.status).toBe(200)
  return String(answer.headers['set-cookie']?.[0]).split(';')[0] as string
}

async function agentToken(): Promise<string> {
  const { token } = await house.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url: house.url, token })
  await agent.connect()
  agent.close()
  return agent.token
}

describe('signing in', () => {
  it('trades a one-time code for a cookie that scripts and other sites cannot use (S1, S2)', async () => {
    const answer = await signIn(JSON.stringify({ code: await code() }))
    const set = answer.headers['set-cookie']?.[0] ?? ''
    expect(set).toMatch(/^flambe_[0-9a-f]{8}=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/)
    const me = await raw(`${house.url}/api/trpc/hub.status`, { headers: { cookie: set.split(';')[0] as string } })
    expect(JSON.parse(me.body).result.data.user.role).toBe('admin')
  })

  it('marks the cookie Secure where people come over https (S2)', async () => {
    await house.close()
    const webUrl = 'https://flambe.example.org'
    house = await openHouse({ clock, webUrl })
    const headers = { origin: webUrl, host: 'flambe.example.org' }
    const answer = await signIn(JSON.stringify({ code: await code() }), headers)
    expect(answer.headers['set-cookie']?.[0]).toContain('; SameSite=Strict; Secure; Max-Age=')
  })

  it('takes a code once', async () => {
    const body = JSON.stringify({ code: await code() })
    expect((await signIn(body)).status).toBe(200)
    const again = await signIn(body)
    expect([again.status, again.headers['set-cookie']]).toEqual([401, undefined])
  })

  it('takes no code that has expired', async () => {
    const body = JSON.stringify({ code: await code() })
    ahead = 3_600_001
    expect((await signIn(body)).status).toBe(401)
  })

  it.each(['', 'not json', '{}', '{"code":5}', '{"code":"guess"}'])('refuses %j', async body => {
    expect((await signIn(body)).status).toBeGreaterThanOrEqual(400)
  })

  it('stops listening to an address that guesses, for a minute (S11)', async () => {
    for (let i = 0; i < 20; i++) await signIn('{"code":"guess"}')
    const good = JSON.stringify({ code: await code() })
    expect((await signIn(good)).status).toBe(503)
    ahead = 60_001
    expect((await signIn(good)).status).toBe(200)
  })

  it('ends with signing out', async () => {
    const headers = { cookie: await cookie(), origin: house.url, 'content-type': 'application/json' }
    const out = await raw(`${house.url}/api/trpc/hub.signOut`, { method: 'POST', headers, body: '{}' })
    expect(out.headers['set-cookie']?.[0]).toContain('Max-Age=0')
    expect((await raw(`${house.url}/api/trpc/hub.status`, { headers })).status).toBe(401)
  })

  it('ends with signing out for pages that are connected too (S2)', async () => {
    const headers = { cookie: await cookie(), origin: house.url, 'content-type': 'application/json' }
    const open = () => {
      const page = io(house.url, {
        path: LIVE_PATH,
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        extraHeaders: headers,
      })
      return new Promise<typeof page>((resolve, reject) => {
        page.once('connect', () => resolve(page))
        page.once('connect_error', reject)
      })
    }
    const page = await open()
    const ended = new Promise(resolve => page.once('disconnect', resolve))
    await raw(`${house.url}/api/trpc/hub.signOut`, { method: 'POST', headers, body: '{}' })
    await ended
    await expect(open()).rejects.toThrow('sign in first')
  })

  it('leaves an audit row, without the code (S2, S12)', async () => {
    const spent = await code()
    await signIn(JSON.stringify({ code: spent }))
    await signIn(JSON.stringify({ code: spent }))
    const log = await house.hub.services.store.auditLog({ limit: 10 })
    expect(log.map(row => [row.what, row.result])).toEqual([
      ['sign in', 'refused'],
      ['sign in', 'ok'],
    ])
    expect(JSON.stringify(log)).not.toContain(spent)
  })
})

describe('the data folder', () => {
  it('keeps the secret and local.json for its owner alone (S1)', async () => {
    for (const name of ['secret', 'local.json']) {
      expect((await stat(join(house.dir, name))).mode & 0o777).toBe(0o600)
    }
    const local = JSON.parse(await readFile(join(house.dir, 'local.json'), 'utf8'))
    expect(local).toEqual({ url: house.url, token: house.hub.localToken(), pid: process.pid })
    expect(Buffer.from(local.token.slice('local_'.length), 'base64url').length).toBe(32)
  })

  it('gives the same local token after a restart', async () => {
    const before = house.hub.localToken()
    house = await house.restart()
    expect(house.hub.localToken()).toBe(before)
  })
})

describe('who may do what', () => {
  /** Generated from the running server: each route and procedure, for each kind of caller (S3). */
  it('follows the declared permissions, everywhere (S3)', async () => {
    const agent = await agentToken()
    const session = await cookie()
    const callers: Record<string, Record<string, string>> = {
      nobody: { origin: house.url },
      'wrong token': { authorization: 'Bearer wrong' },
      'wrong cookie': { cookie: `${session}x`, origin: house.url },
      agent: { authorization: `Bearer ${agent}` },
      session: { cookie: session, origin: house.url },
      local: { authorization: `Bearer ${house.hub.localToken()}` },
    }
    const matrix: string[] = []
    const sha = '0'.repeat(64)
    const targets = [
      ...house.hub.routes
        .filter(r => r.permission !== 'procedure' && r.permission !== 'public')
        .map(r => ({
          name: r.name,
          method: r.method,
          path:
            r.name
              .split(' ')[1]
              ?.replace('<sha256>', sha)
              .replace('<id>', 'e1')
              .replace('<path>', 'a')
              .replace('<stream>', 'stdout') ?? '',
          body: '',
        })),
      ...Object.entries(appRouter._def.procedures).map(([name, p]) => ({
        name,
        method: (p as unknown as { _def: { type: string } })._def.type === 'query' ? 'GET' : 'POST',
        path: `/api/trpc/${name}`,
        body: '{}',
      })),
    ]
    for (const target of targets) {
      const row: string[] = []
      for (const [who, headers] of Object.entries(callers)) {
        // Signing out for real would end the session that the next rows use.
        if (target.name === 'hub.signOut' && who === 'session') continue
        const { status } = await raw(house.url + target.path, {
          method: target.method,
          headers: { ...headers, 'content-type': 'application/json' },
          ...(target.method === 'GET' ? {} : { body: target.body }),
        })
        row.push(`${who} ${status === 401 || status === 403 ? status : 'in'}`)
      }
      matrix.push(`${target.name}: ${row.join(', ')}`)
    }
    await expect(`${matrix.sort().join('\n')}\n`).toMatchFileSnapshot('../../testdata/permissions.txt')
    for (const line of matrix) {
      expect(line).toContain('nobody 401')
      expect(line).toContain('wrong token 401')
      expect(line).toContain('local in')
      if (!line.startsWith('GET /api/blobs')) expect(line).toContain('agent 403')
    }
  })

  it('does not start with a procedure that declares no permission (S3)', () => {
    const bare = router({ naked: bareProcedure.query(() => 1) })
    expect(() => assertPermissions(bare)).toThrow('no permission is declared for: naked')
    expect(() => assertPermissions(appRouter)).not.toThrow()
  })

  it('lets viewers look but not change', async () => {
    const { store } = house.hub.services
    const viewer = await store.createUser({ name: 'guest', role: 'viewer' })
    const { secret } = await store.createToken({ kind: 'api', user: viewer.id })
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
    expect((await raw(`${house.url}/api/trpc/hub.status`, { headers })).status).toBe(200)
    const join = await raw(`${house.url}/api/trpc/agents.joinToken`, { method: 'POST', headers, body: '{}' })
    expect(join.status).toBe(403)
  })

  it('answers 404 for what is under /api but not there, and never passes it to the pages', async () => {
    expect((await raw(`${house.url}/api/nothing`)).status).toBe(404)
    expect((await raw(`${house.url}/api/sign-in`)).status).toBe(405)
  })
})

describe('host and origin (S4)', () => {
  it.each(['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1@evil', '[::2]'])(
    'does not answer to the name %j',
    async name => {
      const answer = await raw(`${house.url}/healthz`, { headers: { host: name } })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toContain('"ok":true')
    },
  )

  it.each(['localhost:5', '127.0.0.1', '[::1]:80', 'LOCALHOST'])('answers to %j', async name => {
    expect((await raw(`${house.url}/healthz`, { headers: { host: name } })).status).toBe(200)
  })

  it('takes no change from another site, or from none, with a cookie', async () => {
    const session = await cookie()
    const post = (headers: Record<string, string>) =>
      raw(`${house.url}/api/trpc/agents.joinToken`, {
        method: 'POST',
        headers: { cookie: session, 'content-type': 'application/json', ...headers },
        body: '{}',
      })
    expect((await post({ origin: house.url })).status).toBe(200)
    expect((await post({})).status).toBe(403)
    expect((await post({ origin: 'null' })).status).toBe(403)
    expect((await post({ origin: 'http://evil.example' })).status).toBe(403)
    expect((await post({ origin: `https://${host()}` })).status).toBe(403)
    expect((await post({ origin: 'http://127.0.0.1:1' })).status).toBe(403)
  })

  it('answers other sites not even to reads', async () => {
    const headers = { cookie: await cookie(), origin: 'http://evil.example' }
    expect((await raw(`${house.url}/api/trpc/hub.status`, { headers })).status).toBe(403)
  })

  it('sends a strict policy, with a new nonce each time (S6)', async () => {
    const one = await raw(`${house.url}/`)
    const two = await raw(`${house.url}/`)
    const policy = String(one.headers['content-security-policy'])
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}' 'strict-dynamic';/)
    expect(policy).not.toContain("'unsafe-eval'")
    expect(policy).not.toBe(two.headers['content-security-policy'])
    expect(one.headers['x-content-type-options']).toBe('nosniff')
  })
})

describe('handshakes', () => {
  const dial = (path: string, auth: object, headers: Record<string, string> = {}): Promise<string> =>
    new Promise(resolve => {
      const socket = io(house.url, {
        path,
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth,
        extraHeaders: headers,
      })
      const done = (how: string) => {
        socket.disconnect()
        resolve(how)
      }
      socket.once('connect', () => done('in'))
      socket.once('connect_error', (error: Error & { data?: { code?: string } }) => done(error.data?.code ?? 'cut'))
    })

  it('of agents need a token of an agent, or one to join', async () => {
    const token = await agentToken()
    const join = (await house.api.agents.joinToken.mutate()).token
    for (const [path, given, expected] of [
      [AGENT_PATH, token, 'in'],
      [UPLOAD_PATH, token, 'in'],
      [AGENT_PATH, join, 'in'],
      [UPLOAD_PATH, join, 'UNAUTHENTICATED'],
      [AGENT_PATH, house.hub.localToken(), 'UNAUTHENTICATED'],
      [AGENT_PATH, 'wrong', 'UNAUTHENTICATED'],
      // Of a hub that has lost its data, say: the agent keeps its trials.
      [AGENT_PATH, 'fl_agent_neverGiven', 'UNKNOWN'],
      [AGENT_PATH, undefined, 'UNAUTHENTICATED'],
      [UPLOAD_PATH, 7, 'UNAUTHENTICATED'],
    ] as const) {
      expect([path, await dial(path, { token: given })]).toEqual([path, expected])
    }
  })

  it('of pages need a session and their own origin', async () => {
    const session = await cookie()
    expect(await dial(LIVE_PATH, {}, { cookie: session, origin: house.url })).toBe('in')
    expect(await dial(LIVE_PATH, {}, { origin: house.url })).toBe('UNAUTHENTICATED')
    expect(await dial(LIVE_PATH, {}, { cookie: session })).toBe('cut')
    expect(await dial(LIVE_PATH, {}, { cookie: session, origin: 'http://evil.example' })).toBe('cut')
    expect(await dial(LIVE_PATH, { token: house.hub.localToken() })).toBe('in')
    expect(await dial(LIVE_PATH, { token: await agentToken() })).toBe('UNAUTHENTICATED')
  })

  it('with a foreign origin or host are cut on every path', async () => {
    const token = await agentToken()
    for (const path of [AGENT_PATH, UPLOAD_PATH, LIVE_PATH]) {
      expect(await dial(path, { token }, { origin: 'http://evil.example' })).toBe('cut')
      expect(await dial(path, { token }, { host: 'evil.example' })).toBe('cut')
    }
  })

  it('with one wrong token again and again are not listened to, and shut nobody else out (S11)', async () => {
    const token = await agentToken()
    for (let i = 0; i < 20; i++) await dial(AGENT_PATH, { token: 'wrong' })
    expect(await dial(AGENT_PATH, { token: 'wrong' })).toBe('BUSY')
    expect(await dial(AGENT_PATH, { token })).toBe('in')
    ahead = 60_001
    expect(await dial(AGENT_PATH, { token: 'wrong' })).toBe('UNAUTHENTICATED')
  })

  it('with ever other wrong tokens are cut for the whole address, for a minute (S11)', async () => {
    await house.close()
    house = await openHouse({ clock, limits: { tries_per_minute: 1 } })
    const token = await agentToken()
    for (let i = 0; i < 50; i++) await dial(AGENT_PATH, { token: `wrong ${i}` })
    expect(await dial(AGENT_PATH, { token })).toBe('cut')
    ahead += 60_001
    expect(await dial(AGENT_PATH, { token })).toBe('in')
  })
})

describe('the audit log', () => {
  const rows = async () => [...(await house.hub.services.store.auditLog({ limit: 50 }))].reverse()

  it('has uploads, downloads, refusals and agents that connect: who, what, from where, with what result (S12)', async () => {
    const agent = await agentToken()
    const local = { authorization: `Bearer ${house.hub.localToken()}` }
    const body = 'content'
    const sha = createHash('sha256').update(body).digest('hex')
    const path = `/api/blobs/${sha}`
    expect((await raw(house.url + path, { method: 'PUT', headers: local, body })).status).toBe(201)
    expect((await raw(house.url + path, { headers: local })).status).toBe(200)
    expect((await raw(house.url + path, { headers: { authorization: `Bearer ${agent}` } })).status).toBe(200)
    expect(
      (await raw(house.url + path, { method: 'PUT', headers: { authorization: `Bearer ${agent}` }, body })).status,
    ).toBe(403)
    expect((await raw(house.url + path, { headers: { origin: house.url } })).status).toBe(401)
    const socket = io(house.url, {
      path: AGENT_PATH,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token: 'wrong' },
    })
    await new Promise(resolve => socket.once('connect_error', resolve))
    const found = await rows()
    const brief = found.map(({ who, what, result }) => `${who.split(':')[0]} ${what} ${result}`)
    const me = found.find(row => row.what === `PUT ${path}`)?.who
    for (const line of [
      `${me} PUT ${path} ok`,
      `${me} GET ${path} ok`,
      `agent PUT ${path} not with this kind of token`,
      `- GET ${path} sign in first`,
      '- agent connects the token is unknown, spent or revoked',
    ])
      expect(brief).toContain(line)
    expect(brief.some(line => /^agent join as one ok$/.test(line))).toBe(true)
    expect(found.every(row => row.from !== '')).toBe(true)
    // What an agent fetches is work, not an act.
    expect(brief).not.toContain(`agent GET ${path} ok`)
    expect(JSON.stringify(found)).not.toContain(agent)
  })

  it('is not filled by whoever is refused again and again (S11, S12)', async () => {
    for (let i = 0; i < 40; i++) await raw(`${house.url}/api/blobs/${'0'.repeat(64)}`)
    expect((await rows()).filter(row => row.result === 'sign in first').length).toBe(20)
  })
})

describe('revoking an agent', () => {
  it('ends its connections at once, and lets it in no more (S2)', async () => {
    const { token } = await house.api.agents.joinToken.mutate()
    const agent = new FakeAgent({ url: house.url, token })
    const { agent: id } = await agent.connect()
    await agent.put('blob-begin', { sha256: '1'.repeat(64), size: 1 })
    const gone = Promise.all(
      [agent.socket, agent.uploads].map(socket => new Promise(resolve => socket?.once('disconnect', resolve))),
    )
    const other = new FakeAgent({
      url: house.url,
      token: (await house.api.agents.joinToken.mutate()).token,
      name: 'other',
    })
    await other.connect()
    await house.api.agents.revoke.mutate({ id })
    await gone
    await expect(agent.connect()).rejects.toMatchObject({ data: { code: 'UNAUTHENTICATED' } })
    // Nor by the join token that it spent, which repeats a join whose answer was lost.
    const again = new FakeAgent({ url: house.url, token })
    await expect(again.connect()).rejects.toThrow()
    expect(other.socket?.connected).toBe(true)
    other.close()
  })
})

describe('joining', () => {
  it('works once for each token, and binds the agent to its own', async () => {
    const { token } = await house.api.agents.joinToken.mutate()
    const first = new FakeAgent({ url: house.url, token, name: 'first' })
    const hello = await first.connect()
    expect(hello.token).toMatch(/^fl_agent_/)
    const thief = new FakeAgent({ url: house.url, token, name: 'thief' })
    await expect(thief.connect()).rejects.toThrow()
    first.cut()
    expect((await first.connect()).token).toBeNull()
    const liar = new FakeAgent({ url: house.url, token: first.token, name: 'first' })
    liar.id = 'asomebodyelse'
    first.cut()
    await expect(liar.connect()).rejects.toMatchObject({ refusal: { code: 'FORBIDDEN' } })
  })

  it('may be repeated by the same machine when the answer was lost', async () => {
    const { token } = await house.api.agents.joinToken.mutate()
    const first = new FakeAgent({ url: house.url, token, name: 'lossy' })
    const { agent } = await first.connect()
    first.cut()
    const again = new FakeAgent({ url: house.url, token, name: 'lossy' })
    expect((await again.connect()).agent).toBe(agent)
    again.cut()
    ahead = 60_001
    await expect(new FakeAgent({ url: house.url, token, name: 'lossy' }).connect()).rejects.toThrow()
  })

  it('refuses a name that a connected agent has, and tells what to do', async () => {
    const join = async () => (await house.api.agents.joinToken.mutate()).token
    const first = new FakeAgent({ url: house.url, token: await join(), name: 'same' })
    await first.connect()
    const second = new FakeAgent({ url: house.url, token: await join(), name: 'same' })
    await expect(second.connect()).rejects.toMatchObject({ refusal: { code: 'FORBIDDEN', message: /--name/ } })
    first.close()
    second.close()
  })

  it('is refused with the command to run when the protocols differ', async () => {
    const { token } = await house.api.agents.joinToken.mutate()
    const agent = new FakeAgent({ url: house.url, token })
    const hello = agent.hello()
    agent.hello = () => ({ ...hello, version: 99 })
    await expect(agent.connect()).rejects.toMatchObject({
      refusal: { code: 'VERSION', command: expect.stringContaining(`--hub ${house.url}`) },
    })
    agent.close()
  })
})
