import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { folder, opened } from './testing/sample.ts'

describe('tokens', () => {
  it('S2: stands for a user until it is revoked, and is nowhere in the file', async () => {
    const dir = folder()
    const store = await opened(dir)
    const ada = await store.createUser({ name: 'ada', role: 'admin' })
    const { id, secret } = await store.createToken({ kind: 'api', user: ada.id, label: 'laptop' })
    expect(await store.checkToken(secret, ['session', 'api'])).toEqual({
      token: id,
      kind: 'api',
      user: ada,
      agent: null,
    })
    expect(await store.checkToken(secret, ['agent'])).toBeNull()
    expect(await store.checkToken(`${secret}x`, ['api'])).toBeNull()
    const bits = secret.slice('fl_api_'.length)
    expect(Buffer.from(bits, 'base64url').length).toBe(32)
    const raw = new Database(join(dir, 'store.sqlite'), { readonly: true })
    expect(JSON.stringify(raw.prepare('SELECT * FROM tokens').all())).not.toContain(bits)
    raw.close()
    await store.revokeToken(id)
    expect(await store.checkToken(secret, ['api'])).toBeNull()
    expect(await store.tokens({ kind: 'api' })).toMatchObject([{ id, label: 'laptop', revoked: expect.any(Number) }])
  })

  it('ends at its expiry, and says when it was last used', async () => {
    let now = 100_000
    const store = await opened(folder(), { now: () => now })
    const { secret } = await store.createToken({ kind: 'session', expires: 300_000 })
    now = 200_000
    expect(await store.checkToken(secret, ['session'])).not.toBeNull()
    await store.audit({ who: '-', what: 'x', from: 'y', result: 'ok' })
    expect((await store.tokens())[0]?.used).toBe(200_000)
    now = 300_000
    expect(await store.checkToken(secret, ['session'])).toBeNull()
    await store.forgetTokens(300_001)
    expect(await store.tokens()).toEqual([])
  })

  it('S2: trades a join token once, whoever comes first', async () => {
    const store = await opened()
    const { secret } = await store.createToken({ kind: 'join', expires: Date.now() + 60_000 })
    expect(await store.checkToken(secret, ['join'])).toMatchObject({ kind: 'join' })
    const trade = (agent: string) => store.tradeToken(secret, 'join', { kind: 'agent', agent })
    const [first, second] = await Promise.all([trade('a1'), trade('a2')])
    expect(second).toBeNull()
    expect(await store.checkToken(first?.secret ?? '', ['agent'])).toMatchObject({
      kind: 'agent',
      agent: 'a1',
      user: null,
    })
    expect(await store.checkToken(secret, ['join'])).toBeNull()
    await store.revokeTokens({ agent: 'a1' })
    expect(await store.checkToken(first?.secret ?? '', ['agent'])).toBeNull()
  })

  it('trades a sign-in code for a session of the same user', async () => {
    const store = await opened()
    const ada = await store.createUser({ name: 'ada', role: 'viewer' })
    const code = await store.createToken({ kind: 'code', user: ada.id, expires: Date.now() + 60_000 })
    expect(await store.tradeToken(code.secret, 'join', { kind: 'agent', agent: 'a1' })).toBeNull()
    const session = await store.tradeToken(code.secret, 'code', { kind: 'session' })
    expect(await store.checkToken(session?.secret ?? '', ['session'])).toMatchObject({ user: ada })
    await store.revokeTokens({ user: ada.id })
    expect(await store.checkToken(session?.secret ?? '', ['session'])).toBeNull()
  })
})

describe('audit log', () => {
  it('S12: keeps who did what, when, from where, with what result, newest first', async () => {
    const store = await opened(folder(), { now: () => 77 })
    for (const what of ['one', 'two', 'three']) await store.audit({ who: 'ada', what, from: '127.0.0.1', result: 'ok' })
    const page = await store.auditLog({ limit: 2 })
    expect(page.map(e => e.what)).toEqual(['three', 'two'])
    expect(page[0]).toMatchObject({ who: 'ada', from: '127.0.0.1', result: 'ok', time: 77 })
    expect((await store.auditLog({ limit: 2, before: page[1]?.id ?? 0 })).map(e => e.what)).toEqual(['one'])
  })
})
