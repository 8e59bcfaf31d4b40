/** What pages are told of searches, agents and preparing trials, through real hubs; the fake agent plays the trials. */
import type { Spec } from '@flambe/protocol'
import { afterEach, expect, it } from 'vitest'
import { FakeAgent, type Play } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { eventually, type House, openHouse } from '../testing/house.ts'

let house: House
const agents: FakeAgent[] = []

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.close()
  await house.close()
})

async function join(play: Play, cpu = 2): Promise<FakeAgent> {
  const { token } = await house.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url: house.url, token, cpu, play })
  agents.push(agent)
  await agent.connect()
  return agent
}

const FILE = (search: string, scheduler: string | null) => `!Experiment
name: searched
seed: 7
pipeline:
  b: !Adam {lr: !uniform [0.0, 1.0]}
search: {b: ${search}}
${scheduler === null ? '' : `schedulers: {b: ${scheduler}}`}
`
const metric = (spec: Spec, step: number): number => 1 - Math.abs((spec.params['b.lr'] as number) - 0.3) - 0.1 / step

async function finished(text: string): Promise<string> {
  const answer = await house.api.experiments.submit.mutate({ text, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error(JSON.stringify(answer))
  await eventually(async () => (await house.api.experiments.get.query({ id: answer.id })).state === 'success')
  return answer.id
}
const courseOf = (experiment: string) => house.api.search.course.query({ experiment, block: 'b' })
const trialsOf = async (experiment: string) =>
  (await house.api.trials.list.query({ experiment, offset: 0, limit: 200 })).items

it('who stood at a rung, and with which rank, is what the scheduler said when it stopped them (G17)', async () => {
  house = await openHouse()
  await join({ steps: 9, metric })
  const id = await finished(FILE('!Random {n_trials: 14}', '!ASHA {max_t: 9, grace: 1, factor: 2}'))
  const { rungs } = await courseOf(id)
  expect(rungs?.rungs.map(rung => rung.step)).toEqual([1, 2, 4, 8, 9])
  const pruned = (await trialsOf(id)).filter(trial => trial.state === 'pruned')
  expect(pruned.length).toBeGreaterThan(3)
  for (const { number, reason } of pruned) {
    const [, step, rank, of] = /^stopped at (\d+): rank (\d+) of (\d+)/.exec(reason ?? '') ?? []
    const rung = rungs?.rungs.find(one => one.step === Number(step))
    const entry = rung?.entries.find(one => one.trial === number)
    expect(entry).toMatchObject({ rank: Number(rank), of: Number(of), outcome: 'stopped' })
  }
  const first = rungs?.rungs[0]
  expect(first).toMatchObject({ reached: 14, planned: 14, running: 0, paused: 0, failed: 0, last: false })
  for (const rung of rungs?.rungs ?? []) {
    const { promoted, stopped, finished, reached } = rung
    expect(promoted + stopped + finished).toBe(reached)
  }
  // The next of 15 has to be among the best 7.
  const values = (first?.entries ?? []).map(entry => entry.value as number).sort((a, b) => b - a)
  expect(first?.cutoff).toBe(values[6])
  expect(rungs?.rungs.at(-1)).toMatchObject({ last: true, cutoff: null })
  // The hub has forgotten what it folded, and reads it again.
  house = await house.restart()
  expect((await courseOf(id)).rungs).toEqual(rungs)
})

it('a rule without rungs is shown at some of its steps', async () => {
  house = await openHouse()
  await join({ steps: 5, metric })
  const id = await finished(FILE('!Random {n_trials: 8}', '!MedianStopping {min_trials: 2}'))
  const { rungs } = await courseOf(id)
  expect(rungs?.kind).toBe('steps')
  expect(rungs?.rungs.map(({ step }) => step)).toEqual([1, 2, 4])
  const stopped = (rungs?.rungs ?? []).reduce((sum, rung) => sum + rung.stopped, 0)
  expect(stopped).toBe((await trialsOf(id)).filter(trial => trial.state === 'pruned').length)
  expect(stopped).toBeGreaterThan(0)
})

it('every objective of a trial is told, and the front holds nobody who is worse in all', async () => {
  house = await openHouse()
  await join({ steps: 2, metric })
  const id = await finished(
    FILE('!NSGA2 {n_trials: 12, population: 4, metric: [accuracy, loss], mode: [max, min]}', null),
  )
  const trials = await trialsOf(id)
  for (const trial of trials) {
    expect(trial.metrics).toEqual({ accuracy: trial.metric, loss: 0.5 })
    expect((await house.api.trials.get.query({ id: trial.id })).metrics).toEqual(trial.metrics)
  }
  const { objectives, pareto, rungs } = await courseOf(id)
  expect(objectives).toEqual([
    { name: 'accuracy', mode: 'max' },
    { name: 'loss', mode: 'min' },
  ])
  expect(rungs).toBeNull()
  expect(pareto?.total).toBe(12)
  // The loss is the same for all.
  const best = Math.max(...trials.map(trial => trial.metric as number))
  expect(pareto?.points.filter(point => point.front).map(point => point.values)).toEqual([[best, 0.5]])
})

it('the copies of a population are told in their order, one for each change of a schedule', async () => {
  house = await openHouse()
  await join({ steps: 8, save: 1, metric }, 4)
  const id = await finished(FILE('!Random {n_trials: 4}', '!PBT {interval: 2, max_t: 8}'))
  const { copies, rungs } = await courseOf(id)
  expect(rungs).toBeNull()
  expect(copies.length).toBeGreaterThan(0)
  for (const { id: trial, number, schedule } of await trialsOf(id)) {
    const own = copies.filter(copy => copy.trial === number)
    expect(own.map(({ donor }) => `${id}.b.${donor}`)).toEqual(schedule.slice(1).map(({ donor }) => donor))
    expect(
      own.every(({ at }) => at > 0 && at % 2 === 0),
      trial,
    ).toBe(true)
  }
})

it('an agent says what it does before a trial runs, and the trial shows it as long as it prepares (G12)', async () => {
  house = await openHouse()
  const agent = await join({ steps: 1 }, 1)
  let go = () => {}
  const gate = new Promise<void>(resolve => (go = resolve))
  const run = agent.run.bind(agent)
  agent.run = async folder => {
    agent.print(folder, 'flambe-agent: fetching big.bin: 4.0 MB of 10.0 MB (40 %)\n', 'stderr')
    await agent.ship(folder)
    await gate
    await run(folder)
  }
  const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  const first = () => house.api.trials.get.query({ id: `${answer.id}.a.1` })
  await eventually(async () => (await first()).reason !== null)
  expect(await first()).toMatchObject({ state: 'preparing', reason: 'fetching big.bin: 4.0 MB of 10.0 MB (40 %)' })
  go()
  await eventually(async () => (await first()).state === 'success')
  expect((await first()).reason).toBeNull()
})

it('a trial whose output was cut by a limit says so in lists and at the attempt, over a restart too (G3, G4)', async () => {
  house = await openHouse()
  const agent = await join({ steps: 1 }, 1)
  const tell = agent.tell.bind(agent)
  agent.tell = (event, message) => {
    const cut = event === 'ended' && (message as { attempt: string }).attempt.includes('.a.1.')
    return tell(event, cut ? { ...message, dropped: { stdout: 1000, stderr: 0 } } : message)
  }
  const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  await eventually(async () => (await house.api.experiments.get.query({ id: answer.id })).state === 'success')
  const cut = async () => (await trialsOf(answer.id)).filter(trial => trial.truncated).map(trial => trial.id)
  expect(await cut()).toEqual([`${answer.id}.a.1`])
  house = await house.restart()
  expect(await cut()).toEqual([`${answer.id}.a.1`])
  const [attempt] = (await house.api.trials.get.query({ id: `${answer.id}.a.1` })).attempts
  expect(attempt?.truncated).toEqual({ stdout: 1000, stderr: 0 })
})

it('a revoked agent is shown as such, over a restart too, and its trials are given up at once', async () => {
  house = await openHouse()
  const agent = await join({ steps: 1 })
  const listed = async () => (await house.api.agents.list.query()).items.map(({ id, revoked }) => ({ id, revoked }))
  expect(await listed()).toEqual([{ id: agent.id, revoked: false }])
  let go = () => {}
  const gate = new Promise<void>(resolve => (go = resolve))
  Object.assign(agent.play, { before: () => gate })
  const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  const first = async () => (await house.api.trials.get.query({ id: `${answer.id}.a.1` })).state
  await eventually(async () => (await first()) === 'running')
  await house.api.agents.revoke.mutate({ id: agent.id as string })
  expect(await listed()).toEqual([{ id: agent.id, revoked: true }])
  // Its trial is free for another machine, without a lease that has to run out.
  await eventually(async () => (await first()) === 'queued')
  go()
  agent.close()
  house = await house.restart()
  expect(await listed()).toEqual([{ id: agent.id, revoked: true }])
})
