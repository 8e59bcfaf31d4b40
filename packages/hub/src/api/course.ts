/**
 * Reads a block's journal for `search.course`, and keeps what it made of it for the next look: an open page asks again
 * whenever a trial has reported. Bounded: the blocks that were looked at last.
 */
import { trialId } from '@flambe/engine'
import { Refused } from '../refused.ts'
import { courseView, type Digest, digestRow, emptyDigest, placesOf } from '../views/course.ts'
import type { HubServices } from './context.ts'
import type { CourseView } from './views-course.ts'

const KEPT = 16
const ROWS_AT_ONCE = 2_000

/** By hub, then by block; each the end of a chain, so that two pages do not fold the same rows twice. */
const KNOWN = new WeakMap<HubServices, Map<string, Promise<Digest>>>()

export async function courseOf(hub: HubServices, experiment: string, block: string): Promise<CourseView> {
  const row = hub.rows.experiments.get(experiment)
  const planned = row?.plan.blocks.find(({ id }) => id === block)
  if (row === undefined || planned === undefined) throw new Refused('UNKNOWN', `no block ${block} in ${experiment}`)
  const places = placesOf(row.plan, planned, hub.rows.trialsOf(experiment, block).length)
  const known = KNOWN.get(hub) ?? new Map<string, Promise<Digest>>()
  KNOWN.set(hub, known)
  const key = `${experiment}.${block}`
  const before = known.get(key)
  const turn = (async () => {
    const digest = (await before?.catch(() => undefined)) ?? emptyDigest()
    for (;;) {
      const rows = await hub.store.journal({ experiment, block, after: digest.seq, limit: ROWS_AT_ONCE })
      for (const one of rows) digestRow(digest, one, places)
      if (rows.length < ROWS_AT_ONCE) return digest
      await new Promise(resolve => setImmediate(resolve))
    }
  })()
  known.delete(key)
  known.set(key, turn)
  for (const oldest of known.keys()) if (known.size > KEPT) known.delete(oldest)
  return courseView(await turn, planned, places, number => hub.rows.trials.get(trialId(experiment, block, number)))
}
