/** What pages are told of a running and a finished experiment. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCommitted } from '../rows/committed.ts'
import { FakeAgent } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { eventually, type House, openHouse } from '../testing/house.ts'
import { feedText } from './feed.ts'

let house: House
let agent: FakeAgent
let failures: number

beforeEach(async () => {
  house = await openHouse()
  failures = 0
  const { token } = await house.api.agents.joinToken.mutate()
  const exit = () =>
    failures-- > 0
      ? ({ kind: 'failed', failure: { class: 'infrastructure', message: 'no disk\nat all', stack: null } } as const)
      : ({ kind: 'done' } as const)
  agent = new FakeAgent({ url: house.url, token, cpu: 1, play: { steps: 1, exit } })
})
afterEach(async () => {
  agent.close()
  await house.close()
})

/** `a` and `b` in the order of the alphabet would stand the other way round. */
const TURNED = SMALL.replaceAll(/\ba\b/g, 'z')

async function submit(): Promise<string> {
  const answer = await house.api.experiments.submit.mutate({ text: TURNED, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  return answer.id
}

const finish = async (id: string) => {
  await agent.connect()
  await eventually(async () => (await house.api.experiments.get.query({ id })).state === 'success')
  return id
}

it('the number of trials is that of the plan from the start to the end, in list and detail', async () => {
  const id = await submit()
  const totals = async () => [
    (await house.api.experiments.list.query({ limit: 1 })).items[0]?.trials_total,
    (await house.api.experiments.get.query({ id })).trials_total,
  ]
  expect(await totals()).toEqual([4, 4])
  await finish(id)
  expect(await totals()).toEqual([4, 4])
  const { trials } = await house.api.experiments.get.query({ id })
  expect(trials).toEqual({ success: 4, masked: 2 })
})

it('trials come block after block as the pipeline has them', async () => {
  const id = await finish(await submit())
  const { items } = await house.api.trials.list.query({ experiment: id, offset: 0, limit: 100 })
  expect(items.map(t => `${t.block} ${t.number}`)).toEqual(['z 1', 'z 2', 'b 1', 'b 2', 'b 3', 'b 4'])
})

it('the environment of an attempt is the one that its trial process tells, whole', async () => {
  const id = await finish(await submit())
  const trial = await house.api.trials.get.query({ id: `${id}.z.1` })
  expect(trial.attempts[0]?.environment).toEqual(agent.environment)
  expect(trial.backend).toBe('cpu')
})

describe('the feed', () => {
  it('names no trial of another experiment', () => {
    const changed = (id: string, state: string) => ({ kind: 'trial', id, state, reason: null })
    const item = {
      seq: 1,
      time: 0,
      event: { type: 'attempt-ended', attempt: 'e1.train.16.1', exit: { kind: 'done' } },
      changed: [changed('e1.train.16', 'success'), changed('e2.export.6', 'preparing')],
    } as never
    expect(feedText(createCommitted(), item, 'e1')).toBe('train #16 finished')
    expect(feedText(createCommitted(), item, 'e2')).toBe('a slot became free; export #6 assigned')
  })

  const feed = async (id: string) =>
    (await house.api.experiments.events.query({ id, limit: 100 })).items.map(i => i.text).reverse()

  it('says each thing once, in a few words', async () => {
    expect((await feed(await finish(await submit()))).map(line => line.replace(/by [^;]+/, 'by ada'))).toEqual([
      'submitted by ada; block z started',
      'agent one connected; z #1 assigned',
      'z #1 started on one',
      'z #1 saved step 1',
      'z #1 finished; z #2 assigned',
      'z #2 started on one',
      'z #2 saved step 1',
      'z #2 finished; block z finished; 2 trials of b left out; b #3 assigned; block b started',
      'b #3 started on one',
      'b #3 saved step 1',
      'b #3 finished; b #4 assigned',
      'b #4 started on one',
      'b #4 saved step 1',
      'b #4 finished; block b finished; experiment finished',
    ])
  })

  it('says why a trial failed, and what comes of it', async () => {
    failures = 1
    const lines = await feed(await finish(await submit()))
    expect(lines.slice(4, 6)).toEqual(['z #1 failed, to be run again: no disk', 'z #1 started again on one'])
  })
})
