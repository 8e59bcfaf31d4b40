/** What a person may do to what runs: pause, resume, cancel, try again, archive, switch an agent off, hold the page still. */
import { expect, test } from '@playwright/test'
import { call, experimentState, type Hub, startHub, trialsOnDisk, until } from './harness/cluster.ts'
import { badge, hubWithAgent, signIn, submitted, watchConsole } from './harness/pages.ts'
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

const stepOf = async (hub: Hub, trial: string) =>
  (await call<{ step: number }>(hub, 'trials.get', { id: trial }, 'query')).step

/** Gives the slots back to the next test. */
const cancel = (id: string) =>
  call(hub, 'experiments.command', { id, command: 'cancel', command_id: `cancel-${id}` }, 'mutation')

test('an experiment is paused, goes on from its checkpoints, and is cancelled; then it is archived', async ({
  page,
}) => {
  const errors = watchConsole(page)
  const id = await submitted(hub, 'hold.yaml', 'paused-whole', 'running')
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}`)
  const header = page.locator('main header').first()
  await until(
    () => stepOf(hub, `${id}.train.1`),
    step => step > 3,
    20_000,
  )
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(badge(header, 'paused')).toBeVisible()
  await until(
    () => trialsOnDisk(hub, id),
    trials => trials.every(trial => trial.state === 'paused' && trial.checkpoint !== null),
    20_000,
  )
  const at = await stepOf(hub, `${id}.train.1`)
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(badge(header, 'running')).toBeVisible()
  await until(
    () => stepOf(hub, `${id}.train.1`),
    step => step > at,
    20_000,
  )

  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByRole('button', { name: 'Keep it' }).click()
  await expect(badge(header, 'running')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByRole('button', { name: 'Cancel the experiment' }).click()
  await expect(badge(header, 'cancelled')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toHaveCount(0)

  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await expect(header.getByText('archived', { exact: true })).toBeVisible()
  await page.goto(hub.url)
  await expect(page.getByRole('link', { name: 'paused-whole' })).toHaveCount(0)
  await page.getByLabel('Archived').click()
  await expect(page.getByRole('link', { name: 'paused-whole' })).toBeVisible()
  await page.getByRole('button', { name: 'Actions for paused-whole' }).click()
  await page.getByRole('menuitem', { name: 'Take out of the archive' }).click()
  await expect(page.getByRole('link', { name: 'paused-whole' })).toHaveCount(0)
  await page.getByLabel('Archived').click()
  await expect(page.getByRole('link', { name: 'paused-whole' })).toBeVisible()
  expect(errors).toEqual([])
})

test('a trial is paused, resumed and cancelled on its own page, and a failed one is tried again', async ({ page }) => {
  const id = await submitted(hub, 'hold.yaml', 'paused-one', 'running')
  await signIn(page, hub)
  await page.goto(`${hub.url}/t/${id}.train.2`)
  const header = page.locator('main header').first()
  await expect(badge(header, 'running')).toBeVisible()
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(badge(header, 'paused')).toBeVisible()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(badge(header, 'running')).toBeVisible()
  await expect(page.getByText(/begins after step [1-9]/)).toBeVisible()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByRole('button', { name: 'Cancel the trial' }).click()
  await expect(badge(header, 'cancelled')).toBeVisible()
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(badge(header, 'running')).toBeVisible()
  expect(await experimentState(hub, id)).toBe('running')
  await cancel(id)
})

test('a failed trial says why in words, on every page, and is tried again', async ({ page }) => {
  const id = await submitted(hub, 'fails.yaml', 'fails', 'failure')
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}`)
  await expect(page.locator('main header').getByText(/this trial fails as it was asked to: on purpose/)).toBeVisible()
  await page.goto(`${hub.url}/t/${id}.train.1`)
  const why = page.getByRole('region', { name: 'Why it failed' })
  await expect(why.getByText(/this trial fails as it was asked to: on purpose/).first()).toBeVisible()
  const attempts = () => call<{ epoch: number }>(hub, 'trials.get', { id: `${id}.train.1` }, 'query')
  const { epoch } = await attempts()
  await page.getByRole('button', { name: 'Retry' }).click()
  await until(attempts, seen => seen.epoch === epoch + 1, 20_000)
  await expect(badge(page.locator('main header').first(), 'failure')).toBeVisible()
})

test('a paused page holds what comes and shows it when it goes on; an agent is switched off with a note, and on', async ({
  page,
}) => {
  const id = await submitted(hub, 'hold.yaml', 'watched', 'running')
  await signIn(page, hub)
  await page.goto(`${hub.url}/t/${id}.train.1`)
  const step = page.locator('dl div').filter({ hasText: /^Step/ }).locator('dd span').first()
  await expect(step).toHaveText(/[1-9]/)
  await page.getByRole('button', { name: 'Live' }).click()
  const held = await step.textContent()
  await expect(page.getByRole('button', { name: /Paused · \d/ })).toBeVisible()
  await until(
    () => stepOf(hub, `${id}.train.1`),
    seen => seen > Number(held) + 5,
    20_000,
  )
  expect(await step.textContent()).toBe(held)
  await page.getByRole('button', { name: /Paused/ }).click()
  await expect.poll(async () => Number(await step.textContent())).toBeGreaterThan(Number(held) + 5)

  await page.goto(`${hub.url}/agents`)
  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByLabel('Note').fill('<b>needs a new fan</b>')
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByText('<b>needs a new fan</b>')).toBeVisible()
  await expect(page.getByText('disabled', { exact: true })).toBeVisible()
  const agents = async () =>
    (await call<{ items: { enabled: boolean }[] }>(hub, 'agents.list', undefined, 'query')).items
  expect((await agents()).map(agent => agent.enabled)).toEqual([false])
  await page.getByRole('button', { name: 'Enable' }).click()
  await expect(page.getByText('disabled', { exact: true })).toHaveCount(0)
  expect((await agents()).map(agent => agent.enabled)).toEqual([true])
})

test('a problem of the file leads to its line in the editor', async ({ page }) => {
  await signIn(page, hub)
  await page.goto(`${hub.url}/submit`)
  const text = `!Experiment\nname: wrong\n${'# a long comment\n'.repeat(80)}pipeline:\n  one: !Nothing {}\n`
  const editor = page.getByRole('textbox', { name: 'Experiment as YAML' })
  await editor.click()
  await page.keyboard.insertText(text)
  const line = text.split('\n').findIndex(one => one.includes('!Nothing')) + 1
  await page.getByRole('button', { name: new RegExp(`${line}:\\d+`) }).click()
  await expect(editor).toBeFocused()
  await expect(page.locator('.cm-activeLineGutter').filter({ hasText: String(line) })).toBeInViewport()
})

test('a page whose hub is gone says so, and goes on by itself once the hub is back', async ({ page }) => {
  const id = await submitted(hub, 'hold.yaml', 'outlives', 'running')
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}`)
  await expect(page.getByRole('button', { name: 'Live' })).toBeVisible()
  const heading = page.getByRole('heading', { name: 'outlives' })
  await expect(page.locator('main .skeleton').filter({ visible: true })).toHaveCount(0)
  const place = await heading.boundingBox()
  const banner = page.getByRole('status').filter({ hasText: 'The hub does not answer. What stands here is from' })
  await hub.process.kill('SIGKILL')
  await expect(banner).toBeVisible()
  expect(await heading.boundingBox()).toEqual(place)
  hub = await startHub(hub)
  await expect(page.getByRole('button', { name: 'Live' })).toBeVisible()
  await expect(banner).toHaveCount(0)
  // What could not be read meanwhile is read again by itself.
  await expect(page.getByText('The hub does not answer', { exact: false })).toHaveCount(0)
  await cancel(id)
  await expect(badge(page.locator('main header').first(), 'cancelled')).toBeVisible()
})
