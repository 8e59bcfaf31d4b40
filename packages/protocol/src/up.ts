/**
 * Agent to hub: every message and its answer, in one place. Connection: path AGENT_PATH, `auth: {token}` in the
 * handshake: the agent's token, or a join token, which `hello` trades for an agent token.
 * Uploads run over a connection of their own (UPLOAD_PATH, same token) and know only the blob messages.
 */
import { z } from 'zod'
import { bag, bytes, count, exit, id, manifest, metric, sha256, text } from './common.ts'
import type { refusal } from './refusal.ts'
import { MAX_BATCH_BYTES, MAX_CHUNK_BYTES } from './version.ts'

export const stream = z.enum(['records', 'stdout', 'stderr'])
export type Stream = z.infer<typeof stream>

/** What an agent holds of one attempt, told at hello so that both sides agree. */
export const held = z.object({ attempt: id, state: z.enum(['preparing', 'running', 'ended']) })

export const up = {
  /** First message on every connection. The hub answers with who the agent is and where each stream goes on. */
  hello: {
    message: z.object({
      version: z.number().int(),
      /** Content hash of the agent's own bundle; null when run from sources. */
      build: text(100).nullable(),
      name: id,
      /** Minted by the hub at the first hello, kept in the agent's folder; null the first time. */
      agent: id.nullable(),
      host: z.object({ hostname: text(255), platform: text(50), arch: text(50), node: text(50), pid: count }),
      devices: z.object({
        cpu: z.number().positive().max(4096),
        memory: count,
        gpus: z.array(z.object({ index: count, name: text(200), memory: count })).max(64),
      }),
      /** The ladder: every rung probed, best first, with why it was taken or not. */
      backends: z.array(z.object({ name: text(40), accepted: z.boolean(), detail: text(2_000) })).max(10),
      labels: z.record(text(60), text(200)),
      attempts: z.array(held).max(10_000),
      /** What it does beyond the first version of the wire: `describe`, `install` (extensions). Absent: nothing. */
      can: z.array(text(40)).max(20).optional(),
    }),
    answer: z.object({
      agent: id,
      hub: text(200),
      /** Present once, when a join token was traded: store it, 0600. */
      token: text(200).nullable(),
      /** Next offset that the hub wants, per attempt and stream. */
      offsets: z.record(id, z.object({ records: count, stdout: count, stderr: count })),
      /** Attempts that the agent must end and delete: fenced or unknown. */
      fenced: z.array(id),
    }),
  },
  /** Liveness and what the page shows; not stored as events. */
  heartbeat: {
    message: z.object({
      cpu: z.number(), // 0..1 of all processors
      memory: z.object({ used: count, total: count }),
      disk: z.object({ free: count, total: count }),
      gpus: z.array(z.object({ index: count, use: z.number(), memory: count })).max(64),
      /** Bytes written by trials but not yet acknowledged by the hub. */
      backlog: count,
      /** The agent's clock, ms: the hub shows the skew, nothing depends on it. */
      clock: z.number(),
    }),
    answer: z.object({ time: z.number() }),
  },
  /** The assignment stands on the agent's disk; before this the hub keeps sending it. Also the answer's proof of life. */
  accepted: { message: z.object({ attempt: id }), answer: z.object({}) },
  /** The trial process runs. */
  started: { message: z.object({ attempt: id, pid: count, environment: bag(20_000) }), answer: z.object({}) },
  /**
   * Bytes of one stream of an attempt folder from `offset`. `records`: whole records only (see record.ts). The hub stores
   * them, then answers with the next offset it wants: cumulative ack. A gap is answered with the offset it expects; bytes
   * before it are skipped. Same offset with other bytes: CONFLICT.
   */
  append: {
    message: z.object({ attempt: id, stream, offset: count, data: bytes(MAX_BATCH_BYTES) }),
    answer: z.object({ next: count }),
  },
  /** A checkpoint is durable: all its blobs were uploaded before. INCOMPLETE names what is missing. */
  saved: {
    message: z.object({ attempt: id, number: count, step: count, metric: metric.nullable(), manifest }),
    answer: z.object({}),
  },
  /** The process is gone and everything was sent. INCOMPLETE when the hub's offsets differ from `sizes`. */
  ended: {
    message: z.object({
      attempt: id,
      exit,
      sizes: z.object({ records: count, stdout: count, stderr: count }),
      /** Bytes dropped by a quota, per stream; counted and shown (G4). */
      dropped: z.object({ stdout: count, stderr: count }),
    }),
    answer: z.object({}),
  },
  /** The answer to `describe`. The blobs of `manifest` (the folder as it is run: packed) were uploaded before. */
  described: {
    message: z.object({
      request: id,
      result: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('described'), manifest, catalogue: bag(1_000_000) }),
        /** `elsewhere`: another machine may do better (no npm here, an old Node.js, a registry that does not answer). */
        z.object({ kind: z.literal('problem'), message: text(4_000), hint: text(1_000), elsewhere: z.boolean() }),
      ]),
    }),
    answer: z.object({}),
  },
} as const

/** On the upload connection. Content-addressed, so sending again is harmless. */
export const upload = {
  /** Answers how many bytes the hub has already: `size` = complete, else go on from there. */
  'blob-begin': {
    message: z.object({ sha256, size: count }),
    answer: z.object({ offset: count }),
  },
  'blob-chunk': {
    message: z.object({ sha256, offset: count, data: bytes(MAX_CHUNK_BYTES) }),
    answer: z.object({ next: count }),
  },
  /** Checks the hash, syncs, and makes the blob visible. */
  'blob-end': { message: z.object({ sha256, size: count }), answer: z.object({}) },
} as const

export type Up = { [K in keyof typeof up]: z.infer<(typeof up)[K]['message']> }
export type UpAnswer = { [K in keyof typeof up]: z.infer<(typeof up)[K]['answer']> }
export type Upload = { [K in keyof typeof upload]: z.infer<(typeof upload)[K]['message']> }
export type UploadAnswer = { [K in keyof typeof upload]: z.infer<(typeof upload)[K]['answer']> }
/** What every ack callback receives. */
export type Answer<T> = ({ ok: true } & T) | { ok: false; refusal: z.infer<typeof refusal> }
