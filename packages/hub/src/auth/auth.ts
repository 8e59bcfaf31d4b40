/**
 * Tokens, cookies and sign-in (S1, S2) on top of the store's named reads and writes. Called by HTTP routes, tRPC's context
 * and the socket handshakes. It never logs a token; every refusal and every token made leaves an audit row (S12).
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { userInfo } from 'node:os'
import type { Auth as AuthStore } from '@flambe/store'
import type { Clock } from '../clock.ts'
import type { Limits } from '../limits.ts'
import type { Identity, UserIdentity } from './identity.ts'
import type { Secret } from './secret.ts'

export interface Auth {
  /** By `Authorization: Bearer`, else by the session cookie; null = nobody known. */
  identify(req: IncomingMessage): Promise<Identity | null>
  /** For the handshake of agents. */
  /** An agent's token that this hub never gave: it has lost its data, or serves another folder. */
  isStranger(token: unknown): Promise<boolean>
  identifyAgent(
    token: unknown,
  ): Promise<{ readonly kind: 'agent'; readonly agent: string } | { readonly kind: 'join' } | null>
  /** One-time code for `/sign-in#<code>`. */
  signInCode(): Promise<string>
  /** Spends the code; the value for `Set-Cookie`, or null. */
  signIn(code: string, from: string): Promise<string | null>
  signOut(identity: UserIdentity): Promise<string>
  joinToken(by: UserIdentity): Promise<{ readonly token: string; readonly expires: number }>
  /**
   * Trades a join token for an agent and its token. `machine` tells one process from another: the same one may ask again
   * within a minute, when the answer was lost on its way, and gets the same agent with a new token.
   */
  join(
    token: string,
    agent: () => string,
    machine: string,
  ): Promise<{ readonly agent: string; readonly token: string } | null>
  /** The agent that a join token was traded for within the last minute. */
  joinedAs(token: string): string | null
  /** Whether some token still stands for the agent: none does once it was revoked. */
  holdsToken(agent: string): Promise<boolean>
  /** Takes all tokens of an agent back, and the repeat of its join with them: only a new join token lets it in again. */
  revokeAgent(agent: string): Promise<void>
  audit(who: Identity | null, what: string, from: string, result: string): Promise<void>
  readonly owner: UserIdentity
}

/** How long a lost answer to a join may be asked for again, ms. */
const AGAIN = 60_000

/** `secure`: people reach the hub over https, so that a browser must not send the cookie any other way. */
export async function createAuth(
  store: AuthStore,
  secret: Secret,
  clock: Clock,
  limits: Limits,
  secure: boolean,
): Promise<Auth> {
  const cookie = `flambe_${secret.hub}`
  const setCookie = (value: string, life: number) =>
    `${cookie}=${value}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}; Max-Age=${Math.floor(life / 1_000)}`
  const owner = await firstUser(store)
  const local: UserIdentity = { kind: 'user', ...owner, via: 'local', token: null }
  const joined = new Map<string, { readonly agent: string; readonly machine: string; readonly at: number }>()

  const audit: Auth['audit'] = (who, what, from, result) => {
    const name = who === null ? '-' : who.kind === 'user' ? who.name : `agent:${who.agent}`
    return store.audit({ who: name, what, from, result })
  }

  const byToken = async (token: string, kinds: readonly ('api' | 'session' | 'agent')[]): Promise<Identity | null> => {
    if (secret.isLocal(token)) return local
    const found = await store.checkToken(token, kinds)
    if (found === null) return null
    if (found.kind === 'agent') return found.agent === null ? null : { kind: 'agent', agent: found.agent }
    if (found.user === null) return null
    const { id, name, role } = found.user
    return { kind: 'user', id, name, role, via: found.kind === 'session' ? 'session' : 'api', token: found.token }
  }

  const again = (token: string) => {
    for (const [key, entry] of joined) if (clock.steady() - entry.at > AGAIN) joined.delete(key)
    return joined.get(digest(token)) ?? null
  }

  return {
    owner: local,
    audit,
    identify: async req => {
      const header = req.headers.authorization
      if (header !== undefined) {
        const token = /^Bearer ([A-Za-z0-9_.~+/=-]{1,500})$/.exec(header)?.[1]
        return token === undefined ? null : await byToken(token, ['api', 'agent'])
      }
      const value = cookieValue(req.headers.cookie, cookie)
      return value === null ? null : await byToken(value, ['session'])
    },
    identifyAgent: async token => {
      if (typeof token !== 'string' || token.length > 500) return null
      if (again(token) !== null) return { kind: 'join' }
      const found = await store.checkToken(token, ['agent', 'join'])
      if (found === null) return null
      if (found.kind === 'join') return { kind: 'join' }
      return found.agent === null ? null : { kind: 'agent', agent: found.agent }
    },
    isStranger: async token =>
      typeof token === 'string' &&
      /^fl_agent_/.test(token.slice(0, 500)) &&
      !(await store.knowsToken(token.slice(0, 500))),
    signInCode: async () => {
      const expires = clock.wall() + limits.code_life
      return (await store.createToken({ kind: 'code', user: owner.id, label: 'sign-in link', expires })).secret
    },
    signIn: async (code, from) => {
      const expires = clock.wall() + limits.session_life
      const traded = await store.tradeToken(code, 'code', { kind: 'session', label: 'browser', expires })
      const user = traded?.identity.user ?? null
      await store.audit({ who: user?.name ?? '-', what: 'sign in', from, result: traded === null ? 'refused' : 'ok' })
      if (traded === null) return null
      return setCookie(traded.secret, limits.session_life)
    },
    signOut: async identity => {
      if (identity.token !== null) await store.revokeToken(identity.token)
      return setCookie('', 0)
    },
    joinToken: async by => {
      const expires = clock.wall() + limits.join_life
      const made = await store.createToken({ kind: 'join', user: by.id, label: 'join', expires })
      return { token: made.secret, expires }
    },
    holdsToken: async agent =>
      (await store.tokens({ kind: 'agent' })).some(token => token.agent === agent && token.revoked === null),
    revokeAgent: async agent => {
      for (const [key, known] of joined) if (known.agent === agent) joined.delete(key)
      await store.revokeTokens({ agent })
    },
    joinedAs: token => again(token)?.agent ?? null,
    join: async (token, mint, machine) => {
      const before = again(token)
      if (before !== null) {
        if (before.machine !== machine) return null
        await store.revokeTokens({ agent: before.agent })
        const made = await store.createToken({ kind: 'agent', agent: before.agent, label: machine })
        return { agent: before.agent, token: made.secret }
      }
      const agent = mint()
      const traded = await store.tradeToken(token, 'join', { kind: 'agent', agent, label: machine })
      if (traded === null) return null
      joined.set(digest(token), { agent, machine, at: clock.steady() })
      return { agent, token: traded.secret }
    },
  }
}

async function firstUser(store: AuthStore) {
  const found = (await store.users()).find(u => u.role === 'admin')
  const { id, name, role } = found ?? (await store.createUser({ name: ownName(), role: 'admin' }))
  return { id, name, role }
}

/** The name of the account that runs the hub: what `user` of its experiments says. */
function ownName(): string {
  try {
    return userInfo().username
  } catch {
    return 'owner' // no entry in the system's list of users, as in some containers
  }
}

function cookieValue(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return null
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
