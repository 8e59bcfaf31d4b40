/**
 * The pages of searches, with real runs: who stood at which rung, the Pareto front, the lanes of a population; revoking an
 * agent; what a preparing agent does. What the pages say is compared with the hub's own database.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, type Page, test } from '@playwright/test'
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
import { hubWithAgent, saved, signIn, submitted, watchConsole, written } from './harness/pages.ts'
import { removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

let hub: Hub

test.beforeAll(async () => {
  hub = await hubWithAgent()
})
test.afterAll(async () => {
  await endAll()
  removeFolders()
})

interface Reported {
  readonly trial: number
  readonly step: number
  readonly value: number
  readonly values?: readonly number[]
}

/** What the trials of a block have reported, in the order in which the hub took it. */
function reportsOnDisk(experiment: string): Reported[] {
  const db = new DatabaseSync(join(hub.data, 'store.sqlite'), { readOnly: true })
  try {
    return db
      .prepare('SELECT row FROM journal WHERE experiment = ? ORDER BY seq')
      .all(experiment)
      .map(({ row }) => JSON.parse(String(row)))
      .filter(row => row.what === 'reported' && row.judged)
  } finally {
    db.close()
  }
}

/** The first cell of each row, as numbers. */
async function firstColumn(page: Page, table: string, column: number): Promise<number[]> {
  const texts = await page
    .getByRole('table', { name: table, exact: true })
    .locator(`tbody tr td:nth-child(${column})`)
    .allTextContents()
  return texts.map(Number)
}

test('rungs show live who got there in which order, who was stopped, and what the next one must reach', async ({
  page,
}) => {
  const errors = watchConsole(page)
  const id = await submitted(hub, 'rungs.yaml', 'rungs', 'running')
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}?tab=search`)
  const table = page.getByRole('table', { name: 'Rungs', exact: true })
  // Opened while it runs; the rest comes by itself.
  await expect(table.getByRole('row', { name: /^1 / })).toBeVisible()
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    60_000,
  )
  const trials = trialsOnDisk(hub, id)
  const pruned = trials.filter(trial => trial.state === 'pruned').length
  expect(pruned).toBeGreaterThan(2)
  const first = table.getByRole('row', { name: /^1 9 9 / })
  await expect(first).toBeVisible()
  await first.getByRole('button', { name: 'Trials at 1' }).click()
  const reports = reportsOnDisk(id).filter(report => report.step === 1)
  await expect(page.getByRole('table', { name: 'Trials at 1', exact: true }).locator('tbody tr')).toHaveCount(9)
  await expect.poll(() => firstColumn(page, 'Trials at 1', 2)).toEqual(reports.map(report => report.trial))
  const [worst] = [...reports].sort((a, b) => a.value - b.value)
  const row = page.getByRole('table', { name: 'Trials at 1', exact: true }).locator('tbody tr', {
    has: page.getByRole('link', { name: String(worst?.trial), exact: true }),
  })
  await expect(row).toContainText(String(worst?.value.toPrecision(4)))
  // The next of ten has to be among the best three.
  const third = reports.map(report => report.value).sort((a, b) => b - a)[2] ?? 0
  await expect(first.getByTitle(String(third), { exact: true })).toBeVisible()
  await expect(page.getByRole('img', { name: 'Metric of trials at 3 rungs' })).toBeVisible()
  // The choice is in the link.
  await page.reload()
  await expect(page.getByRole('table', { name: 'Trials at 1', exact: true })).toBeVisible()
  expect(errors).toEqual([])
})

test('of several objectives each is shown, the front is the right one, and the space it covers grows', async ({
  page,
}) => {
  const errors = watchConsole(page)
  const id = await submitted(hub, 'objectives.yaml', 'objectives', 'success')
  const values = reportsOnDisk(id).filter(report => report.step === 3)
  expect(values).toHaveLength(12)
  const beaten = ([acc = 0, size = 0]: readonly number[] = []) =>
    values.some(({ values: [a = 0, s = 0] = [] }) => a >= acc && s <= size && (a > acc || s < size))
  const front = values.filter(one => !beaten(one.values))
  expect(front.length).toBeLessThan(12)
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}?tab=search`)
  const table = page.getByRole('table', { name: 'Trials on the front' })
  await expect(table.locator('tbody tr')).toHaveCount(front.length)
  expect((await firstColumn(page, 'Trials on the front', 1)).sort()).toEqual(front.map(one => one.trial).sort())
  await expect(page.getByRole('img', { name: 'size by acc' }).locator('circle')).toHaveCount(12)
  await expect(page.getByRole('img', { name: 'Hypervolume after 12 trials' })).toBeVisible()
  for (const name of ['Contour', 'Distribution', 'Importance', 'History'])
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Rank', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Rank', exact: true })).toBeVisible()

  // In the table of trials and on a trial's own page.
  await page.goto(`${hub.url}/e/${id}`)
  await expect(page.getByRole('columnheader', { name: /^size/ }).first()).toBeVisible()
  const [one] = front
  await page.goto(`${hub.url}/t/${id}.train.${one?.trial}`)
  const facts = page.locator('main header').first()
  await expect(facts.getByTitle(String(one?.values?.[0]), { exact: true }).first()).toBeVisible()
  await expect(facts.getByTitle(String(one?.values?.[1]), { exact: true }).first()).toBeVisible()
  expect(errors).toEqual([])
})

test('a population shows who copied whom with which values, and gives its schedule as a file', async ({ page }) => {
  const id = await submitted(hub, 'copies.yaml', 'population', 'success')
  interface Row {
    readonly id: string
    readonly number: number
    readonly schedule: readonly {
      readonly step: number
      readonly donor: string | null
      readonly params: { readonly [key: string]: number }
    }[]
  }
  const trials = trialsOnDisk(hub, id) as unknown as readonly Row[]
  const copies = trials.reduce((sum, trial) => sum + Math.max(0, trial.schedule.length - 1), 0)
  expect(copies).toBeGreaterThan(0)
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}?tab=search`)
  await expect(page.getByText(new RegExp(`4 trials, ${copies} cop`))).toBeVisible()
  await page.getByRole('button', { name: 'All trials' }).click()
  const table = page.getByRole('table', { name: 'Schedules of all trials' })
  await expect(table.locator('tbody tr')).toHaveCount(4 + copies)
  await expect(table.getByText(/^#\d$/)).toHaveCount(copies)
  const file = await saved(page, () => page.getByRole('button', { name: 'Schedule as JSON' }).click())
  expect(file.name).toBe('population-train-schedule.json')
  const told = JSON.parse(file.bytes.toString('utf8'))
  expect(told).toMatchObject({ experiment: id, block: 'train', seed: 1 })
  expect(told.schedule[0].step).toBe(0)
  for (const trial of trials.filter(one => one.schedule.length > 1)) {
    const own = told.population.find((one: { trial: string }) => one.trial === trial.id)
    expect(own.schedule.map((part: { from: number; params: unknown }) => [part.from, part.params])).toEqual(
      trial.schedule.map(part => [part.step, part.params]),
    )
  }
})

test('an agent is revoked after a question that says what happens, and is then out of sight', async ({ page }) => {
  const own = await startHub()
  const agent = await startAgent(own, 'goes', { cpus: 2 })
  await startAgent(own, 'stays', { cpus: 1 })
  const id = await submitted(own, 'hold.yaml', 'held', 'running')
  await signIn(page, own)
  await page.goto(`${own.url}/agents`)
  await page.getByRole('button', { name: 'Revoke goes' }).click()
  const question = page.getByRole('dialog', { name: 'Revoke goes?' })
  await expect(question).toContainText(/comes back only with a new join token/)
  await question.getByRole('button', { name: 'Keep it' }).click()
  await expect(page.getByRole('heading', { name: 'goes', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Revoke goes' }).click()
  await question.getByRole('button', { name: 'Revoke the agent' }).click()
  await expect(page.getByRole('heading', { name: 'goes', exact: true })).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'stays', exact: true })).toBeVisible()
  await page.getByLabel('1 revoked agent too').click()
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'goes', exact: true }) })
  await expect(card.getByText('revoked', { exact: true })).toBeVisible()
  await expect(card.getByRole('button')).toHaveCount(0)
  // What it ran goes on on the other one, and the machine's command ends.
  const agents = async () =>
    (
      await call<{ items: { name: string; attempts: { trial: string }[] }[] }>(own, 'agents.list', undefined, 'query')
    ).items.find(one => one.name === 'stays')?.attempts.length ?? 0
  await until(agents, held => held === 2, 30_000)
  expect(await experimentState(own, id)).toBe('running')
  expect(await agent.process.ended).not.toBe(0)
})

test('while an agent fetches what a trial needs, the trial says what and how far', async ({ page }) => {
  let answer = () => {}
  const held = new Promise<void>(resolve => {
    answer = resolve
  })
  const server = createServer(async (_, response) => {
    response.writeHead(200, { 'content-length': '2000000' })
    response.write(Buffer.alloc(500_000))
    await held
    response.end(Buffer.alloc(1_500_000))
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/big.bin`
  try {
    const file = written('fetches.yaml', 'said.mjs', {
      'fetches.yaml': `!Experiment
name: fetches
resources: { big: ${url} }
pipeline:
  train: !Script
    script: said.mjs
    kwargs: { from: !@ big }
    metric: acc
`,
    })
    const id = await submit(hub, file, 1)
    await signIn(page, hub)
    await page.goto(`${hub.url}/t/${id}.train.1`)
    const header = page.locator('main header').first()
    await expect(header.getByText('preparing', { exact: true })).toBeVisible()
    await expect(header.getByText(`fetching ${url}`, { exact: false })).toBeVisible()
    answer()
    await expect(header.getByText('success', { exact: true })).toBeVisible()
    await expect(header.getByText('fetching', { exact: false })).toHaveCount(0)
  } finally {
    answer()
    server.close()
  }
})
