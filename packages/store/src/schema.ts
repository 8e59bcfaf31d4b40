/**
 * The tables. `drizzle-kit generate` turns a change here into a migration under drizzle/, and scripts/embed.ts puts that into
 * migrations.ts; both are checked in. Engine rows keep their whole JSON in `row`, and real columns for what is filtered,
 * sorted or joined. Times are ms since the epoch.
 */

import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

export const experiments = sqliteTable(
  'experiments',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    user: text('user').notNull(),
    state: text('state').notNull(),
    archived: integer('archived').notNull().default(0),
    created: integer('created').notNull(),
    started: integer('started'),
    ended: integer('ended'),
    /** Checkpoints kept of each trial, beside the best. */
    keep: integer('keep').notNull(),
    /** Lower case: name, id, user, tags, notes. */
    words: text('words').notNull(),
    /** Without the plan. */
    row: text('row').notNull(),
  },
  t => [index('experiments_created').on(t.created), index('experiments_name').on(t.name)],
)

/** Once per experiment: a plan is large, and a state change must not write it again. */
export const plans = sqliteTable('plans', {
  experiment: text('experiment').primaryKey(),
  plan: text('plan').notNull(),
})

export const blocks = sqliteTable(
  'blocks',
  {
    experiment: text('experiment').notNull(),
    id: text('id').notNull(),
    state: text('state').notNull(),
    row: text('row').notNull(),
  },
  t => [primaryKey({ columns: [t.experiment, t.id] })],
)

export const trials = sqliteTable(
  'trials',
  {
    id: text('id').primaryKey(),
    experiment: text('experiment').notNull(),
    block: text('block').notNull(),
    number: integer('number').notNull(),
    state: text('state').notNull(),
    reason: text('reason'),
    epoch: integer('epoch').notNull(),
    failures: integer('failures').notNull(),
    step: integer('step').notNull(),
    /** NaN is stored as NULL; infinities as they are. */
    metric: real('metric'),
    best: real('best'),
    best_step: integer('best_step'),
    created: integer('created').notNull(),
    started: integer('started'),
    ended: integer('ended'),
    params: text('params').notNull(),
    row: text('row').notNull(),
  },
  t => [index('trials_place').on(t.experiment, t.block, t.number)],
)

/** What searches and schedulers have seen: append-only, read at a start for blocks that have not ended. */
export const journal = sqliteTable(
  'journal',
  {
    experiment: text('experiment').notNull(),
    block: text('block').notNull(),
    seq: integer('seq').notNull(),
    row: text('row').notNull(),
  },
  t => [primaryKey({ columns: [t.experiment, t.block, t.seq] })],
)

export const attempts = sqliteTable(
  'attempts',
  {
    id: text('id').primaryKey(),
    trial: text('trial').notNull(),
    experiment: text('experiment').notNull(),
    epoch: integer('epoch').notNull(),
    agent: text('agent').notNull(),
    state: text('state').notNull(),
    row: text('row').notNull(),
  },
  t => [index('attempts_trial').on(t.trial, t.epoch)],
)

export const agents = sqliteTable('agents', {
  id: text('id').primaryKey(),
  state: text('state').notNull(),
  row: text('row').notNull(),
})

/** What an agent told of itself at hello; not the engine's business. */
export const agentInfo = sqliteTable('agent_info', {
  agent: text('agent').primaryKey(),
  info: text('info').notNull(),
})

export const log = sqliteTable('log', {
  seq: integer('seq').primaryKey(),
  time: integer('time').notNull(),
  type: text('type').notNull(),
  /** JSON: rows whose state changed; null for none. */
  changed: text('changed'),
  /** Without the plan, which stands in `plans`. */
  event: text('event').notNull(),
})

/** Events that an experiment's page shows: its own, and those that changed one of its rows. */
export const feed = sqliteTable(
  'feed',
  {
    experiment: text('experiment').notNull(),
    seq: integer('seq').notNull(),
  },
  t => [primaryKey({ columns: [t.experiment, t.seq] })],
)

export const commands = sqliteTable('commands', {
  id: text('id').primaryKey(),
  seq: integer('seq').notNull(),
  result: text('result').notNull(),
})

export const outbox = sqliteTable('outbox', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  action: text('action').notNull(),
})

/** One row for each stream of an attempt; `next` is the cumulative ack. */
export const streams = sqliteTable(
  'streams',
  {
    id: integer('id').primaryKey(),
    attempt: text('attempt').notNull(),
    trial: text('trial').notNull(),
    stream: text('stream').notNull(),
    next: integer('next').notNull(),
    lines: integer('lines').notNull(),
    dropped: integer('dropped').notNull(),
  },
  t => [uniqueIndex('streams_key').on(t.attempt, t.stream), index('streams_trial').on(t.trial)],
)

/** stdout and stderr: the bytes as they came. */
export const output = sqliteTable(
  'output',
  {
    id: integer('id').primaryKey(),
    stream: integer('stream').notNull(),
    offset: integer('offset').notNull(),
    size: integer('size').notNull(),
    /** Line ends in the stream before this chunk. */
    lines: integer('lines').notNull(),
    bytes: blob('bytes', { mode: 'buffer' }).notNull(),
  },
  t => [uniqueIndex('output_key').on(t.stream, t.offset), index('output_lines').on(t.stream, t.lines)],
)

/** Appends of `records`: what tells a repeat from a conflict, and the points until they are sealed into chunks. */
export const batches = sqliteTable(
  'batches',
  {
    id: integer('id').primaryKey(),
    stream: integer('stream').notNull(),
    offset: integer('offset').notNull(),
    size: integer('size').notNull(),
    crc: integer('crc').notNull(),
    /** Points in `payload`. */
    count: integer('count').notNull(),
    /** See points/payload.ts; NULL once sealed, or when there were no points. */
    payload: blob('payload', { mode: 'buffer' }),
  },
  t => [
    uniqueIndex('batches_key').on(t.stream, t.offset),
    index('batches_open').on(t.stream, t.id).where(sql`payload IS NOT NULL`),
  ],
)

/** Records that are not points. */
export const records = sqliteTable(
  'records',
  {
    id: integer('id').primaryKey(),
    stream: integer('stream').notNull(),
    offset: integer('offset').notNull(),
    type: text('type'),
    tag: text('tag'),
    json: text('json').notNull(),
  },
  t => [index('records_stream').on(t.stream, t.id)],
)

/** One for each (attempt, tag). The numbers are of sealed chunks only; readers add what is still in `batches`. */
export const series = sqliteTable(
  'series',
  {
    id: integer('id').primaryKey(),
    stream: integer('stream').notNull(),
    attempt: text('attempt').notNull(),
    trial: text('trial').notNull(),
    experiment: text('experiment').notNull(),
    block: text('block').notNull(),
    tag: text('tag').notNull(),
    chunks: integer('chunks').notNull(),
    count: integer('count').notNull(),
  },
  t => [
    uniqueIndex('series_key').on(t.stream, t.tag),
    index('series_trial').on(t.trial),
    index('series_block').on(t.experiment, t.block),
  ],
)

/** 1,000 points of one series (the last chunk of a series may hold fewer and is then replaced), summed up. */
export const chunks = sqliteTable(
  'chunks',
  {
    id: integer('id').primaryKey(),
    series: integer('series').notNull(),
    /** From 0. */
    n: integer('n').notNull(),
    count: integer('count').notNull(),
    step_min: real('step_min').notNull(),
    step_max: real('step_max').notNull(),
    /** See points/bucket.ts: the whole chunk as one bucket, and its last finite point. */
    summary: blob('summary', { mode: 'buffer' }).notNull(),
    /** The coarser level: a bucket for every ten points. */
    level: blob('level', { mode: 'buffer' }).notNull(),
  },
  t => [uniqueIndex('chunks_key').on(t.series, t.n)],
)

/** The points of a chunk, apart so that reading only levels does not touch their pages. */
export const chunkPoints = sqliteTable('chunk_points', {
  id: integer('id').primaryKey(),
  points: blob('points', { mode: 'buffer' }).notNull(),
})

export const checkpoints = sqliteTable(
  'checkpoints',
  {
    trial: text('trial').notNull(),
    number: integer('number').notNull(),
    attempt: text('attempt').notNull(),
    step: integer('step').notNull(),
    bytes: integer('bytes').notNull(),
    manifest: text('manifest').notNull(),
    time: integer('time').notNull(),
  },
  t => [primaryKey({ columns: [t.trial, t.number] })],
)

/** A row for each whole blob. `refs` counts `blobRefs`; `idle` is since when nothing refers to it (the tombstone). */
export const blobs = sqliteTable(
  'blobs',
  {
    sha256: text('sha256').primaryKey(),
    size: integer('size').notNull(),
    refs: integer('refs').notNull(),
    idle: integer('idle'),
  },
  t => [index('blobs_idle').on(t.idle).where(sql`idle IS NOT NULL`)],
)

/** `owner`: `experiment:<id>` for resources, `checkpoint:<trial>:<number>`. May come before the blob itself. */
export const blobRefs = sqliteTable(
  'blob_refs',
  {
    owner: text('owner').notNull(),
    sha256: text('sha256').notNull(),
  },
  t => [primaryKey({ columns: [t.owner, t.sha256] }), index('blob_refs_blob').on(t.sha256)],
)

export const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull().unique(),
  role: text('role').notNull(),
  created: integer('created').notNull(),
})

export const tokens = sqliteTable('tokens', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  /** Hex SHA-256 of the secret. */
  hash: text('hash').notNull().unique(),
  user: text('user'),
  agent: text('agent'),
  label: text('label').notNull(),
  created: integer('created').notNull(),
  expires: integer('expires'),
  used: integer('used'),
  revoked: integer('revoked'),
})

export const audit = sqliteTable('audit', {
  id: integer('id').primaryKey(),
  time: integer('time').notNull(),
  who: text('who').notNull(),
  what: text('what').notNull(),
  from: text('from').notNull(),
  result: text('result').notNull(),
})
