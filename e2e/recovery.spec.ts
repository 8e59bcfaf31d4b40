/**
 * What a person with two machines relies on: hub and agent may be killed in the middle, and the experiment ends with the
 * results of an undisturbed run with the same seed: metrics, rankings and the bytes of every checkpoint.
 */
import { expect, test } from '@playwright/test'
import {
  type Agent,
  agentsOfTrials,
  experimentState,
  type Hub,
  results,
  startAgent,
  startHub,
  submit,
  type TrialOnDisk,
  trialsOnDisk,
  until,
} from './harness/cluster.ts'
import { experiment, removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

const SEED = 11
const FILE = experiment('digits-short.yaml')

test.afterEach(async () => {
  await endAll()
  removeFolders()
})

/** An undisturbed run, once for this file. */
let expected: ReturnType<typeof results> | null = null

async function undisturbed(): Promise<ReturnType<typeof results>> {
  if (expected !== null) return expected
  const hub = await startHub()
  await startAgent(hub, 'calm', { cpus: 2 })
  const id = await submit(hub, FILE, SEED)
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    200_000,
  )
  expected = results(trialsOnDisk(hub, id))
  await endAll()
  return expected
}

const trainedSteps = (trials: readonly TrialOnDisk[]) => trials.filter(t => t.block === 'train' && t.step > 0).length

test('two agents share the trials', async () => {
  const calm = await undisturbed()
  const hub = await startHub()
  await startAgent(hub, 'one')
  await startAgent(hub, 'two')
  const id = await submit(hub, FILE, SEED)
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    200_000,
  )
  const trials = trialsOnDisk(hub, id)
  expect(results(trials)).toEqual(calm)
  expect(new Set(agentsOfTrials(hub, id)).size).toBe(2)
})

test('the hub is killed -9 and restarted in the middle (G1, G8, G16)', async () => {
  const calm = await undisturbed()
  let hub: Hub = await startHub()
  await startAgent(hub, 'one')
  await startAgent(hub, 'two')
  const id = await submit(hub, FILE, SEED)
  for (let kills = 1; kills <= 2; kills++) {
    await until(
      () => trialsOnDisk(hub, id),
      trials => trainedSteps(trials) >= 2 * kills - 1,
      100_000,
      50,
    )
    await hub.process.kill('SIGKILL')
    hub = await startHub(hub)
  }
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    200_000,
  )
  const trials = trialsOnDisk(hub, id)
  expect(results(trials)).toEqual(calm)
  // The outage ended no trial process: nothing needed a second attempt.
  expect(trials.every(t => t.epoch <= 1)).toBe(true)
})

test('an agent is killed -9 and restarted in the middle (G9)', async () => {
  const calm = await undisturbed()
  const hub = await startHub()
  let agent: Agent = await startAgent(hub, 'one', { cpus: 2 })
  const id = await submit(hub, FILE, SEED)
  for (let kills = 1; kills <= 2; kills++) {
    await until(
      () => trialsOnDisk(hub, id),
      trials => trainedSteps(trials) >= 2 * kills - 1,
      100_000,
      50,
    )
    await agent.process.kill('SIGKILL')
    agent = await startAgent(hub, 'one', { cpus: 2, again: agent })
  }
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    200_000,
  )
  const trials = trialsOnDisk(hub, id)
  expect(results(trials)).toEqual(calm)
  // The same processes went on.
  expect(trials.every(t => t.epoch <= 1)).toBe(true)
})
