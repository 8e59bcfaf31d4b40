/** Holds what the producers noted in their ledgers against the hub's HTTP exports and its database file. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { localToken, trialsOnDisk } from '../harness/cluster.ts'
import type { House } from './house.ts'

interface Ledger {
  readonly lines: readonly string[]
  readonly reports: readonly { step: number; value: number }[]
  readonly ended: boolean
}

export interface Comparison {
  readonly records: number
  readonly attempts: number
  readonly violations: readonly string[]
}

/** What stood in an attempt's folder right after its process was killed: from then on it is the agent's to deliver (G4). */
export interface Snapshot {
  /** Latin-1, a character a byte: a kill may have torn a longer one. */
  readonly stdout: string
  /** Steps of the results in whole frames. */
  readonly steps: readonly number[]
}

/** Attempts that the harness killed. */
export type Killed = Map<string, Snapshot>

export function snapshot(folder: string): Snapshot {
  const bytes = (name: string) => {
    try {
      return readFileSync(join(folder, name))
    } catch {
      return Buffer.alloc(0) // The process had written nothing yet.
    }
  }
  const records = bytes('records')
  const steps: number[] = []
  for (let at = 0; at + 8 <= records.length; ) {
    const length = records.readUInt32LE(at)
    if (length === 0 || at + 8 + length > records.length) break
    const record = JSON.parse(records.subarray(at + 8, at + 8 + length).toString('utf8')) as { t: string; step: number }
    if (record.t === 'result') steps.push(record.step)
    at += 8 + length
  }
  return { stdout: bytes('stdout').toString('latin1'), steps }
}

type Note = { t: string; what?: string; line?: string; step?: number; value?: number }

function readLedger(file: string): Ledger {
  const notes = readFileSync(file, 'utf8')
    .split('\n')
    .filter(l => l.endsWith('}'))
    .map(l => JSON.parse(l) as Note)
  const will = notes.filter(n => n.t === 'will')
  return {
    lines: will.filter(n => n.what === 'out').map(n => n.line ?? ''),
    reports: will.filter(n => n.what === 'report').map(n => ({ step: n.step ?? 0, value: n.value ?? 0 })),
    ended: notes.some(n => n.t === 'end'),
  }
}

/**
 * @param killed attempts that the harness killed: theirs may end anywhere, but must be a prefix of what was written, and hold
 *   all that stood in the attempt folder when the process died.
 */
export async function compare(house: House, experiment: string, killed: Killed): Promise<Comparison> {
  const violations: string[] = []
  let records = 0
  const headers = { authorization: `Bearer ${localToken(house.hub)}` }
  // The hub closes a connection that idles for 5 s. What is done here between two requests takes longer sometimes, and then the
  // second finds the closed one ("other side closed"): it is made once more.
  const get = async (path: string): Promise<Response> => {
    const once = () => fetch(`${house.hub.url}${path}`, { headers })
    return once().catch(once)
  }
  const db = new DatabaseSync(join(house.hub.data, 'store.sqlite'), { readOnly: true })
  const reported = new Map<string, { step: number; metric: unknown }[]>()
  for (const row of db.prepare("SELECT event FROM log WHERE type = 'attempt-reported' ORDER BY seq").all()) {
    const event = JSON.parse(String(row.event)) as { attempt: string; step: number; metric: unknown }
    reported.set(event.attempt, [...(reported.get(event.attempt) ?? []), event])
  }
  const attempts = db
    .prepare('SELECT id, trial, state, row FROM attempts WHERE experiment = ?')
    .all(experiment)
    .map(r => ({ id: String(r.id), trial: String(r.trial), state: String(r.state), row: String(r.row) }))
  db.close()
  if (attempts.length === 0) violations.push('harness: no trial ever ran')
  for (const { id, state, row } of attempts) {
    let ledger: Ledger
    try {
      ledger = readLedger(join(house.ledger, `${id}.jsonl`))
    } catch {
      if (!killed.has(id)) violations.push(`${id} (${state}): the producer never ran, though nobody killed it`)
      continue
    }
    if (state === 'failed' && !killed.has(id)) violations.push(`${id} failed, though nobody killed it: ${row}`)
    const answer = await get(`/api/attempts/${id}/stdout`)
    const stdout = Buffer.from(await answer.arrayBuffer()).toString('latin1')
    const wrote = Buffer.from(ledger.lines.join('')).toString('latin1')
    if (state === 'done' ? stdout !== wrote : !wrote.startsWith(stdout))
      violations.push(`${id} (${state}): stdout has ${stdout.length} characters, the producer wrote ${wrote.length}`)
    const results = reported.get(id) ?? []
    const dead = killed.get(id)
    if (dead !== undefined && state !== 'done') {
      if (!stdout.startsWith(dead.stdout))
        violations.push(`${id}: of ${dead.stdout.length} characters in its folder ${stdout.length} arrived`)
      const lacking = dead.steps.filter(step => !results.some(r => r.step === step))
      if (lacking.length > 0) violations.push(`${id}: results in its folder never arrived: steps ${lacking.join()}`)
    }
    const steps = results.map(r => `${r.step}:${r.metric}`)
    const expected = ledger.reports
      .map(r => `${r.step}:${r.value}`)
      .slice(0, state === 'done' ? undefined : steps.length)
    if (steps.join() !== expected.join())
      violations.push(`${id} (${state}): results ${steps.join()} instead of ${expected.join()}`)
    records += steps.length + stdout.split('\n').length - 1
  }
  const known = new Set(attempts.map(a => a.id))
  for (const file of readdirSync(house.ledger)) {
    const id = file.replace(/\.jsonl$/, '')
    if (!known.has(id)) violations.push(`${id} ran, but the hub does not know it`)
  }
  for (const trial of trialsOnDisk(house.hub, experiment)) {
    const own = attempts.filter(a => a.trial === trial.id)
    const winners = own.filter(a => a.state === 'done')
    if (winners.length !== 1) violations.push(`${trial.id} (${trial.state}) has ${winners.length} winners`)
    const why = own.filter(a => killed.has(a.id)).length
    if (own.length > why + 1) violations.push(`${trial.id} has ${own.length} attempts, ${why} were killed`)
    // The exported points are the winner's and those of the attempts before it, each once.
    const text = await (await get(`/api/trials/${trial.id}/points.jsonl`)).text()
    const points = text
      .split('\n')
      .filter(l => l !== '')
      .map(l => JSON.parse(l) as { tag: string; step: number })
    const seen = points.filter(p => p.tag.endsWith('value')).map(p => p.step)
    if (why === 0 && new Set(seen).size !== seen.length) violations.push(`${trial.id}: points stored twice`)
    const winner = winners[0]
    if (winner !== undefined) {
      const missing = (reported.get(winner.id) ?? []).filter(r => !seen.includes(r.step))
      if (missing.length > 0) violations.push(`${trial.id}: ${missing.length} points of the winner are missing`)
    }
    records += points.length
  }
  return { records, attempts: attempts.length, violations }
}
