/**
 * Who may talk to the hub. Secrets are 256 random bits, made here, told once, kept as SHA-256 and compared in constant time
 * (S2). The store knows identities; permissions are the hub's business.
 */

export type TokenKind =
  | 'session' // a person's browser; cookie
  | 'api' // a person's command line
  | 'code' // one-time sign-in; single use
  | 'join' // a machine joins; single use, traded for an agent token
  | 'agent'

export interface User {
  readonly id: string
  readonly name: string
  readonly role: 'admin' | 'viewer'
  readonly created: number
}

/** What a valid token stands for. */
export interface Identity {
  readonly token: string
  readonly kind: TokenKind
  readonly user: User | null
  readonly agent: string | null
}

/** A token without its secret. */
export interface TokenInfo {
  readonly id: string
  readonly kind: TokenKind
  readonly user: string | null
  readonly agent: string | null
  readonly label: string
  readonly created: number
  readonly expires: number | null
  readonly used: number | null
  readonly revoked: number | null
}

export interface NewToken {
  readonly kind: TokenKind
  /** User id, for session, api and code; who made it, for join. */
  readonly user?: string
  readonly agent?: string
  readonly label?: string
  /** ms since the epoch; null or left out = never. */
  readonly expires?: number | null
}

export interface AuditEntry {
  /** User name, `agent:<id>`, or `-` for nobody known. */
  readonly who: string
  readonly what: string
  /** Address it came from. */
  readonly from: string
  readonly result: string
}

export interface Auth {
  createUser(user: { readonly name: string; readonly role: User['role'] }): Promise<User>
  users(): Promise<readonly User[]>
  /** `secret` is told this once. */
  createToken(token: NewToken): Promise<{ readonly id: string; readonly secret: string }>
  /** The identity behind a secret of one of these kinds; null when unknown, expired, revoked or already spent. */
  checkToken(secret: string, kinds: readonly TokenKind[]): Promise<Identity | null>
  /** Whether it was ever made here, revoked and spent ones included. */
  knowsToken(secret: string): Promise<boolean>
  /**
   * Spends a single-use secret and makes the lasting one in the same transaction: code -> session or api of the same user,
   * join -> agent. Null when the first is not valid; of two that race, one wins.
   */
  tradeToken(
    secret: string,
    kind: 'code' | 'join',
    next: Omit<NewToken, 'user'>,
  ): Promise<{ readonly id: string; readonly secret: string; readonly identity: Identity } | null>
  revokeToken(id: string): Promise<void>
  /** All tokens of an agent, or of a user. */
  revokeTokens(of: { readonly agent: string } | { readonly user: string }): Promise<void>
  tokens(filter?: { readonly kind?: TokenKind; readonly user?: string }): Promise<readonly TokenInfo[]>
  /** Removes what expired, was spent or revoked before `before`. */
  forgetTokens(before: number): Promise<void>
  audit(entry: AuditEntry): Promise<void>
  /** Newest first. */
  auditLog(query: {
    readonly limit: number
    readonly before?: number
  }): Promise<readonly (AuditEntry & { readonly id: number; readonly time: number })[]>
}
