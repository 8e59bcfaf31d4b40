/**
 * Reads of rows: experiments, trials, attempts, the feed, records, checkpoints. Filters and sorting happen in SQL; names
 * that end up in SQL text come from the lists below, never from a caller. Pages are bounded here.
 */
import type { AttemptRow, Event, JournalRow, TrialRow, TrialState } from '@flambe/engine'
import type { Json } from '@flambe/language'
import type Database from 'better-sqlite3'
import type { FeedItem, Reads, StoredExperiment, TrialsQuery } from './contract.ts'
import type { Rows } from './rows.ts'
import { StoreError } from './store-error.ts'

type Listings = Omit<Reads, 'tags' | 'series' | 'points' | 'output' | 'space'>
type ExperimentColumns = Omit<StoredExperiment, 'archived' | 'trials'> & { readonly archived: number }
interface Logged {
  readonly seq: number
  readonly event: string
  readonly changed: string | null
}

const EXPERIMENT = 'id, name, user, state, archived, created, started, ended'

export function listings(raw: Database.Database, rows: Rows): Listings {
  const counts = raw.prepare<[string], { state: TrialState; n: number }>(
    'SELECT state, count(*) AS n FROM trials WHERE experiment = ? GROUP BY state',
  )
  const named = raw.prepare<[string], ExperimentColumns>(
    `SELECT ${EXPERIMENT} FROM experiments WHERE name = ? AND archived = 0 ORDER BY created DESC, id DESC`,
  )
  const archived = raw.prepare<[], string>('SELECT id FROM experiments WHERE archived = 1').pluck()
  const journal = raw
    .prepare<[string, string, number, number], string>(
      'SELECT row FROM journal WHERE experiment = ? AND block = ? AND seq > ? ORDER BY seq LIMIT ?',
    )
    .pluck()
  const attempts = raw.prepare<[string], string>('SELECT row FROM attempts WHERE trial = ? ORDER BY epoch').pluck()
  const feed = raw.prepare<[string, number, number], Logged>(`
    SELECT l.seq, l.event, l.changed FROM feed f JOIN log l ON l.seq = f.seq
    WHERE f.experiment = ? AND f.seq < ? ORDER BY f.seq DESC LIMIT ?`)
  const log = raw.prepare<[number, number], Logged>(
    'SELECT seq, event, changed FROM log WHERE seq > ? ORDER BY seq LIMIT ?',
  )
  const lastTime = raw.prepare<[], number>('SELECT time FROM log ORDER BY seq DESC LIMIT 1').pluck()
  const last = raw.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM log').pluck()
  const checkpoints = raw.prepare<
    [string],
    { attempt: string; trial: string; number: number; step: number; bytes: number; manifest: string; time: number }
  >(`
    SELECT attempt, trial, number, step, bytes, manifest, time FROM checkpoints c WHERE trial = ? AND NOT EXISTS (
      SELECT 1 FROM blob_refs r WHERE r.owner = 'checkpoint:' || c.trial || ':' || c.number
      AND r.sha256 NOT IN (SELECT sha256 FROM blobs))
    ORDER BY number`)
  const info = raw.prepare<[], { agent: string; info: string }>('SELECT agent, info FROM agent_info')

  function stored(row: ExperimentColumns): StoredExperiment {
    const trials = Object.fromEntries(counts.all(row.id).map(({ state, n }) => [state, n]))
    return { ...row, archived: row.archived === 1, trials }
  }

  function eventOf(text: string): Event {
    const event = JSON.parse(text) as Event
    if (event.type !== 'experiment-submitted') return event
    const plan = rows.plan(event.experiment)
    if (plan === null) throw new Error(`the plan of ${event.experiment} is missing`)
    return { ...event, plan }
  }

  return {
    async experiments({ search, state, archived = false, limit, cursor }) {
      bounded(limit, 200)
      const where = ['archived = @archived']
      const values: Record<string, string | number> = { archived: archived ? 1 : 0, limit: limit + 1 }
      if (state !== undefined) {
        where.push('state = @state')
        values.state = state
      }
      addWords(where, values, search, 'words')
      const { n: total } = raw
        .prepare(`SELECT count(*) AS n FROM experiments WHERE ${where.join(' AND ')}`)
        .get(values) as {
        n: number
      }
      if (cursor !== undefined) {
        where.push('(created, id) < (@before, @beforeId)')
        const [, created, id] = /^(\d+)\.([a-z0-9]+)$/.exec(cursor) ?? invalid('cursor')
        Object.assign(values, { before: Number(created), beforeId: id })
      }
      const found = raw
        .prepare<[typeof values], ExperimentColumns>(
          `SELECT ${EXPERIMENT} FROM experiments WHERE ${where.join(' AND ')} ORDER BY created DESC, id DESC LIMIT @limit`,
        )
        .all(values)
      const items = found.slice(0, limit).map(stored)
      const end = items.at(-1)
      return { items, next: found.length > limit && end ? `${end.created}.${end.id}` : null, total }
    },
    experimentsNamed: async name => named.all(name).map(stored),
    archived: async () => new Set(archived.all()),
    trials: async query => trials(raw, query),
    async journal({ experiment, block, after, limit }) {
      bounded(limit, 10_000)
      return journal.all(experiment, block, after, limit).map(row => JSON.parse(row) as JournalRow)
    },
    attempts: async trial => attempts.all(trial).map(row => JSON.parse(row) as AttemptRow),
    async events({ experiment, limit, before = Number.MAX_SAFE_INTEGER }) {
      bounded(limit, 1000)
      return feed.all(experiment, before, limit).map(({ seq, event, changed }): FeedItem => {
        const parsed = eventOf(event)
        const all: FeedItem['changed'] = changed === null ? [] : JSON.parse(changed)
        const ours = all.filter(c => c.kind === 'agent' || c.id === experiment || c.id.startsWith(`${experiment}.`))
        return { seq, time: parsed.time, event: parsed, changed: ours }
      })
    },
    log: async ({ after, limit }) => log.all(after, limit).map(({ seq, event }) => ({ seq, event: eventOf(event) })),
    lastEvent: async () => last.get() as number,
    lastTime: async () => lastTime.get() ?? 0,
    async records({ trial, types, tag, after = 0, limit }) {
      bounded(limit, 1000)
      const where = ['s.trial = @trial', 'r.id > @after']
      if (types !== undefined) where.push('r.type IN (SELECT value FROM json_each(@types))')
      if (tag !== undefined) where.push('r.tag = @tag')
      return raw
        .prepare<object, { key: number; attempt: string; offset: number; json: string }>(`
          SELECT r.id AS key, s.attempt, r.offset, r.json FROM streams s JOIN records r ON r.stream = s.id
          WHERE ${where.join(' AND ')} ORDER BY r.id LIMIT @limit`)
        .all({ trial, after, types: JSON.stringify(types ?? null), tag: tag ?? null, limit })
    },
    checkpoints: async trial => checkpoints.all(trial).map(row => ({ ...row, manifest: JSON.parse(row.manifest) })),
    agentInfo: async () => Object.fromEntries(info.all().map(row => [row.agent, JSON.parse(row.info) as Json])),
  }
}

/** SQL for each name that a caller may sort by. */
const SORT: ReadonlyMap<string, string> = new Map([
  ...['number', 'state', 'step', 'metric', 'best', 'best_step', 'epoch', 'failures'].map(c => [c, c] as const),
  ...['created', 'started', 'ended'].map(c => [c, c] as const),
  ['duration', 'ended - started'],
])

function trials(raw: Database.Database, query: TrialsQuery): { items: readonly TrialRow[]; total: number } {
  bounded(query.limit, 1000)
  const where = ['experiment = @experiment']
  const values: Record<string, string | number> = { experiment: query.experiment }
  if (query.block !== undefined) {
    where.push('block = @block')
    values.block = query.block
  }
  if (query.states !== undefined) {
    where.push('state IN (SELECT value FROM json_each(@states))')
    values.states = JSON.stringify(query.states)
  }
  addWords(where, values, query.search, `lower(id || ' ' || state || ' ' || coalesce(reason, '') || ' ' || params)`)
  const place = placeOf(raw, query, values)
  const order = (query.sort ?? []).map(({ by, desc }, index) => {
    const direction = `${desc ? 'DESC' : 'ASC'} NULLS LAST`
    if (by === 'block') return `${place} ${direction}`
    if (!by.startsWith('params.')) return `${SORT.get(by) ?? invalid('sort')} ${direction}`
    values[`param${index}`] = by.slice('params.'.length)
    return `(SELECT value FROM json_each(params) WHERE key = @param${index}) ${direction}`
  })
  const from = `FROM trials WHERE ${where.join(' AND ')}`
  const { n: total } = raw.prepare(`SELECT count(*) AS n ${from}`).get(countValues(values)) as { n: number }
  const found = raw
    .prepare<object, { row: string }>(
      // Sort keys first, whole rows only for the page: sorting rows of a kilobyte each would spill.
      `SELECT row FROM trials JOIN (SELECT rowid AS id, row_number() OVER (ORDER BY ${[...order, place, 'number'].join(', ')}) AS place ${from}) AS page
       ON trials.rowid = page.id WHERE place > @offset AND place <= @offset + @limit ORDER BY place`,
    )
    .all({ ...values, offset: query.offset, limit: query.limit })
  return { items: found.map(({ row }) => JSON.parse(row) as TrialRow), total }
}

/** SQL for a block's place in the pipeline; blocks of an experiment are few, its trials are not. */
function placeOf(raw: Database.Database, query: TrialsQuery, values: Record<string, string | number>): string {
  const ids = raw
    .prepare<[string], string>(`SELECT id FROM blocks WHERE experiment = ? ORDER BY json_extract(row, '$.index')`)
    .pluck()
    .all(query.experiment)
  if (query.block !== undefined || ids.length < 2) return 'block'
  const cases = ids.map((id, index) => {
    values[`place${index}`] = id
    return `WHEN @place${index} THEN ${index}`
  })
  return `CASE block ${cases.join(' ')} END`
}

/** better-sqlite3 refuses no unused name, but sort values belong to the other statement only. */
function countValues(values: Record<string, string | number>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !/^(param|place)/.test(name)))
}

function addWords(where: string[], values: Record<string, string | number>, search: string | undefined, text: string) {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 10)
  words.forEach((word, index) => {
    where.push(`instr(${text}, @word${index}) > 0`)
    values[`word${index}`] = word
  })
}

function bounded(limit: number, most: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > most) invalid(`limit (1 to ${most})`)
}

function invalid(what: string): never {
  throw new StoreError('INVALID', `not a valid ${what}`)
}
