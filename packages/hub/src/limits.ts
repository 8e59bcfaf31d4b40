/**
 * Every number that bounds the hub, in one place (S11). Tests and `createHub({limits})` replace single ones; nothing else
 * in the hub holds a magic number for time or size. Times are ms, sizes bytes.
 */
export const DEFAULT_LIMITS = {
  /** Silence of an agent, on a monotonic clock, until it is called suspect, disconnected, lost (G10). */
  suspect_after: 20_000,
  disconnected_after: 60_000,
  lost_after: 300_000,
  sweep_every: 1_000,
  /** How long the hub waits for an agent's answer to a message from the outbox before it sends it again. */
  ack_timeout: 15_000,
  /**
   * An extension is described by an agent: how long it may take (npm among it), how many agents are asked one after the other, and how
   * many are described at a time.
   */
  describe: 240_000,
  describe_tries: 3,
  describes: 16,
  /** A sign-in code, a join token, a session in the browser. */
  code_life: 3_600_000,
  join_life: 3_600_000,
  session_life: 30 * 86_400_000,
  /** How often it is looked whether the sessions of connected pages still hold. */
  session_check: 60_000,
  /** Sign-in tries and refused handshakes per address and minute. */
  tries_per_minute: 20,
  /** Socket.IO connections from one address: of agents with their uploads, and of pages. */
  agent_sockets: 4_000,
  page_sockets: 300,
  /** Socket.IO packets: an append carries 256 KiB, a hello of an agent with thousands of attempts somewhat more. */
  agent_packet: 4 * 1024 * 1024,
  upload_packet: 2 * 1024 * 1024,
  live_packet: 256 * 1024,
  /** Body of an API call: a YAML file and manifests of what comes with it. */
  body: 32 * 1024 * 1024,
  yaml: 256 * 1024,
  /** One uploaded blob. */
  blob: 64 * 1024 * 1024 * 1024,
  /** Live feed: how often clients get a batch, what is kept for those that come back, what waits for a slow one. */
  live_every: 100,
  live_kept_changes: 20_000,
  live_kept_bytes: 32 * 1024 * 1024,
  live_client_bytes: 4 * 1024 * 1024,
  live_topics: 500,
  /** Events in one transaction, at most. */
  commit_events: 500,
  /** Before a message from the outbox is sent again. */
  outbox_retry: 1_000,
  /** Shutdown: how long open requests may still run. */
  close_grace: 1_000,
} as const

export type Limits = { readonly [K in keyof typeof DEFAULT_LIMITS]: number }
