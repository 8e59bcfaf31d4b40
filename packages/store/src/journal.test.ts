import { Readable } from 'node:stream'
import type { BlockRow, JournalRow, TrialRow } from '@flambe/engine'
import { expect, it } from 'vitest'
import { attempt, entry, experiment, folder, manifestOf, opened, reported, trial } from './testing/sample.ts'

const block = (id: string, over: boolean): BlockRow => ({
  kind: 'block',
  experiment: 'e1',
  id,
  index: 0,
  state: over ? 'success' : 'running',
  reason: null,
  ranking: null,
  search: { state: { next: 2 }, since: 1, done: null, over },
  started: 1,
  ended: null,
})

const row = (id: string, seq: number): JournalRow => ({
  kind: 'journal',
  experiment: 'e1',
  block: id,
  seq,
  what: 'reported',
  trial: 1,
  step: seq,
  value: 0.5,
  judged: true,
})

it('gives the journals of searches that are not over back, in order, and no others (G16)', async () => {
  const dir = folder()
  const store = await opened(dir)
  const changes = [experiment('e1'), block('a', false), block('b', true), row('a', 1), row('b', 1)]
  await store.commit({ entries: [entry(reported('e1.a.1.1'), { changes })] })
  const more = Array.from({ length: 12 }, (_, i) => row('a', i + 2))
  await store.commit({ entries: more.map(r => entry(reported('e1.a.1.1'), { changes: [r] })) })
  await store.close()
  const again = await opened(dir)
  const journal = (await again.load()).filter(r => r.kind === 'journal')
  expect(journal).toEqual([row('a', 1), ...more])
})

it('reads the journal of a search that is over too, from a row on and not more than asked for', async () => {
  const store = await opened(folder())
  const rows = Array.from({ length: 12 }, (_, i) => row('b', i + 1))
  const changes = [experiment('e1'), block('b', true), row('a', 1), ...rows]
  await store.commit({ entries: [entry(reported('e1.b.1.1'), { changes })] })
  const of = (after: number, limit: number) => store.journal({ experiment: 'e1', block: 'b', after, limit })
  expect(await of(0, 10_000)).toEqual(rows)
  expect(await of(4, 3)).toEqual(rows.slice(4, 7))
  expect(await of(12, 3)).toEqual([])
  await expect(of(0, 10_001)).rejects.toMatchObject({ code: 'INVALID' })
})

it("keeps a donor's checkpoint for the trial that goes on from it, also when the donor gives it up (G22)", async () => {
  const store = await opened()
  const files = ['first', 'second', 'third'].map(text => Buffer.from(text))
  for (const data of files) await store.putBlob(Readable.from([data]))
  const donor = trial('e1', 1)
  const ref = (number: number) => {
    const manifest = manifestOf(files[number - 1] as Buffer)
    return { attempt: `${donor.id}.1`, number, step: number, manifest }
  }
  const save = async (number: number, ...more: readonly TrialRow[]) => {
    const checkpoint = ref(number)
    const event = { type: 'attempt-saved', attempt: checkpoint.attempt, checkpoint, time: 1 } as const
    const changes = [experiment('e1'), { ...donor, checkpoint }, ...more, attempt(donor.id, 1)]
    await store.commit({ entries: [entry(event, { changes })] })
  }
  const taker = trial('e1', 2, { checkpoint: { ...ref(1), number: 8 } })
  await save(1, taker)
  // Committed again with every step: it stays one.
  await save(2, { ...taker, step: 10 })
  await save(3)
  expect(await store.pruneBlobs({ delay: -1 })).toMatchObject({ checkpoints: 1, blobs: 0 })
  expect((await store.checkpoints(donor.id)).map(c => c.number)).toEqual([2, 3])
  expect((await store.checkpoints(taker.id)).map(c => [c.number, c.step])).toEqual([[8, 1]])
})
