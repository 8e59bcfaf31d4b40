/**
 * The wire's version. Changing any message changes `wire.test.ts`'s hash. What the other side may not know is either announced at
 * hello (`can`) and never sent to those that did not, so that agents of before go on; or this number must grow.
 */
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

/** An extension's folder as it is sent, without what npm adds on each agent: files and bytes, at most. */
export const MAX_EXTENSION_FILES = 5_000
export const MAX_EXTENSION_BYTES = 100 * 1024 * 1024
/** What an agent says at hello (`can`) when it answers `describe`. */
export const CAN_DESCRIBE = 'describe'
/** The same for `install`. */
export const CAN_INSTALL = 'install'
