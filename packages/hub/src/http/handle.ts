/**
 * Every request of the one port comes here first: host, origin, headers, then the route table. What is not the hub's is
 * left to the pages, with the same checks done. Nothing that a client sends may throw out of here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AGENT_PATH, LIVE_PATH, UPLOAD_PATH } from '@flambe/protocol'
import type { Auth } from '../auth/auth.ts'
import type { Gate } from '../auth/gate.ts'
import { type Identity, may } from '../auth/identity.ts'
import type { Rate } from '../auth/rate.ts'
import { fromStore, Refused, statusOf } from '../refused.ts'
import { sendJson, setHeaders } from './headers.ts'
import type { Route } from './routes.ts'

export interface HandleOptions {
  readonly auth: Auth
  readonly gate: Gate
  readonly rate: Rate
  readonly routes: readonly Route[]
  readonly dev: boolean
  readonly onError: (error: unknown) => void
}

const SOCKETS = [AGENT_PATH, UPLOAD_PATH, LIVE_PATH].map(path => `${path}/`)

/** True when the request was the hub's, answered or about to be. */
export function createHandle(options: HandleOptions): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const { gate } = options
  return async (req, res) => {
    const target = req.url ?? '/'
    // Socket.IO has its own request listener on the same server, with checks of its own.
    if (SOCKETS.some(path => target.startsWith(path))) return true
    setHeaders(req, res, options.dev)
    const { host, origin, authorization } = req.headers
    if (!gate.hostAllowed(host)) {
      sendJson(res, 421, { error: 'this hub does not answer to that name; start it with --allow-host NAME' })
      return true
    }
    const reads = req.method === 'GET' || req.method === 'HEAD'
    if (!gate.originAllowed(origin, host, reads || authorization !== undefined)) {
      sendJson(res, 403, { error: 'the request comes from another site' })
      return true
    }
    const url = URL.canParse(target, 'http://hub') ? new URL(target, 'http://hub') : null
    if (url === null) {
      sendJson(res, 400, { error: 'malformed address' })
      return true
    }
    try {
      return await dispatch(req, res, url)
    } catch (error) {
      const refused = error instanceof Refused ? error : fromStore(error)
      // Who went away in the middle of a download is no bug.
      if (refused === null && !req.socket.destroyed) options.onError(error)
      if (refused?.refusal.after !== undefined) res.setHeader('Retry-After', Math.ceil(refused.refusal.after / 1_000))
      const status = refused === null ? 500 : statusOf(refused.refusal.code)
      // The rest of a refused body is not read: the connection cannot be used again.
      if (!req.complete) res.setHeader('Connection', 'close')
      sendJson(res, status, {
        error: refused?.message ?? 'the hub failed on this request',
        code: refused?.refusal.code,
      })
      return true
    }
  }

  function audit(who: Identity | null, what: string, from: string, result: string): void {
    options.auth.audit(who, what, from, result).catch(options.onError)
  }

  async function dispatch(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean> {
    const method = req.method === 'HEAD' ? 'GET' : req.method
    let other = false
    for (const route of options.routes) {
      const match = route.path.exec(url.pathname)
      if (match === null) continue
      if (route.method !== '*' && route.method !== method) {
        other = true
        continue
      }
      const identity = route.permission === 'public' ? null : await options.auth.identify(req)
      const from = req.socket.remoteAddress ?? '-'
      const note = (result: string) => audit(identity, `${req.method} ${url.pathname.slice(0, 300)}`, from, result)
      try {
        permit(route, identity)
      } catch (error) {
        // As many as an address may be refused at all: nobody can fill the log.
        if (options.rate.open(`refused ${from}`)) note((error as Error).message)
        options.rate.failed(`refused ${from}`)
        throw error
      }
      const params = match.slice(1).map(decode)
      await route.run({ req, res, url, identity, from, params })
      if (route.audit && identity?.kind === 'user') note('ok')
      return true
    }
    if (other) sendJson(res, 405, { error: 'this address takes another method' })
    else if (url.pathname.startsWith('/api/')) sendJson(res, 404, { error: 'no such address' })
    else return false
    return true
  }
}

function permit(route: Route, identity: Identity | null): void {
  if (route.permission === 'public' || route.permission === 'procedure') return
  if (identity === null) throw new Refused('UNAUTHENTICATED', 'sign in first')
  const allowed = route.permission === 'reader' ? true : may(identity, route.permission)
  if (!allowed) throw new Refused('FORBIDDEN', 'not with this kind of token')
}

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '')
  } catch {
    throw new Refused('MALFORMED', 'malformed address')
  }
}
