import { describe, expect, it } from 'vitest'
import { attempt, entry, experiment, folder, opened, reported, trial } from './testing/sample.ts'

const submitted = (id: string) => {
  const row = experiment(id)
  const { plan } = row
  return entry(
    { type: 'experiment-submitted', experiment: id, user: 'ada', plan, resources: {}, paused: false, time: 1 },
    { changes: [row, trial(id, 1)], command: `submit-${id}`, result: { id } },
  )
}

describe('commit', () => {
  it('G16: keeps events, rows and outbox over a restart, rows in the order of their first commit', async () => {
    const dir = folder()
    const first = await opened(dir)
    await first.commit({ entries: [submitted('zz'), submitted('aa')] })
    const running = attempt('zz.train.1', 1)
    const result = await first.commit({
      entries: [
        entry(reported('zz.train.1.1'), {
          changes: [trial('zz', 1, { step: 1, metric: '.inf' }), running],
          actions: [{ type: 'assign', agent: 'a1', attempt: running.id }],
        }),
      ],
    })
    expect(result).toMatchObject({ last: 3, repeats: [], outbox: [{ action: { type: 'assign' } }] })
    const before = await first.load()
    await first.close()
    const second = await opened(dir)
    expect(await second.load()).toEqual(before)
    expect(before.map(row => row.kind === 'agent' || row.kind === 'journal' || row.id)).toEqual([
      'zz',
      'aa',
      'zz.train.1',
      'aa.train.1',
      'zz.train.1.1',
    ])
    expect(before[0]).toEqual(experiment('zz'))
    expect(await second.outbox()).toEqual(result.outbox)
    await second.outboxDone(result.outbox.map(o => o.seq))
    expect(await second.outbox()).toEqual([])
    const log = await second.log({ after: 0, limit: 10 })
    expect(log.map(l => l.event)).toEqual([submitted('zz').event, submitted('aa').event, reported('zz.train.1.1')])
  })

  it('never gives an outbox number twice, so a late answer cannot tick off a newer action', async () => {
    const store = await opened()
    const commit = () =>
      store.commit({
        entries: [
          entry(reported('x.train.1.1'), { actions: [{ type: 'forget', agent: 'a', attempt: 'x.train.1.1' }] }),
        ],
      })
    const one = await commit()
    await store.outboxDone(one.outbox.map(o => o.seq))
    const two = await commit()
    expect(two.outbox[0]?.seq).toBeGreaterThan(one.outbox[0]?.seq as number)
  })

  it('G15: reports a command that was stored before, does not apply it, and gives back its answer', async () => {
    const store = await opened()
    await store.commit({ entries: [submitted('ab')] })
    const again = await store.commit({
      entries: [{ ...submitted('ab'), changes: [experiment('ab', { state: 'cancelled' })] }, submitted('cd')],
    })
    expect(again).toMatchObject({ last: 2, repeats: [0] })
    expect((await store.load())[0]).toEqual(experiment('ab'))
    expect(await store.command('submit-ab')).toEqual({ seq: 1, result: { id: 'ab' } })
    expect(await store.command('submit-never')).toBeNull()
  })

  it('writes the plan once, and a change of state leaves it as it was', async () => {
    const store = await opened()
    await store.commit({ entries: [submitted('ab')] })
    const other = experiment('ab', { state: 'success', plan: { ...experiment('ab').plan, seed: 99 } })
    await store.commit({ entries: [entry(reported('ab.train.1.1'), { changes: [other] })] })
    expect((await store.load())[0]).toEqual(experiment('ab', { state: 'success' }))
  })

  it('shows in the feed what belongs to the experiment, with the rows whose state changed, and no plain reports', async () => {
    const store = await opened()
    await store.commit({ entries: [submitted('ab'), submitted('cd')] })
    await store.commit({ entries: [entry(reported('ab.train.1.1'), { changes: [trial('ab', 1, { step: 1 })] })] })
    await store.commit({
      entries: [
        entry(
          { type: 'agent-silent', agent: 'a1', state: 'lost', time: 9 },
          { changes: [trial('ab', 1, { state: 'queued', reason: 'agent lost' }), trial('cd', 1)] },
        ),
      ],
    })
    const feed = await store.events({ experiment: 'ab', limit: 10 })
    expect(feed.map(item => [item.seq, item.event.type])).toEqual([
      [4, 'agent-silent'],
      [1, 'experiment-submitted'],
    ])
    expect(feed[0]?.changed).toEqual([{ kind: 'trial', id: 'ab.train.1', state: 'queued', reason: 'agent lost' }])
    expect(await store.events({ experiment: 'cd', limit: 10, before: 2 })).toEqual([])
  })

  it('makes calls that arrive together one transaction, and rejects only the one that fails', async () => {
    const store = await opened()
    await store.createUser({ name: 'ada', role: 'admin' })
    const results = await Promise.allSettled([
      store.commit({ entries: [submitted('ab')] }),
      store.createUser({ name: 'ada', role: 'viewer' }),
      store.commit({ entries: [submitted('cd')] }),
    ])
    expect(results.map(r => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await store.lastEvent()).toBe(2)
    expect(await store.users()).toHaveLength(1)
  })

  it('refuses calls after close, and lets those that came before it end', async () => {
    const store = await opened()
    const pending = store.commit({ entries: [submitted('ab')] })
    await store.close()
    expect(await pending).toMatchObject({ last: 1 })
    await expect(store.commit({ entries: [] })).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(store.load()).rejects.toMatchObject({ code: 'CLOSED' })
    await store.close()
  })
})
