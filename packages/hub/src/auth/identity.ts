/** Who is asking: what a token or cookie was found to mean. Handlers and procedures see only this, never the token (S2). */
export type Identity = UserIdentity | AgentIdentity

export interface UserIdentity {
  readonly kind: 'user'
  /** Id and name of the user. */
  readonly id: string
  readonly name: string
  readonly role: 'admin' | 'viewer'
  readonly via: 'session' | 'api' | 'local'
  /** Row of the token, for signing out; null for the local token. */
  readonly token: string | null
}

export interface AgentIdentity {
  readonly kind: 'agent'
  readonly agent: string
}

/** `public`: anybody. `view`: any user. `operate`: users who may change things. */
export type Permission = 'public' | 'view' | 'operate'

export function may(identity: Identity | null, permission: Permission): boolean {
  if (permission === 'public') return true
  if (identity === null || identity.kind !== 'user') return false
  return permission === 'view' || identity.role === 'admin'
}
