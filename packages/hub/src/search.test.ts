/** Searches, schedulers, resume and reuse over real sockets and a real store; the fake agent plays the trials. */
import type { Spec } from '@flambe/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { FakeAgent, type Play } from './testing/fake-agent.ts'
import { eventually, type House, openHouse } from './testing/house.ts'

let house: House
const agents: FakeAgent[] = []

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close()
  await house.close()
})

async function join(play: Play, cpu = 2): Promise<FakeAgent> {
  const { token } = await house.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url: house.url, token, name: `agent${agents.length}`, cpu, play })
  agents.push(agent)
  await agent.connect()
  return agent
}

let commands = 0
const submit = (text: string) =>
  house.api.experiments.submit.mutate({ text, resources: {}, command: `command-${commands++}` })

async function submitted(text: string): Promise<string> {
  const answer = await submit(text)
  if (!answer.ok) throw new Error(JSON.stringify(answer))
  return answer.id
}

const stateOf = async (id: string) => (await house.api.experiments.get.query({ id })).state
const ended = (id: string) => eventually(async () => /success|failure|cancelled/.test(await stateOf(id)))
const trialsOf = async (experiment: string) =>
  (await house.api.trials.list.query({ experiment, offset: 0, limit: 200 })).items

const rate = (spec: Spec): number => spec.params['b.lr'] as number
/** Better near 0.3. */
const metric = (spec: Spec, step: number): number => 1 - Math.abs(rate(spec) - 0.3) - 0.1 / step

const searched = (search: string, scheduler: string, more = '') => `!Experiment
name: searched
seed: 7
pipeline:
  b: !Adam {lr: !uniform [0.0, 1.0]}
  c: !SGD {lr: !@ b.lr}
search: {b: ${search}}
${scheduler === '' ? '' : `schedulers: {b: ${scheduler}}`}
reduce: {b: {k: 1, mode: max}}
${more}`

describe('a search with a scheduler', () => {
  it('goes on over a restart of the hub, prunes with reasons, and its best goes down the pipeline (G8, G16)', async () => {
    house = await openHouse()
    let steps = 0
    let reached = () => {}
    const middle = new Promise<void>(resolve => (reached = resolve))
    let go = () => {}
    const gate = new Promise<void>(resolve => (go = resolve))
    const agent = await join({
      steps: 9,
      metric,
      before: async () => {
        if (++steps < 20) return
        reached()
        await gate
      },
    })
    const id = await submitted(searched('!TPE {n_trials: 8, startup: 3}', '!ASHA {max_t: 9, grace: 1, factor: 2}'))
    await middle
    house = await house.restart()
    go()
    agent.cut()
    await agent.connect()
    await ended(id)
    expect(await stateOf(id)).toBe('success')
    const trials = (await trialsOf(id)).filter(t => t.block === 'b')
    expect(trials.map(t => t.number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const pruned = trials.filter(t => t.state === 'pruned')
    expect(pruned.length).toBeGreaterThan(0)
    for (const { reason } of pruned) expect(reason).toMatch(/^stopped at \d: rank \d of \d, needs \d$/)
    const kept = trials.find(t => t.kept)
    const last = [...agent.specs.values()].find(spec => spec.block === 'c')
    expect(last?.inputs.b?.trial).toBe(kept?.id)
    expect(agent.problems).toEqual([])
  })

  it('lets a population copy: the weak trial goes on from the strong one, with other values in its configuration', async () => {
    house = await openHouse()
    const agent = await join({ steps: 8, save: 1, metric }, 4)
    const id = await submitted(searched('!Random {n_trials: 4}', '!PBT {interval: 2, max_t: 8}'))
    await ended(id)
    const copied = [...agent.specs.values()].filter(spec => spec.block === 'b' && spec.epoch > 1)
    expect(copied.length).toBeGreaterThan(0)
    for (const spec of copied) {
      const first = agent.specs.get(`${spec.trial}.1`) as Spec
      expect(rate(spec)).not.toBe(rate(first))
      const config = JSON.stringify(spec.config)
      expect(config).toContain(String(rate(spec)))
      // The donor's files, and numbers that go on after the trial's own.
      expect(spec.resume?.manifest).toBeDefined()
      expect(spec.resume?.step).toBeGreaterThan(0)
      expect((await house.hub.services.store.checkpoints(spec.trial)).length).toBeGreaterThan(0)
    }
    expect(agent.problems).toEqual([])
  })
})

const PIPELINE = (lr: string, more: string) => `!Experiment
name: pipeline
seed: 7
stop_on_failure: false
max_failures: 0
pipeline:
  a: !Adam {lr: !g ${lr}}
  b: !SGD {lr: !@ a.lr, momentum: 0.5}
${more}`

describe('resume and reuse', () => {
  let broken = true
  const failing = (spec: Spec) =>
    broken && spec.block === 'a' && spec.trial_number === 2
      ? ({ kind: 'failed', failure: { class: 'user-code', message: 'boom', stack: null } } as const)
      : ({ kind: 'done' } as const)

  it('takes finished trials over, runs failed ones again, and takes the place of the earlier experiment', async () => {
    house = await openHouse()
    const agent = await join({ steps: 1, exit: failing })
    const first = await submitted(PIPELINE('[0.1, 0.2]', ''))
    await ended(first)
    expect(await stateOf(first)).toBe('failure')
    broken = false
    agent.specs.clear()
    const second = await submitted(PIPELINE('[0.1, 0.2]', 'resume: true'))
    await ended(second)
    expect(await stateOf(second)).toBe('success')
    expect([...agent.specs.keys()].sort()).toEqual([`${second}.a.2.1`, `${second}.b.2.1`])
    const rows = house.hub.services.rows
    expect(rows.trialsOf(second, 'a').map(t => t.reused_from)).toEqual([`${first}.a.1`, null])
    expect((await house.hub.services.store.checkpoints(`${second}.a.1`)).length).toBe(1)
    expect(house.hub.services.archived.has(first)).toBe(true)
  })

  it('refuses to resume what has changed, and says what', async () => {
    house = await openHouse()
    await join({ steps: 1 })
    const first = await submitted(PIPELINE('[0.1, 0.2]', ''))
    await ended(first)
    expect(await submit(PIPELINE('[0.1, 0.3]', 'resume: b'))).toMatchObject({
      ok: false,
      refusal: `a has changed since experiment ${first}, so it cannot be resumed: a.lr was !g [0.1,0.2] and is !g [0.1,0.3]`,
    })
  })

  it('refuses to resume one that still runs', async () => {
    house = await openHouse()
    const first = await submitted(PIPELINE('[0.1, 0.2]', ''))
    expect(await submit(PIPELINE('[0.1, 0.2]', 'resume: true'))).toMatchObject({
      ok: false,
      refusal: `experiment ${first} is running: it can be resumed when it has ended`,
    })
  })

  it('reuses the same computation of any experiment, and computes the rest', async () => {
    house = await openHouse()
    const agent = await join({ steps: 1 })
    await ended(await submitted(PIPELINE('[0.1, 0.2]', '')))
    agent.specs.clear()
    const second = await submitted(PIPELINE('[0.2, 0.4]', 'reuse: true').replace('pipeline\n', 'other\n'))
    await ended(second)
    expect([...agent.specs.keys()].sort()).toEqual([`${second}.a.2.1`, `${second}.b.2.1`])
  })

  it('begins a resumed search with the trials that it had', async () => {
    house = await openHouse()
    const agent = await join({ steps: 1, metric })
    const first = await submitted(searched('!Random {n_trials: 3}', ''))
    await ended(first)
    agent.specs.clear()
    const second = await submitted(searched('!Random {n_trials: 5}', '', 'resume: b'))
    await ended(second)
    const trials = house.hub.services.rows.trialsOf(second, 'b')
    expect(trials.map(t => t.reused_from)).toEqual([`${first}.b.1`, `${first}.b.2`, `${first}.b.3`, null, null])
    expect([...agent.specs.values()].filter(spec => spec.block === 'b').length).toBe(2)
  })
})
