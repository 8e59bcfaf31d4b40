import type { BlockRow, TrialState } from '@flambe/engine'
import { describe, expect, it } from 'vitest'
import type { OpenStore, TrialSort } from './contract.ts'
import { attempt, entry, experiment, opened, plan, trial } from './testing/sample.ts'

const tick = { type: 'agent-silent', agent: 'a', state: 'lost', time: 1 } as const

async function withExperiments(): Promise<OpenStore> {
  const store = await opened()
  const changes = [
    experiment('aa', { name: 'digits', created: 1, state: 'success' }),
    experiment('bb', { name: 'iris', created: 2, plan: plan('iris', { tags: ['Baseline'], notes: '50% off' }) }),
    experiment('cc', { name: 'digits', created: 3, user: 'bob' }),
    experiment('dd', { name: 'script', created: 3 }),
    trial('cc', 1, { state: 'running' }),
    trial('cc', 2, { state: 'queued' }),
    trial('cc', 3, { state: 'queued' }),
  ]
  await store.commit({ entries: [entry(tick, { changes })] })
  return store
}

describe('experiments', () => {
  it('are listed newest first, page after page, with the total and the states of their trials', async () => {
    const store = await withExperiments()
    const first = await store.experiments({ limit: 3 })
    expect(first.items.map(e => e.id)).toEqual(['dd', 'cc', 'bb'])
    expect(first.items[1]).toMatchObject({
      name: 'digits',
      user: 'bob',
      archived: false,
      trials: { running: 1, queued: 2 },
    })
    expect(first.total).toBe(4)
    const second = await store.experiments({ limit: 3, cursor: first.next ?? '' })
    expect(second).toMatchObject({ items: [{ id: 'aa' }], next: null, total: 4 })
  })

  it('are found by words in name, user, tags and notes, and by state', async () => {
    const store = await withExperiments()
    const ids = async (query: object) => (await store.experiments({ limit: 10, ...query })).items.map(e => e.id)
    expect(await ids({ search: 'digits' })).toEqual(['cc', 'aa'])
    expect(await ids({ search: 'DIGITS bob' })).toEqual(['cc'])
    expect(await ids({ search: 'baseline' })).toEqual(['bb'])
    expect(await ids({ search: '50% off' })).toEqual(['bb'])
    expect(await ids({ search: '5_%' })).toEqual([])
    expect(await ids({ state: 'success' })).toEqual(['aa'])
    await expect(store.experiments({ limit: 10, cursor: "1' OR 1" })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(store.experiments({ limit: 201 })).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('that are archived leave the list and their name, also after later changes of state', async () => {
    const store = await withExperiments()
    expect((await store.experimentsNamed('digits')).map(e => e.id)).toEqual(['cc', 'aa'])
    await store.archive('cc', true)
    await store.commit({
      entries: [entry(tick, { changes: [experiment('cc', { name: 'digits', state: 'cancelled' })] })],
    })
    expect((await store.experimentsNamed('digits')).map(e => e.id)).toEqual(['aa'])
    expect((await store.experiments({ limit: 10, archived: true })).items).toMatchObject([{ id: 'cc', archived: true }])
    expect([...(await store.archived())]).toEqual(['cc'])
    await expect(store.archive('nope', true)).rejects.toMatchObject({ code: 'UNKNOWN' })
  })
})

describe('trials', () => {
  const block: BlockRow = {
    kind: 'block',
    experiment: 'ex',
    id: 'train',
    index: 0,
    state: 'running',
    reason: null,
    ranking: null,
    search: null,
    started: null,
    ended: null,
  }
  async function withTrials(): Promise<OpenStore> {
    const store = await opened()
    const changes = [
      experiment('ex'),
      trial('ex', 1, { metric: 0.5, state: 'success', params: { lr: 0.1, 'a.b "c"': 'x' }, started: 5, ended: 10 }),
      trial('ex', 2, { metric: '.nan', state: 'failure', reason: 'Exploded', params: { lr: 0.01 } }),
      trial('ex', 3, {
        metric: '-.inf',
        state: 'success',
        params: { lr: 0.001, 'a.b "c"': 'a' },
        started: 1,
        ended: 2,
      }),
      trial('ex', 4, { metric: 0.9, params: { lr: 0.1 } }),
      trial('other', 1),
    ]
    await store.commit({ entries: [entry(tick, { changes })] })
    return store
  }
  const numbers = async (store: OpenStore, query: object) =>
    (await store.trials({ experiment: 'ex', offset: 0, limit: 10, ...query })).items.map(t => t.number)
  const by = (name: string, desc = false) => ({ sort: [{ by: name as TrialSort, desc }] })

  it('are sorted by columns and by parameters, missing values last either way', async () => {
    const store = await withTrials()
    expect(await numbers(store, {})).toEqual([1, 2, 3, 4])
    expect(await numbers(store, by('metric'))).toEqual([3, 1, 4, 2])
    expect(await numbers(store, by('metric', true))).toEqual([4, 1, 3, 2])
    expect(await numbers(store, by('params.lr'))).toEqual([3, 2, 1, 4])
    expect(await numbers(store, by('params.a.b "c"'))).toEqual([3, 1, 2, 4])
    expect(await numbers(store, by('duration', true))).toEqual([1, 3, 2, 4])
    const both = { sort: [...by('params.lr', true).sort, ...by('metric', true).sort] }
    expect(await numbers(store, both)).toEqual([4, 1, 2, 3])
    await expect(numbers(store, by('id; DROP TABLE trials'))).rejects.toMatchObject({ code: 'INVALID' })
    await expect(numbers(store, by('toString'))).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('of several blocks come in the order of the pipeline, not of the alphabet', async () => {
    const store = await opened()
    const changes = [
      ...['zero', 'model', 'alpha'].map((id, index): BlockRow => ({ ...block, id, index })),
      ...['alpha', 'model', 'zero'].flatMap(of => [2, 1].map(n => trial('ex', n, { id: `ex.${of}.${n}`, block: of }))),
    ]
    await store.commit({ entries: [entry(tick, { changes: [experiment('ex'), ...changes] })] })
    const ids = async (query: object) =>
      (await store.trials({ experiment: 'ex', offset: 0, limit: 10, ...query })).items.map(t => t.id.slice(3))
    const inOrder = ['zero.1', 'zero.2', 'model.1', 'model.2', 'alpha.1', 'alpha.2']
    expect(await ids({})).toEqual(inOrder)
    expect(await ids(by('block'))).toEqual(inOrder)
    expect((await ids(by('block', true)))[0]).toBe('alpha.1')
    expect(await ids({ block: 'model' })).toEqual(['model.1', 'model.2'])
  })

  it('are filtered by state, block and words, and paged with the total', async () => {
    const store = await withTrials()
    const states: TrialState[] = ['success']
    expect(await numbers(store, { states })).toEqual([1, 3])
    expect(await numbers(store, { search: 'exploded' })).toEqual([2])
    expect(await numbers(store, { block: 'test' })).toEqual([])
    const page = await store.trials({ experiment: 'ex', ...by('metric'), offset: 1, limit: 2 })
    expect([page.items.map(t => t.number), page.total]).toEqual([[1, 4], 4])
    expect(page.items[0]).toEqual(
      trial('ex', 1, { metric: 0.5, state: 'success', params: { lr: 0.1, 'a.b "c"': 'x' }, started: 5, ended: 10 }),
    )
  })

  it('have their attempts in order', async () => {
    const store = await opened()
    const rows = [2, 10, 1].map(epoch => attempt('ex.train.1', epoch))
    await store.commit({ entries: [entry(tick, { changes: rows })] })
    expect((await store.attempts('ex.train.1')).map(a => a.epoch)).toEqual([1, 2, 10])
  })
})

describe('agents', () => {
  it('keep what they told of themselves', async () => {
    const store = await opened()
    await store.setAgentInfo('a1', { host: 'box' })
    await store.setAgentInfo('a1', { host: 'box2' })
    expect(await store.agentInfo()).toEqual({ a1: { host: 'box2' } })
  })
})
