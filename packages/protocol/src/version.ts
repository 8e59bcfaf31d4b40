/** The wire's version. Changing any message changes `wire.test.ts`'s hash, and then this number must grow. */
export const PROTOCOL_VERSION = 1

/** Socket.IO paths: agents, their uploads, and pages have one each, with limits and origin checks of their own. */
export const AGENT_PATH = '/agent'
export const UPLOAD_PATH = '/upload'
export const LIVE_PATH = '/live'

/** Bytes in one `append`, at most. */
export const MAX_BATCH_BYTES = 256 * 1024
/** Bytes in one `blob-chunk`, at most. */
export const MAX_CHUNK_BYTES = 1024 * 1024
/** Chunks in flight on an upload connection, at most. */
export const UPLOAD_CREDITS = 8
/** ms between the agent's flushes of what it tailed. */
export const FLUSH_EVERY = 250
/** ms between heartbeats. */
export const HEARTBEAT_EVERY = 5_000
