/**
 * Searches that act on real processes: a promoted trial goes on from its checkpoint, on another machine if need be, and a population
 * copies checkpoints and applies its new values after loading them. The trials are scripts in Python.
 */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from '@playwright/test'
import {
  call,
  experimentState,
  type Hub,
  startAgent,
  startHub,
  submit,
  trialsOnDisk,
  until,
} from './harness/cluster.ts'
import { experiment, removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

test.setTimeout(150_000)

test.afterEach(async () => {
  await endAll()
  removeFolders()
})

interface AttemptOnDisk {
  readonly id: string
  readonly trial: string
  readonly epoch: number
  readonly agent: string
}

function attemptsOnDisk(hub: Hub, id: string): AttemptOnDisk[] {
  const db = new DatabaseSync(join(hub.data, 'store.sqlite'), { readOnly: true })
  try {
    const rows = db.prepare('SELECT row FROM attempts WHERE experiment = ? ORDER BY trial, epoch').all(id)
    return rows.map(r => JSON.parse(String(r.row)) as AttemptOnDisk)
  } finally {
    db.close()
  }
}

/** What the attempt's process said of where it began: `begins after step S at H with R`. */
async function beginning(hub: Hub, attempt: string): Promise<{ step: number; height: number; rate: number }> {
  const input = { attempt, stream: 'stdout', bytes: 10_000 }
  const { text } = await call<{ text: string }>(hub, 'output.read', input, 'query')
  const [, step, height, rate] = /begins after step (\d+) at (\S+) with (\S+)/.exec(text) ?? []
  return { step: Number(step), height: Number(height), rate: Number(rate) }
}

const success = (hub: Hub, id: string) =>
  until(
    () => experimentState(hub, id),
    state => state !== 'running' && state !== 'pending',
    120_000,
  )

test('a trial that was paused at a rung is promoted and goes on from its checkpoint, on another agent', async () => {
  const hub = await startHub()
  const one = await startAgent(hub, 'one')
  const id = await submit(hub, experiment('promote.yaml'), 5)
  const paused = await until(
    () => trialsOnDisk(hub, id).filter(t => t.state === 'paused'),
    trials => trials.length >= 3,
    60_000,
    50,
  )
  for (const trial of paused) expect(trial.checkpoint).not.toBeNull()
  await startAgent(hub, 'two')
  // What runs on the first may end there, nothing new comes: every promotion from now on happens on the other machine.
  const { items } = await call<{ items: { id: string; name: string }[] }>(hub, 'agents.list', undefined, 'query')
  const first = items.find(a => a.name === 'one')?.id
  await call(hub, 'agents.command', { id: first, command: 'disable', command_id: 'disable-one-0001' }, 'mutation')
  expect(await success(hub, id)).toBe('success')
  await one.process.kill('SIGTERM')

  const attempts = attemptsOnDisk(hub, id)
  const moved = attempts.filter(
    a => a.epoch > 1 && a.agent !== attempts.find(b => b.trial === a.trial && b.epoch === a.epoch - 1)?.agent,
  )
  expect(moved.length).toBeGreaterThan(0)
  for (const attempt of attempts.filter(a => a.epoch > 1)) {
    const began = await beginning(hub, attempt.id)
    expect(began.step).toBeGreaterThan(0)
    expect(began.height).toBeCloseTo(began.step * began.rate, 9)
  }
  const trials = trialsOnDisk(hub, id)
  expect(trials.length).toBe(9)
  const full = trials.filter(t => t.state === 'success')
  expect(full.length).toBeGreaterThan(0)
  for (const trial of full) {
    expect(trial.step).toBe(9)
    expect(trial.metric).toBeCloseTo(9 * (trial.params['train.kwargs.rate'] as number), 9)
    const { series } = await call<{ series: { steps: number[] }[] }>(
      hub,
      'series.read',
      { trials: [trial.id], tags: ['height'], points: 100 },
      'query',
    )
    expect(series[0]?.steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  }
  // A script may have made a step or two more before the word reached it, never the whole way.
  for (const trial of trials.filter(t => t.state === 'pruned')) expect(trial.step).toBeLessThan(9)
})

test('a population copies: the weak trial goes on from the bytes of the strong one with a new value, and keeps a record', async () => {
  const hub = await startHub()
  await startAgent(hub, 'one')
  const id = await submit(hub, experiment('population.yaml'), 3)
  expect(await success(hub, id)).toBe('success')
  type Scheduled = { step: number; params: { 'train.kwargs.rate': number }; donor: string | null }
  const trials = trialsOnDisk(hub, id) as (ReturnType<typeof trialsOnDisk>[number] & { schedule: Scheduled[] })[]
  const copies = trials.flatMap(t => t.schedule.filter(s => s.donor !== null).map(s => ({ trial: t, ...s })))
  expect(copies.length).toBeGreaterThan(0)
  for (const { trial, step, params, donor } of copies) {
    const strong = trials.find(t => t.id === donor)
    expect(strong?.id).not.toBe(trial.id)
    const began = await Promise.all(
      attemptsOnDisk(hub, id)
        .filter(a => a.trial === trial.id && a.epoch > 1)
        .map(a => beginning(hub, a.id)),
    )
    const own = began.find(b => b.rate === params['train.kwargs.rate'])
    // It runs with its new value, and stands where the strong one stood: higher than its own rates could have brought it.
    expect(own?.step, JSON.stringify({ step, began, params })).toBeGreaterThan(0)
    const reach = Math.max(
      ...trial.schedule.filter(s => s.step <= step && s.donor === null).map(s => s.params['train.kwargs.rate']),
    )
    expect(own?.height).toBeGreaterThan(reach * (own?.step ?? 0))
  }
})
