/**
 * Users, tokens and the audit log (see contract-auth.ts). A secret is found by its SHA-256, then compared in constant time;
 * the secret itself is never stored (S2). `used` is written at most once a minute for each token, and does not hold up the
 * request that it belongs to.
 */

import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { Auth, Identity, NewToken, TokenInfo, TokenKind, User } from './contract-auth.ts'
import { StoreError } from './store-error.ts'
import type { Writer } from './writer.ts'

type TokenRow = TokenInfo & { readonly hash: string }
const USED_EVERY = 60_000

export function authOf(raw: Database.Database, writer: Writer, now: () => number): Auth {
  const addUser = raw.prepare<User>('INSERT INTO users (id, name, role, created) VALUES (@id, @name, @role, @created)')
  const user = raw.prepare<[string], User>('SELECT id, name, role, created FROM users WHERE id = ?')
  const named = raw.prepare<[string], User>('SELECT id, name, role, created FROM users WHERE name = ?')
  const users = raw.prepare<[], User>('SELECT id, name, role, created FROM users ORDER BY created, rowid')
  const addToken = raw.prepare<TokenRow>(`
    INSERT INTO tokens (id, kind, hash, user, agent, label, created, expires, used, revoked)
    VALUES (@id, @kind, @hash, @user, @agent, @label, @created, @expires, @used, @revoked)`)
  const byHash = raw.prepare<[string], TokenRow>('SELECT * FROM tokens WHERE hash = ?')
  const used = raw.prepare<[number, string]>('UPDATE tokens SET used = ? WHERE id = ?')
  const revoke = raw.prepare<[number, string]>('UPDATE tokens SET revoked = ? WHERE id = ? AND revoked IS NULL')
  const revokeAgent = raw.prepare<[number, string]>('UPDATE tokens SET revoked = ? WHERE agent = ? AND revoked IS NULL')
  const revokeUser = raw.prepare<[number, string]>('UPDATE tokens SET revoked = ? WHERE user = ? AND revoked IS NULL')
  const tokens = raw.prepare<{ kind: string | null; user: string | null }, TokenInfo>(`
    SELECT id, kind, user, agent, label, created, expires, used, revoked FROM tokens
    WHERE (@kind IS NULL OR kind = @kind) AND (@user IS NULL OR user = @user) ORDER BY created DESC, rowid DESC`)
  const forget = raw.prepare<{ before: number }>(`
    DELETE FROM tokens WHERE expires < @before OR revoked < @before OR (kind IN ('code', 'join') AND used < @before)`)
  const addAudit = raw.prepare(
    'INSERT INTO audit (time, who, what, "from", result) VALUES (@time, @who, @what, @from, @result)',
  )
  const auditLog = raw.prepare<
    { before: number; limit: number },
    { id: number; time: number; who: string; what: string; from: string; result: string }
  >('SELECT id, time, who, what, "from", result FROM audit WHERE id < @before ORDER BY id DESC LIMIT @limit')

  function mint(token: NewToken): { readonly id: string; readonly secret: string } {
    const secret = `fl_${token.kind}_${randomBytes(32).toString('base64url')}`
    const id = randomUUID()
    addToken.run({
      id,
      kind: token.kind,
      hash: hashOf(secret),
      user: token.user ?? null,
      agent: token.agent ?? null,
      label: token.label ?? '',
      created: now(),
      expires: token.expires ?? null,
      used: null,
      revoked: null,
    })
    return { id, secret }
  }

  function valid(secret: string, kinds: readonly TokenKind[]): TokenRow | null {
    const hash = hashOf(secret)
    const row = byHash.get(hash)
    if (row === undefined || !timingSafeEqual(Buffer.from(row.hash, 'hex'), Buffer.from(hash, 'hex'))) return null
    if (!kinds.includes(row.kind) || row.revoked !== null) return null
    if (row.expires !== null && row.expires <= now()) return null
    return singleUse(row.kind) && row.used !== null ? null : row
  }

  function identity(row: TokenRow): Identity {
    const { id, kind, agent } = row
    return { token: id, kind, user: row.user === null ? null : (user.get(row.user) ?? null), agent }
  }

  return {
    createUser: ({ name, role }) =>
      writer.write(() => {
        if (named.get(name)) throw new StoreError('INVALID', `there is a user ${name} already`)
        const made = { id: randomUUID(), name, role, created: now() }
        addUser.run(made)
        return made
      }),
    users: async () => users.all(),
    createToken: token => writer.write(() => mint(token)),
    async checkToken(secret, kinds) {
      const row = valid(secret, kinds)
      if (row === null) return null
      // A single-use secret is spent by tradeToken alone.
      if (!singleUse(row.kind) && now() - (row.used ?? 0) >= USED_EVERY)
        writer.write(() => used.run(now(), row.id)).catch(ignoreUnwritten)
      return identity(row)
    },
    knowsToken: async secret => byHash.get(hashOf(secret)) !== undefined,
    tradeToken: (secret, kind, next) =>
      writer.write(() => {
        const row = valid(secret, [kind])
        if (row === null) return null
        used.run(now(), row.id)
        const owner = kind === 'code' && row.user !== null ? { user: row.user } : {}
        return { ...mint({ ...next, ...owner }), identity: identity(row) }
      }),
    revokeToken: id => writer.write(() => void revoke.run(now(), id)),
    revokeTokens: of =>
      writer.write(() => void ('agent' in of ? revokeAgent.run(now(), of.agent) : revokeUser.run(now(), of.user))),
    tokens: async (filter = {}) => tokens.all({ kind: filter.kind ?? null, user: filter.user ?? null }),
    forgetTokens: before => writer.write(() => void forget.run({ before })),
    audit: entry => writer.write(() => void addAudit.run({ ...entry, time: now() })),
    auditLog: async ({ limit, before }) => auditLog.all({ limit, before: before ?? Number.MAX_SAFE_INTEGER }),
  }
}

const singleUse = (kind: TokenKind) => kind === 'code' || kind === 'join'

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** "Last used" is only shown: a full or closing store must not refuse a valid token for it. */
function ignoreUnwritten(error: unknown): void {
  if (!(error instanceof StoreError)) throw error
}
