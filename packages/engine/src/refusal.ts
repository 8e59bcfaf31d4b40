/** Why an event does not fit. A refused event changes nothing; the hub answers the agent or the person with it. */
export interface Refusal {
  /** FENCED: of an attempt that is no longer the newest, or was given up. UNKNOWN: no such row. ILLEGAL: not in this state. */
  readonly code: 'FENCED' | 'UNKNOWN' | 'ILLEGAL'
  readonly why: string
}

export const unknown = (what: string): Refusal => ({ code: 'UNKNOWN', why: `${what} is not known` })
export const illegal = (why: string): Refusal => ({ code: 'ILLEGAL', why })
export const fenced = (why: string): Refusal => ({ code: 'FENCED', why })
