import { afterEach, describe, expect, it } from 'vitest'
import { FakeAgent, type Play } from './testing/fake-agent.ts'
import { named, SMALL } from './testing/files.ts'
import { eventually, type House, openHouse } from './testing/house.ts'

let house: House
const agents: FakeAgent[] = []

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close()
  await house.close()
})

async function join(
  options: { readonly name?: string; readonly play?: Play; readonly cpu?: number } = {},
): Promise<FakeAgent> {
  const { token } = await house.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url: house.url, token, ...options })
  agents.push(agent)
  await agent.connect()
  return agent
}

async function submit(text = SMALL, command = `command-${Math.floor(performance.now() * 1_000)}`): Promise<string> {
  const answer = await house.api.experiments.submit.mutate({ text, resources: {}, command })
  if (!answer.ok) throw new Error(JSON.stringify(answer))
  return answer.id
}

const stateOf = async (id: string) => (await house.api.experiments.get.query({ id })).state
const finished = (id: string) => eventually(async () => /success|failure|cancelled/.test(await stateOf(id)))

/** What must not depend on how often anything was cut. */
async function results(id: string) {
  const { items } = await house.api.trials.list.query({ experiment: id, offset: 0, limit: 100 })
  return items.map(t => ({
    trial: `${t.block}.${t.number}`,
    state: t.state,
    params: t.params,
    step: t.step,
    metric: t.metric,
    kept: t.kept,
  }))
}

describe('a whole experiment over real sockets', () => {
  it('goes from the file through an agent to success', async () => {
    house = await openHouse()
    const agent = await join({ play: { steps: 3 } })
    const id = await submit()
    await finished(id)
    expect(agent.problems).toEqual([])
    expect(house.errors).toEqual([])

    const detail = await house.api.experiments.get.query({ id })
    expect(detail.state).toBe('success')
    expect(detail.block_list.map(b => [b.id, b.state, b.trials])).toEqual([
      ['a', 'success', { success: 2 }],
      ['b', 'success', expect.objectContaining({ success: 2 })],
    ])
    expect(detail.block_list[0]?.ranking?.map(r => [r.number, r.metric, r.kept])).toEqual([
      [2, 23, true],
      [1, 13, false],
    ])
    const spec = [...agent.specs.values()].find(s => s.block === 'b')
    expect(spec?.inputs).toEqual({ a: { trial: `${id}.a.2`, manifest: expect.objectContaining({ kind: 'folder' }) } })

    const trial = `${id}.a.2`
    const { series } = await house.api.series.read.query({ trials: [trial], tags: ['accuracy'], points: 100 })
    expect(series[0]).toMatchObject({ trial, tag: 'accuracy', total: 3, steps: [1, 2, 3], values: [21, 22, 23] })
    const output = await house.api.output.read.query({ attempt: `${trial}.1`, stream: 'stdout', bytes: 1_000 })
    expect(output.text).toBe('step 1\nstep 2\nstep 3\n')
    const files = await house.api.artifacts.list.query({ trial })
    expect(files.files.map(f => f.path)).toEqual(['weights.bin'])
    const feed = await house.api.experiments.events.query({ id, limit: 100 })
    expect(feed.items.at(-1)?.text).toMatch(/^submitted by /)
    await eventually(() => agent.folders.size === 0 && agent.forgotten.length >= 4)
  })

  it('shares trials between two agents', async () => {
    house = await openHouse()
    const one = await join({ name: 'one', cpu: 1, play: { steps: 2 } })
    const two = await join({ name: 'two', cpu: 1, play: { steps: 2 } })
    await finished(await submit())
    expect(one.specs.size).toBeGreaterThan(0)
    expect(two.specs.size).toBeGreaterThan(0)
  })

  it('pauses an experiment and goes on from the checkpoints', async () => {
    house = await openHouse()
    let reached = () => {}
    const middle = new Promise<void>(resolve => {
      reached = resolve
    })
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const agent = await join({
      play: {
        steps: 4,
        before: async (_, step) => {
          if (step !== 2) return
          reached()
          await gate
        },
      },
    })
    const id = await submit()
    await middle
    await house.api.experiments.command.mutate({ id, command: 'pause', command_id: 'pause-0001' })
    await eventually(() => agent.ends.some(e => e.how === 'pause'))
    go()
    await eventually(async () => (await results(id)).every(t => t.state === 'paused'))
    await house.api.experiments.command.mutate({ id, command: 'resume', command_id: 'resume-0001' })
    await finished(id)
    expect(await stateOf(id)).toBe('success')
    const resumed = [...agent.specs.values()].filter(s => s.epoch === 2)
    expect(resumed.map(s => s.resume?.step)).toEqual(resumed.map(() => 2))
    expect(resumed.length).toBeGreaterThan(0)
  })
})

describe('a hub that stops in the middle', () => {
  it('continues on the same folder with the same results as an undisturbed run (G8, G16)', async () => {
    house = await openHouse()
    await join({ play: { steps: 4 } })
    const calm = await submit(named('calm'))
    await finished(calm)
    const expected = await results(calm)
    for (const agent of agents.splice(0)) agent.close()
    await house.close()

    house = await openHouse()
    let reached = () => {}
    const middle = new Promise<void>(resolve => {
      reached = resolve
    })
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const agent = await join({
      play: {
        steps: 4,
        before: async (spec, step) => {
          if (spec.block !== 'a' || step !== 3) return
          reached()
          await gate
        },
      },
    })
    const id = await submit(named('calm'))
    await middle
    const before = agent.id
    house = await house.restart()
    go()
    agent.cut()
    expect((await agent.connect()).agent).toBe(before)
    await finished(id)
    expect(await results(id)).toEqual(expected)
    expect(agent.problems).toEqual([])
    // No attempt was given up: each trial has one.
    const { items } = await house.api.trials.list.query({ experiment: id, offset: 0, limit: 100 })
    expect(items.filter(t => t.state === 'success').map(t => t.epoch)).toEqual([1, 1, 1, 1])
  })

  it('sends an assignment that was not acknowledged again after the restart (G15)', async () => {
    house = await openHouse()
    const agent = await join()
    agent.cut()
    const id = await submit()
    house = await house.restart()
    await agent.connect()
    await finished(id)
    expect(await stateOf(id)).toBe('success')
  })
})

describe('submitting', () => {
  it('takes effect once, however often the command is sent (G15)', async () => {
    house = await openHouse()
    const [a, b] = await Promise.all([submit(SMALL, 'command-1'), submit(SMALL, 'command-1')])
    expect(a).toBe(b)
    house = await house.restart()
    expect(await submit(SMALL, 'command-1')).toBe(a)
    expect((await house.api.experiments.list.query({ limit: 10 })).total).toBe(1)
  })

  it('refuses a name that is taken and says what to do; force archives the old one', async () => {
    house = await openHouse()
    const first = await submit()
    const second = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-2' })
    expect(second).toMatchObject({
      ok: false,
      problems: [],
      refusal: expect.stringMatching(/small is taken by .* force/),
    })
    const plan = await house.api.experiments.plan.query({ text: SMALL, limit: 10 })
    expect(plan.refusal).toMatch(/force/)
    const forced = await house.api.experiments.submit.mutate({
      text: SMALL,
      resources: {},
      command: 'command-3',
      force: true,
    })
    expect(forced.ok).toBe(true)
    const old = await house.api.experiments.get.query({ id: first })
    expect([old.archived, old.state]).toEqual([true, 'cancelled'])
  })

  it('ends what force replaces even when the hub failed in the middle and the command came again (G15)', async () => {
    house = await openHouse()
    const first = await submit()
    const { services } = house.hub
    const { archive } = services
    let failing = true
    Object.assign(services, {
      archive: async (...args: Parameters<typeof archive>) => {
        if (failing) throw new Error('cut short')
        await archive(...args)
      },
    })
    const forced = () =>
      house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-3', force: true })
    await expect(forced()).rejects.toThrow()
    failing = false
    const answer = await forced()
    const { items } = await house.api.experiments.list.query({ limit: 10 })
    expect(items.map(e => e.id)).toEqual(answer.ok ? [answer.id] : [])
    const old = await house.api.experiments.get.query({ id: first })
    expect([old.archived, old.state]).toEqual([true, 'cancelled'])
  })

  it('answers a wrong file with its problems and stores nothing', async () => {
    house = await openHouse()
    const text = SMALL.replace('!SGD', '!SDG')
    const answer = await house.api.experiments.submit.mutate({ text, resources: {}, command: 'command-4' })
    expect(answer).toMatchObject({
      ok: false,
      refusal: null,
      problems: expect.arrayContaining([expect.objectContaining({ code: 'TAG', line: 7 })]),
    })
    expect((await house.api.experiments.list.query({ limit: 10 })).total).toBe(0)
  })

  it('says which uploads are missing', async () => {
    house = await openHouse()
    const text = SMALL.replace('seed: 7', 'seed: 7\nresources: {data: ./data.csv}')
    const none = await house.api.experiments.submit.mutate({ text, resources: {}, command: 'command-5' })
    expect(none).toMatchObject({ ok: false, refusal: expect.stringContaining('data (./data.csv)') })
    const sha256 = '0'.repeat(64)
    const resources = { data: { kind: 'file' as const, files: [{ path: 'data.csv', sha256, size: 3 }] } }
    const missing = await house.api.experiments.submit.mutate({ text, resources, command: 'command-6' })
    expect(missing).toMatchObject({ ok: false, missing: [sha256] })
  })

  it('shows a plan: variants, what runs after the reduces, uploads', async () => {
    house = await openHouse()
    const plan = await house.api.experiments.plan.query({ text: SMALL, limit: 1 })
    expect(plan).toMatchObject({ ok: true, name: 'small', seed: 7, refusal: null, trials_total: 4 })
    expect(plan.blocks.map(b => [b.id, b.count, b.runs, b.variants.length])).toEqual([
      ['a', 2, 2, 1],
      ['b', 4, 2, 1],
    ])
  })
})
