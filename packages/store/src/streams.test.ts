import { describe, expect, it } from 'vitest'
import { attempt, entry, folder, opened, points, ramp, reported, text, trial } from './testing/sample.ts'

const A = 'ex.train.1.1'

describe('append', () => {
  it('G2: stores once, tells a repeat, a gap and other bytes under the same key', async () => {
    const store = await opened()
    const append = async (offset: number, data: string) => (await store.append([text(A, offset, data)]))[0]
    expect(await append(0, 'one\n')).toEqual({ kind: 'stored', next: 4 })
    expect(await append(0, 'one\n')).toEqual({ kind: 'repeat', next: 4 })
    expect(await append(1, 'ne\n')).toEqual({ kind: 'repeat', next: 4 })
    expect(await append(6, 'three\n')).toEqual({ kind: 'gap', next: 4 })
    expect(await append(0, 'oNe\n')).toEqual({ kind: 'conflict', next: 4 })
    expect(await append(2, 'e\ntwo\n')).toEqual({ kind: 'stored', next: 8 })
    expect(await append(2, 'X\ntwo\nmore')).toEqual({ kind: 'conflict', next: 8 })
    expect((await store.output({ attempt: A, stream: 'stdout', bytes: 100 })).text).toBe('one\ntwo\n')
  })

  it('G2: the same for records, whose points come only once', async () => {
    const store = await opened()
    const append = async (offset: number, data: string, from: number) =>
      (await store.append([points(A, offset, data, [ramp('loss', from, 2)])]))[0]
    expect(await append(0, 'aaaa', 0)).toEqual({ kind: 'stored', next: 4 })
    expect(await append(4, 'bbbb', 2)).toEqual({ kind: 'stored', next: 8 })
    expect(await append(0, 'aaaa', 0)).toEqual({ kind: 'repeat', next: 8 })
    expect(await append(0, 'aaaabbbb', 0)).toEqual({ kind: 'repeat', next: 8 })
    expect(await append(4, 'bbbbcccc', 2)).toEqual({ kind: 'repeat', next: 8 })
    expect(await append(4, 'bbbX', 2)).toEqual({ kind: 'conflict', next: 8 })
    expect(await append(0, 'aaaabbbX', 0)).toEqual({ kind: 'conflict', next: 8 })
    expect(await append(9, 'cccc', 4)).toEqual({ kind: 'gap', next: 8 })
    const [series] = await store.series({ trials: ['ex.train.1'], tags: ['loss'], points: 100 })
    expect(series?.steps).toEqual([0, 1, 2, 3])
  })

  it('takes several requests in one transaction, each on top of the one before', async () => {
    const store = await opened()
    const results = await store.append([text(A, 0, 'a'), text(A, 1, 'b'), text(A, 0, 'ab'), text(A, 9, 'x')])
    expect(results.map(r => r.kind)).toEqual(['stored', 'stored', 'repeat', 'gap'])
  })

  it('G3: offsets after a restart are where the acknowledged bytes end', async () => {
    const dir = folder()
    const first = await opened(dir)
    await first.append([text(A, 0, 'hello'), points(A, 0, 'records!', [])])
    await first.close()
    const second = await opened(dir)
    expect(await second.offsets([A, 'never.train.1.1'])).toEqual({
      [A]: { records: 8, stdout: 5, stderr: 0 },
      'never.train.1.1': { records: 0, stdout: 0, stderr: 0 },
    })
  })

  it('G7: refuses an attempt once its trial has a newer one', async () => {
    const store = await opened()
    const commit = (epoch: number) =>
      store.commit({
        entries: [entry(reported(A), { changes: [trial('ex', 1, { epoch }), attempt('ex.train.1', epoch)] })],
      })
    await commit(1)
    expect((await store.append([text(A, 0, 'a')]))[0]).toEqual({ kind: 'stored', next: 1 })
    await commit(2)
    expect((await store.append([text(A, 1, 'b')]))[0]).toEqual({ kind: 'fenced', next: 1 })
    expect((await store.append([text('ex.train.1.2', 0, 'b')]))[0]).toEqual({ kind: 'stored', next: 1 })
  })

  it('keeps other records by offset, over the attempts of a trial, to be read by type and tag', async () => {
    const store = await opened()
    const record = (attemptId: string, json: object) =>
      store.append([
        { ...points(attemptId, 0, 'x'.repeat(9), []), others: [{ offset: 0, json: JSON.stringify(json) }] },
      ])
    await record(A, { t: 'result', step: 1 })
    await record('ex.train.1.2', { t: 'text', tag: 'note', text: '<b>' })
    await record('ex.train.2.1', { t: 'text', tag: 'note' })
    const all = await store.records({ trial: 'ex.train.1', limit: 10 })
    expect(all.map(r => [r.attempt, r.offset, JSON.parse(r.json).t])).toEqual([
      [A, 0, 'result'],
      ['ex.train.1.2', 0, 'text'],
    ])
    expect(await store.records({ trial: 'ex.train.1', types: ['text'], tag: 'note', limit: 10 })).toEqual([all[1]])
    expect(await store.records({ trial: 'ex.train.1', after: all[0]?.key ?? 0, limit: 10 })).toEqual([all[1]])
  })

  it('G4: shows what a quota dropped', async () => {
    const store = await opened()
    await store.append([text(A, 0, 'kept\n')])
    await store.setDropped(A, { stdout: 12, stderr: 3 })
    expect(await store.output({ attempt: A, stream: 'stdout', bytes: 10 })).toMatchObject({ dropped: 12, size: 5 })
    expect(await store.output({ attempt: A, stream: 'stderr', bytes: 10 })).toMatchObject({ dropped: 3, size: 0 })
  })
})
