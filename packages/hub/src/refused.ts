/**
 * A refusal on its way to whoever asked: thrown inside handlers, turned into `{ok: false, refusal}` by the socket wrapper,
 * into a status code by HTTP routes and into a tRPC error by procedures. Anything else that is thrown is a bug.
 */
import type { Refusal, RefusalCode } from '@flambe/protocol'
import { StoreError } from '@flambe/store'

export class Refused extends Error {
  readonly refusal: Refusal
  constructor(code: RefusalCode, message: string, more: { readonly after?: number; readonly command?: string } = {}) {
    super(message)
    this.name = 'Refused'
    this.refusal = { code, message, ...more }
  }
}

const STATUS: { readonly [C in RefusalCode]: number } = {
  MALFORMED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  FENCED: 409,
  UNKNOWN: 404,
  VERSION: 426,
  CONFLICT: 409,
  TOO_LARGE: 413,
  BUSY: 503,
  DISK_FULL: 507,
  STARTING: 503,
  INCOMPLETE: 425,
}

export const statusOf = (code: RefusalCode): number => STATUS[code]

/** What the store said, as a refusal; null for what is none (a bug, or a disk that failed). */
export function fromStore(error: unknown): Refused | null {
  if (!(error instanceof StoreError)) return null
  switch (error.code) {
    case 'DISK_FULL':
      return new Refused('DISK_FULL', error.message, { after: 10_000 })
    case 'UNKNOWN':
      return new Refused('UNKNOWN', error.message)
    case 'INVALID':
      return new Refused('MALFORMED', error.message)
    case 'INCOMPLETE':
      return new Refused('INCOMPLETE', error.message, { after: 0 })
    case 'MISMATCH':
      return new Refused('CONFLICT', error.message)
    case 'TOO_LARGE':
      return new Refused('TOO_LARGE', error.message)
    case 'CLOSED':
      return new Refused('STARTING', 'the hub is closing', { after: 2_000 })
    default:
      return null
  }
}
