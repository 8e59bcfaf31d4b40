import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { attempt, entry, experiment, folder, manifestOf, opened, sha, trial } from './testing/sample.ts'

/** mulberry32 */
function generator(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

it('G22: clean-up beside uploads and saves of the same contents never takes what a checkpoint refers to', async () => {
  const next = generator(22)
  let now = 1_000_000
  const store = await opened(folder(), { now: () => now })
  const trials = Array.from({ length: 6 }, (_, i) => trial('ex', i + 1))
  const changes = [experiment('ex'), ...trials, ...trials.map(t => attempt(t.id, 1))]
  await store.commit({ entries: [entry({ type: 'agent-silent', agent: 'a', state: 'lost', time: 1 }, { changes })] })
  const contents = Array.from({ length: 40 }, (_, i) => Buffer.from(`content ${i}`.repeat(50)))
  const kept = new Map<string, ReturnType<typeof manifestOf>>()
  let removed = 0
  let number = 0

  /** As an agent does: every blob first, then the manifest, again when something is missing by then. */
  const save = async (id: string) => {
    const manifest = manifestOf(...contents.filter(() => next() < 0.08))
    for (let missing = manifest.files.map(f => f.sha256); missing.length > 0; ) {
      for (const sha256 of missing) {
        const data = contents.find(c => sha(c) === sha256) as Buffer
        const { offset } = await store.blobBegin(sha256, data.length)
        if (offset < data.length) await store.blobChunk(sha256, offset, data.subarray(offset))
        await store.blobEnd(sha256, data.length)
      }
      missing = [...(await store.missingBlobs(manifest))]
    }
    const checkpoint = { attempt: `${id}.1`, number: ++number, step: number, manifest }
    const known = trials.find(t => t.id === id) as (typeof trials)[number]
    await store.commit({
      entries: [
        entry(
          { type: 'attempt-saved', attempt: checkpoint.attempt, checkpoint, time: now },
          { changes: [{ ...known, checkpoint }] },
        ),
      ],
    })
    kept.set(id, manifest)
  }
  const clean = async () => {
    now += 2_000
    removed += (await store.pruneBlobs({ delay: 1_000 })).blobs
  }
  for (let round = 0; round < 40; round++) {
    await Promise.all([...trials.filter(() => next() < 0.6).map(t => save(t.id)), clean(), clean()])
    for (const manifest of kept.values()) {
      expect(await store.missingBlobs(manifest)).toEqual([])
      for (const { sha256 } of manifest.files) expect(existsSync((await store.blob(sha256))?.path ?? '')).toBe(true)
    }
  }
  expect(removed).toBeGreaterThan(0)
}, 60_000)
