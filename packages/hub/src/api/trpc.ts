/**
 * tRPC's one instance. `procedure(permission)` is the only way to make one, so each has a permission in its meta, and
 * `assertPermissions` looks again over the finished router: one without does not start (S3).
 */

import type { Refusal, RefusalCode } from '@flambe/protocol'
import { initTRPC, TRPCError } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc'
import { may, type Permission, type UserIdentity } from '../auth/identity.ts'
import { fromStore, Refused } from '../refused.ts'
import type { ApiContext } from './context.ts'

export interface Meta {
  readonly permission: Permission
}

const t = initTRPC
  .context<ApiContext>()
  .meta<Meta>()
  .create({
    // Stacks and the insides of bugs stay in the log (S10); what a refusal says goes out whole.
    errorFormatter: ({ shape, error }) => {
      const refusal: Refusal | null = error.cause instanceof Refused ? error.cause.refusal : null
      const internal = error.code === 'INTERNAL_SERVER_ERROR' && refusal === null
      const { code, httpStatus } = shape.data
      const path = 'path' in shape.data ? shape.data.path : undefined
      return {
        ...shape,
        message: internal ? 'the hub failed on this request' : shape.message,
        data: { code, httpStatus, path, refusal },
      }
    },
  })

export const router = t.router

const CODES: { readonly [C in RefusalCode]: TRPC_ERROR_CODE_KEY } = {
  MALFORMED: 'BAD_REQUEST',
  UNAUTHENTICATED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  FENCED: 'CONFLICT',
  UNKNOWN: 'NOT_FOUND',
  VERSION: 'PRECONDITION_FAILED',
  CONFLICT: 'CONFLICT',
  TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  BUSY: 'SERVICE_UNAVAILABLE',
  DISK_FULL: 'SERVICE_UNAVAILABLE',
  STARTING: 'SERVICE_UNAVAILABLE',
  INCOMPLETE: 'PRECONDITION_FAILED',
}

/** Every procedure starts here. `operate` leaves an audit row. */
export const procedure = (permission: Exclude<Permission, 'public'>) =>
  t.procedure.meta({ permission }).use(async ({ ctx, meta, next, path, type }) => {
    const identity = ctx.identity
    if (identity === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'sign in first' })
    if (identity.kind !== 'user' || !may(identity, meta?.permission ?? 'operate')) {
      await ctx.hub.auth.audit(identity, path, ctx.from, 'refused')
      throw new TRPCError({ code: 'FORBIDDEN', message: 'not with this kind of token' })
    }
    const result = await next({ ctx: { ...ctx, identity: identity satisfies UserIdentity } })
    if (type === 'mutation') {
      await ctx.hub.auth.audit(identity, path, ctx.from, result.ok ? 'ok' : result.error.message.slice(0, 200))
    }
    if (result.ok) return result
    const cause = result.error.cause
    const refused = cause instanceof Refused ? cause : fromStore(cause)
    if (refused === null) return result
    throw new TRPCError({ code: CODES[refused.refusal.code], message: refused.message, cause: refused })
  })

/** Throws with the names of procedures that declare no permission. */
export function assertPermissions(of: { readonly _def: { readonly procedures: object } }): void {
  const bare = Object.entries(of._def.procedures)
    .filter(([, p]) => (p as { _def?: { meta?: Partial<Meta> } })._def?.meta?.permission === undefined)
    .map(([name]) => name)
  if (bare.length > 0) throw new Error(`no permission is declared for: ${bare.join(', ')}`)
}

/** The same instance without the permission, so that a test can show that the check fails. */
export const bareProcedure = t.procedure
