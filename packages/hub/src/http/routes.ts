/**
 * The table of HTTP routes. A route without a permission does not compile, and one that matches nothing here is not the
 * hub's (S3). `http/handle.ts` checks host, origin and permission before it calls `run`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Identity, Permission } from '../auth/identity.ts'

export interface Request {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly url: URL
  readonly identity: Identity | null
  readonly from: string
  /** Groups of the route's path, decoded. */
  readonly params: readonly string[]
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | '*'
  readonly path: RegExp
  /** `reader`: any user, or an agent. `procedure`: each tRPC procedure checks for itself. */
  readonly permission: Permission | 'reader' | 'procedure'
  /** For the list of routes in the docs and the authorisation test. */
  readonly name: string
  /** Leaves an audit row when it was done, too (S12); refusals always do. For people only: what agents fetch is work. */
  readonly audit?: true
  readonly run: (request: Request) => Promise<void> | void
}
