/** What must hold on the hub's disk after all that a simulated world went through. One sentence for each thing that does not. */
import { apply, decide, type Event, emptyState, keyOf, type Row, stateOf } from '@flambe/engine'
import { checkInvariants } from '@flambe/engine/testing'
import type { Folder } from './agent.ts'
import { type Disk, streamOf } from './memory-store.ts'

export function checkWorld(disk: Disk, written: ReadonlyMap<string, Folder>): string[] {
  const broken = checkInvariants(stateOf(disk.rows.values())).map(b => `G7, G12: ${b}`)
  const rows = [...disk.rows.values()]
  const attempts = rows.filter(r => r.kind === 'attempt')
  for (const { id, state } of attempts) {
    const folder = written.get(id)
    if (folder === undefined) {
      if (state === 'done') broken.push(`G2: ${id} is done and never ran`)
      continue
    }
    for (const stream of ['records', 'stdout'] as const) {
      const stored = streamOf(disk, id, stream)
      const wrote = folder.bytes[stream]
      // A machine that lost power has lost the end of what the hub may hold; everywhere else the hub has a beginning.
      const shared = folder.torn ? Math.min(stored.length, wrote.length) : stored.length
      if (!stored.subarray(0, shared).equals(wrote.subarray(0, shared)))
        broken.push(`G2: ${id} ${stream}: the hub holds other bytes than were written`)
      if (state === 'done' && stored.length !== wrote.length)
        broken.push(`G3: ${id} ${stream} is done with ${stored.length} of ${wrote.length} bytes`)
    }
  }
  for (const trial of rows.filter(r => r.kind === 'trial')) {
    const winners = attempts.filter(a => a.trial === trial.id && a.state === 'done').length
    if (winners > 1 || (trial.state === 'success') !== (winners === 1))
      broken.push(`G7: ${trial.id} is ${trial.state} with ${winners} winners`)
  }
  broken.push(...reportsOnce(disk.log), ...replays(disk))
  return broken
}

/** Each step of an attempt reaches the engine once, in order (G2, G16). */
function reportsOnce(log: readonly Event[]): string[] {
  const last = new Map<string, number>()
  const broken: string[] = []
  for (const event of log) {
    if (event.type !== 'attempt-reported') continue
    const before = last.get(event.attempt) ?? 0
    if (event.step <= before) broken.push(`G2: step ${event.step} of ${event.attempt} was reported after ${before}`)
    last.set(event.attempt, event.step)
  }
  let time = 0
  for (const event of log) {
    if (event.time < time) broken.push(`G18: ${event.type} goes back in time`)
    time = event.time
  }
  return broken
}

/** The log decides the same rows again, byte for byte, over all crashes (G16, G17). */
function replays(disk: Disk): string[] {
  const state = emptyState()
  const rows = new Map<string, Row>()
  for (const event of disk.log) {
    const { changes } = decide(state, event)
    apply(state, changes)
    for (const row of changes) rows.set(`${row.kind} ${keyOf(row)}`, row)
  }
  const broken: string[] = []
  for (const [key, row] of disk.rows) {
    const [held, decided] = [JSON.stringify(row), JSON.stringify(rows.get(key))]
    if (decided !== held) broken.push(`G17: ${key} is ${held}, its log says ${decided}`)
  }
  return broken
}
